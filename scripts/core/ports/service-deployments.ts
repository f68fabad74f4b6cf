import type {
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentStatus,
  ServiceRevision,
} from "@aws-sdk/client-ecs";

/** Which of a service's deployments are asked for. */
interface ServiceDeploymentQuery {
  /** Only these; any where it is absent. */
  readonly status?: readonly ServiceDeploymentStatus[];
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  /** How many at most; every one that ECS remembers where it is absent. */
  readonly limit?: number;
}

/**
 * What the deploy script asks of ECS's own record of a service's deployments. ECS keeps none for services under
 * CODE_DEPLOY and EXTERNAL controllers. Every method throws AwsCallError.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
 */
export interface ServiceDeploymentsPort {
  /** A service's deployments, newest first, all pages up to the limit. */
  list(
    cluster: string,
    service: string,
    query?: ServiceDeploymentQuery,
  ): Promise<readonly ServiceDeploymentBrief[]>;
  /** Service deployments by ARN, in the order of the ARNs; any number, those that do not exist are left out. */
  describe(arns: readonly string[]): Promise<readonly ServiceDeployment[]>;
  /**
   * Rolls a deployment back that has not ended: traffic first, then its tasks. Once it goes back already, asking again
   * changes nothing.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopServiceDeployment.html
   */
  stop(arn: string): Promise<void>;
  /**
   * Lets a deployment go on that waits at a pause. Answering a pause again that was answered is refused.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContinueServiceDeployment.html
   */
  continue(arn: string, hookId: string): Promise<void>;
  /** Service revisions by ARN, in the order of the ARNs; any number, those that do not exist are left out. */
  revisions(arns: readonly string[]): Promise<readonly ServiceRevision[]>;
}
