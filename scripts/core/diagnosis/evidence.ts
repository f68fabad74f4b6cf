import type {
  ContainerInstance,
  Service,
  ServiceDeployment,
  Task,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { TargetGroup, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { LogLine } from "../ports.ts";

/** A deployment that did not come about: it failed, was rolled back, or ran out of time. */
export interface FailedRollout {
  readonly service: string;
  readonly cluster: string;
  /** As in `deployments[].id` of the service: `ecs-svc/…`. */
  readonly deploymentId: string;
  readonly taskDefinitionArn?: string;
  /** When the deployment began. */
  readonly since: Date;
  /** What ECS says of the failure: `rolloutStateReason` or `statusReason`. */
  readonly reason?: string;
}

/** All that could be found out about a rollout that failed; in AWS's own shapes. */
export interface Evidence extends FailedRollout {
  readonly described?: Service;
  readonly revision?: TaskDefinition;
  readonly serviceDeployment?: ServiceDeployment;
  /** Tasks of this deployment, running and stopped. */
  readonly tasks: readonly Task[];
  readonly targetGroups: readonly TargetGroup[];
  /** By target group. */
  readonly targetHealth: ReadonlyMap<string, readonly TargetHealthDescription[]>;
  /** The cluster's container instances; absent where they were not asked for. */
  readonly hosts?: readonly ContainerInstance[];
  /** Last lines, by `logKey`. */
  readonly logs: ReadonlyMap<string, readonly LogLine[]>;
  readonly unreadable: readonly Unreadable[];
}

/** Something that was asked for and not answered. */
export interface Unreadable {
  /** As in `The log of container app`. */
  readonly what: string;
  /** AWS's words. */
  readonly why: string;
}

/** What the log of a task's container is found by in `Evidence.logs`. */
export function logKey(taskArn: string, container: string): string {
  return `${taskArn}/${container}`;
}
