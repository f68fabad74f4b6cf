import type { ContainerInstance, ServiceDeployment, Task } from "@aws-sdk/client-ecs";

/** What the deploy script asks of ECS to find out what became of a deployment. Every method throws AwsCallError. */
export interface EcsTasksPort {
  /**
   * Tasks that a deployment started: those that run or start, and those that stopped within the hour for which ECS
   * remembers them. Lists are paged, descriptions asked for a hundred at a time; at most `limit` of either kind.
   */
  tasksOf(cluster: string, deploymentId: string, limit: number): Promise<readonly Task[]>;
  /** Container instances of a cluster, at most `limit`. */
  hosts(cluster: string, limit: number): Promise<readonly ContainerInstance[]>;
  /**
   * ECS's own record of a deployment, by the id that `deployments[]` of the service has for it; undefined where ECS
   * keeps none (CODE_DEPLOY and EXTERNAL), or it is not among the service's twenty newest.
   */
  serviceDeployment(
    cluster: string,
    service: string,
    deploymentId: string,
  ): Promise<ServiceDeployment | undefined>;
}
