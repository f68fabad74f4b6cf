/**
 * How long things take in CodeDeploy, in milliseconds. BEHAVIOUR.md names the source of each.
 */
const second = 1000;
const minute = 60 * second;

/** From CreateDeployment to its start. */
export const startsAfter = 5 * second;
/** An event in which nothing is to do. */
export const eventTakes = second;
/** How often it looks whether the replacement task set is steady. */
export const installPoll = 5 * second;
/** When it gives up on a replacement task set that does not get steady. */
export const installTimeout = 60 * minute;
/** How long a function may take to call back. */
export const hookTimeout = 60 * minute;
/** From the start of a rollback to its end. */
export const rollbackTakes = 10 * second;
/** The longest wait for approval, and for the end of the original task set, in minutes. */
export const longestReadyWaitMinutes = 120 * 60;
export const longestTerminationWaitMinutes = 48 * 60;

/** Minutes in milliseconds. */
export function minutes(count: number): number {
  return count * minute;
}
