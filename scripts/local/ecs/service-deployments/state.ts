import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";

import type { Course } from "../strategies/course.ts";
import type { ServiceRevision } from "../state.ts";

/**
 * What a service was made of when a deployment of it began. It never changes.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-revision.html
 */
export interface ServiceRevisionRecord {
  arn: string;
  serviceArn: string;
  /** Whose tasks run it: `ecs-svc/N`, N being the last part of the ARN. */
  deploymentId: string;
  revision: ServiceRevision;
  images: { containerName: string; image: string }[];
  /** The target groups that its tasks are in, once that is settled. */
  targetGroups: { targetGroupArn: string; productionListenerRule: string }[];
  createdAt: number;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
export type ServiceDeploymentStatus =
  | "PENDING"
  | "IN_PROGRESS"
  | "STOP_REQUESTED"
  | "STOPPED"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED"
  | "SUCCESSFUL";

/** How many tasks of a revision there are. */
export interface TaskCounts {
  requested: number;
  running: number;
  pending: number;
}

/** The history of one attempt to deploy a revision, whatever the strategy. */
export interface ServiceDeploymentRecord {
  arn: string;
  serviceArn: string;
  /** ARN of the revision that is being deployed. */
  target: string;
  /** ARNs of the revisions that had tasks when it began. */
  sources: string[];
  status: ServiceDeploymentStatus;
  statusReason: string | null;
  /** The service's deployment configuration as it began. */
  configuration: DeploymentConfiguration;
  failureCount: number;
  failureThreshold: number;
  /** What made it fail, where that was one of the two monitors. */
  triggeredBy: "breaker" | "alarms" | null;
  triggeredAlarms: string[];
  rollback: { reason: string; startedAt: number; serviceRevision: string } | null;
  /** Where it is on its way through the lifecycle stages; null for a rolling deployment. */
  course: Course | null;
  /** By revision ARN: the tasks there were as it ended. */
  finalCounts: Record<string, TaskCounts> | null;
  createdAt: number;
  startedAt: number | null;
  updatedAt: number;
  finishedAt: number | null;
  stoppedAt: number | null;
}
