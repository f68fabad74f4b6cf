import type { Tag } from "@aws-sdk/client-ecs";

/** What the deploy script asks of ECS about tags. */
export interface TagsPort {
  /**
   * Sets tags of a service or a task definition; others stay as they are.
   *
   * @throws AwsCallError
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html
   */
  tag(resourceArn: string, tags: readonly Tag[]): Promise<void>;
}
