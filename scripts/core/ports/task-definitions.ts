import type { RegisteredRevision } from "../deployment/task-definition.ts";

/** What the deploy script asks of ECS about the revisions of a family. Every method throws AwsCallError. */
export interface TaskDefinitionsPort {
  /** ARNs of a family's active revisions, newest first, all pages up to `limit`. */
  active(family: string, limit?: number): Promise<readonly string[]>;
  /** Revisions with their tags by ARN, in the order of the ARNs; those that do not exist are left out. */
  describe(arns: readonly string[]): Promise<readonly RegisteredRevision[]>;
  /**
   * Makes a revision unusable for new tasks and services. What runs of it runs on.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
   */
  deregister(arn: string): Promise<void>;
}
