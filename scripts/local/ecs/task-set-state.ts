import type { ServiceRevision } from "./state.ts";

/**
 * One group of tasks of a service whose deployments are made by CodeDeploy or by somebody else.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html
 */
export interface TaskSetRecord {
  id: string;
  arn: string;
  status: "PRIMARY" | "ACTIVE" | "DRAINING";
  /** For one of CodeDeploy's, the id of the deployment that made it. */
  externalId: string | null;
  startedBy: string | null;
  clientToken: string | null;
  revision: ServiceRevision;
  /** How much of the service's desired count it is to run. */
  scalePercent: number;
  /** The desired count as the scheduler saw it last. */
  computedDesiredCount: number;
  stability: "STEADY_STATE" | "STABILIZING";
  stabilityAt: number;
  /** Tasks in a row that never reached RUNNING, for the start-failure backoff. */
  startFailures: number;
  startsHeldUntil: number;
  createdAt: number;
  updatedAt: number;
}
