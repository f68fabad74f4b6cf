/**
 * The moments at which a rolling deployment comes to its end: completed, failed, rolled back.
 */
import type { Transaction } from "../world/transaction.ts";
import { say } from "./events.ts";
import type { DeploymentRecord, ServiceRecord } from "./state.ts";

/** What made a deployment fail, in the words that AWS has for each. */
export interface Failure {
  /** How `rolloutStateReason` begins, before and after a rollback. */
  readonly detector: string;
  readonly reason: string;
  /** Whether to go back to the deployment that completed last. */
  readonly rollback: boolean;
}

/** The primary deployment has all its tasks healthy, and no other has any. */
export function completeDeployment(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
): void {
  primary.rolloutState = "COMPLETED";
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = transaction.now;
  service.lastCompleted = { ...primary };
  service.steady = false;
  say(transaction, service, `(deployment ${primary.id}) deployment completed.`);
}

/** Fails the primary deployment; with rollback, where there is one to go back to, that one becomes primary. */
export function failDeployment(
  transaction: Transaction,
  service: ServiceRecord,
  primary: DeploymentRecord,
  { detector, reason, rollback }: Failure,
): void {
  primary.rolloutState = "FAILED";
  primary.rolloutStateReason = `${detector}: ${reason}`;
  primary.updatedAt = transaction.now;
  say(transaction, service, `(deployment ${primary.id}) deployment failed: ${reason}`);
  const previous = service.lastCompleted;
  if (rollback && previous && previous.id !== primary.id) {
    rollBack(transaction, service, primary, previous, detector);
  }
}

/** Makes the deployment that completed last the primary one again, under its own id. */
export function rollBack(
  transaction: Transaction,
  service: ServiceRecord,
  failed: DeploymentRecord,
  previous: DeploymentRecord,
  detector: string,
): void {
  failed.status = "ACTIVE";
  const { keeps: _keeps, inPlaceSince: _since, placementFailedAt: _failedAt, ...kept } = previous;
  const restored: DeploymentRecord = {
    ...kept,
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `${detector}: rolling back to deploymentId ${previous.id}.`,
    failedTasks: 0,
    alarmsWatched: false,
    updatedAt: transaction.now,
  };
  service.deployments = [restored, ...service.deployments.filter(({ id }) => id !== previous.id)];
  service.startFailures = 0;
  service.startsHeldUntil = 0;
  say(transaction, service, `rolling back to deployment ${previous.id}.`);
}

/** Whether a deployment is one that a rollback brought back. */
export function isRollback({ rolloutState, rolloutStateReason }: DeploymentRecord): boolean {
  return rolloutState === "IN_PROGRESS" && rolloutStateReason.includes("rolling back");
}
