import type { CapacityProvider, Cluster, Task } from "@aws-sdk/client-ecs";

/** What the deploy script asks of ECS about where tasks may run. Every method throws AwsCallError. */
export interface EcsCapacityPort {
  /** A cluster by name or ARN; undefined where ECS has never seen it. */
  cluster(name: string): Promise<Cluster | undefined>;
  /** Capacity providers by name; those that do not exist are left out. Any number. */
  capacityProviders(names: readonly string[]): Promise<readonly CapacityProvider[]>;
  /**
   * ARNs of the container instances that meet an expression of the cluster query language, all pages.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
   */
  hostsMatching(cluster: string, expression: string): Promise<readonly string[]>;
  /** Every task of a cluster's hosts that is to run, all pages, described a hundred at a time. */
  tasksOnHosts(cluster: string): Promise<readonly Task[]>;
}
