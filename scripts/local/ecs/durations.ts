/**
 * How long things take on AWS, in milliseconds. BEHAVIOUR.md names the source of each.
 */
const second = 1000;

/** How often the service scheduler looks at a service that is not settled. */
export const schedulerTick = 10 * second;
/** From a request to the scheduler's first look. */
export const schedulerReaction = 5 * second;
/** Attaching a network interface, and detaching it. */
export const attachInterface = { EC2: 5 * second, FARGATE: 8 * second, EXTERNAL: 0 };
export const detachInterface = 10 * second;
/** Pulling an image and creating the containers. */
export const pullImage = 35 * second;
/** The agent's retries until it gives up on an image that is not there. */
export const giveUpPulling = 135 * second;
/** The extra step of a task that is to be registered with a load balancer. */
export const activate = 5 * second;
/** From the end of a container to the end of its task. */
export const settleExit = 5 * second;
/** A task without health check counts as healthy this long after RUNNING, and none behind a load balancer earlier. */
export const presumedHealthyAfter = 40 * second;
/** From the end of a task that failed until the circuit breaker counts it. */
export const failureCountedAfter = 40 * second;
/** How long everything must have been in place before a deployment is called complete. */
export const completeAfter = 40 * second;
/** How often an attempt to place a task that fits nowhere counts as a failed task. */
export const placementRetriedAfter = 40 * second;
/** How long a stopped task can be described. */
export const stoppedTasksStay = 3600 * second;
/** How long a failed deployment is still listed after it was given up. */
export const failedDeploymentsStay = 105 * second;
/** A rollback is not complete before this, even when every old task still runs. */
export const rollbackTakes = 60 * second;
/** How long a message that still holds is not repeated. */
export const messageHeldFor = 6 * 3600 * second;
/** From a registration to the first health check of a target. */
export const firstHealthCheck = 10 * second;

/** How often managed scaling looks at its metric. */
export const scalingPeriod = 60 * second;
/** How long there must be too many hosts before managed scaling removes some. */
export const scaleInAfter = 15 * 60 * second;
/** From the launch of an instance that managed scaling asked for to its registration. */
export const hostRegistersAfter = 90 * second;
/** How often an instance refresh looks at what it replaces. */
export const refreshLooksEvery = 5 * second;
/** For how long it waits for instances that are protected from scaling in. */
export const refreshWaitsForProtected = 3600 * second;

/** How long starts are held after so many tasks in a row never reached RUNNING. */
export function startBackoff(failures: number): number {
  return failures < 2 ? 0 : Math.min(15 * 60 * second, 4 * 60 * second * 2 ** (failures - 2));
}
