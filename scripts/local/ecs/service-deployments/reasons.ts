/**
 * Why a service deployment was rolled back, in AWS's words where they are known; BEHAVIOUR.md says of which they are.
 */
export const reasons = {
  breaker: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
  alarms: "Service deployment rolled back because a deployment alarm was triggered.",
  requested: "Service deployment rolled back because a rollback was requested.",
  noCandidate: "No rollback candidate was found to run the rollback.",
  tooLong: "Service deployment rolled back because it did not complete within 30 days.",
} as const;

/** A stage took longer than any may. */
export function stageTimedOut(stage: string): string {
  return `Service deployment rolled back because the ${stage} lifecycle stage timed out.`;
}

/** Somebody answered a pause with ROLLBACK. */
export function pauseRolledBack(stage: string): string {
  return `Service deployment rolled back because of a rollback action on the ${stage} pause hook.`;
}
