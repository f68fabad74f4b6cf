import type { Service } from "@aws-sdk/client-ecs";

/** What the deploy script asks of ECS about a cluster's services as a whole. Every method throws AwsCallError. */
export interface EcsServicesPort {
  /** Names of a cluster's services, sorted, all pages; those that are being deleted are left out. */
  list(cluster: string): Promise<readonly string[]>;
  /**
   * Deletes a service, whatever its desired count; undefined when it is gone already.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
   */
  delete(cluster: string, service: string): Promise<Service | undefined>;
}
