/**
 * The course of a deployment: one stage after the other, each when it is due.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html#deployment-steps-what-happens
 */
import { ringing } from "../alarms/state.ts";
import { drainTaskSet } from "../ecs/task-sets.ts";
import type { Transaction } from "../world/transaction.ts";
import { groupOf } from "./create.ts";
import { eventTakes, installPoll, installTimeout, minutes, rollbackTakes } from "./durations.ts";
import { callHook, giveUpOnHook } from "./hooks.ts";
import { findOriginal, installReplacement, lostOriginal, offListener } from "./install.ts";
import { lifecycleEvents, type LifecycleEventName } from "./lifecycle-events.ts";
import { fail, rollsBackOn, stop, succeed } from "./outcome.ts";
import { revert } from "./revert.ts";
import { makeShifts, moveTest, prepareShift } from "./shift.ts";
import type { DeploymentRecord, Stage } from "./state.ts";

/** Takes a deployment on that is due. */
export function advance(transaction: Transaction, deployment: DeploymentRecord): void {
  if (stopOnAlarm(transaction, deployment)) return;
  const lost = lostOriginal(transaction, deployment);
  if (lost) {
    fail(transaction, deployment, lost);
    return;
  }
  switch (deployment.stage) {
    case "created":
      begin(transaction, deployment);
      break;
    case "Install":
      awaitReplacement(transaction, deployment);
      break;
    case "AllowTraffic":
      shift(transaction, deployment);
      break;
    case "ready-wait":
      giveUpWaiting(transaction, deployment);
      break;
    case "termination-wait":
      endOriginal(transaction, deployment);
      break;
    case "reverting":
      endRollback(transaction, deployment);
      break;
    case "BeforeInstall":
    case "AfterInstall":
    case "AllowTestTraffic":
    case "AfterAllowTestTraffic":
    case "BeforeAllowTraffic":
    case "AfterAllowTraffic":
      if (deployment.deadline === null) finishEvent(transaction, deployment);
      else giveUpOnHook(transaction, deployment);
      break;
    case "fetching":
    case "over":
      deployment.nextStepAt = null;
      break;
  }
}

/** Stops a deployment one of whose alarms is in ALARM. @returns whether it did */
export function stopOnAlarm(transaction: Transaction, deployment: DeploymentRecord): boolean {
  const { alarms, creator } = deployment;
  if (alarms?.enabled !== true || creator === "codeDeployRollback") return false;
  const names = (alarms.alarms ?? []).map(({ name }) => name ?? "");
  const active = ringing(transaction.state, names);
  if (active.length === 0) return false;
  const listed = active.map((name) => `<${name}>`).join(" ");
  const message = `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: ${listed}`;
  const rollsBack = rollsBackOn(deployment, "DEPLOYMENT_STOP_ON_ALARM");
  stop(transaction, deployment, { code: "ALARM_ACTIVE", message }, rollsBack);
  return true;
}

function begin(transaction: Transaction, deployment: DeploymentRecord): void {
  deployment.status = "InProgress";
  deployment.startedAt = transaction.now;
  if (deployment.creator === "codeDeployRollback") {
    revert(transaction, deployment);
    const lost = lostOriginal(transaction, deployment);
    if (lost) {
      fail(transaction, deployment, lost);
      return;
    }
    deployment.stage = "reverting";
    deployment.nextStepAt = transaction.now + rollbackTakes;
    return;
  }
  const failure = groupOf(transaction, deployment)
    ? findOriginal(transaction, deployment)
    : ({ code: "DEPLOYMENT_GROUP_MISSING", message: "The deployment group was deleted." } as const);
  if (failure) {
    fail(transaction, deployment, failure);
    return;
  }
  prepareShift(transaction, deployment);
  enterEvent(transaction, deployment, "BeforeInstall");
}

/** Starts an event: with a function to judge it, with the event's own work, or with nothing to do. */
function enterEvent(transaction: Transaction, deployment: DeploymentRecord, name: LifecycleEventName): void {
  const { now, effects } = transaction;
  deployment.stage = name;
  deployment.deadline = null;
  // A gradual shift is timed from the beginning of its event, so the first step is taken at once.
  deployment.nextStepAt = name === "AllowTraffic" ? now : now + eventTakes;
  const event = deployment.events.find((candidate) => candidate.name === name);
  if (event) {
    event.status = "InProgress";
    event.startedAt = now;
  }
  effects.push({ type: "log", message: `codedeploy ${deployment.id} ${name}` });
  const functionName = deployment.appSpec?.hooks[name];
  if (functionName !== undefined) callHook(transaction, deployment, name, functionName);
  else if (name === "Install") install(transaction, deployment);
  else if (name === "AllowTestTraffic") moveTest(transaction, deployment);
}

/** Ends the event of the present stage and goes on to what comes next. */
export function finishEvent(transaction: Transaction, deployment: DeploymentRecord): void {
  const { stage } = deployment;
  const index = lifecycleEvents.findIndex((name) => name === stage);
  const event = deployment.events[index];
  if (!event) return;
  event.status = "Succeeded";
  event.endedAt = transaction.now;
  const next = lifecycleEvents[index + 1];
  if (next === undefined) awaitTermination(transaction, deployment);
  else if (next === "BeforeAllowTraffic" && asksForApproval(deployment))
    awaitApproval(transaction, deployment);
  else enterEvent(transaction, deployment, next);
}

function install(transaction: Transaction, deployment: DeploymentRecord): void {
  const { appSpec } = deployment;
  const failure = appSpec && installReplacement(transaction, deployment, appSpec);
  if (failure) {
    fail(transaction, deployment, failure);
    return;
  }
  deployment.deadline = transaction.now + installTimeout;
  deployment.nextStepAt = transaction.now + installPoll;
}

function awaitReplacement(transaction: Transaction, deployment: DeploymentRecord): void {
  const { now, state } = transaction;
  const taskSet = state.ecs.services[deployment.serviceArn]?.taskSets.find(
    ({ id }) => id === deployment.green?.taskSetId,
  );
  if (!taskSet || taskSet.status === "DRAINING") {
    const message = "The replacement task set of the ECS service is gone.";
    fail(transaction, deployment, { code: "ECS_UPDATE_ERROR", message });
  } else if (taskSet.stability === "STEADY_STATE") finishEvent(transaction, deployment);
  else if (now >= (deployment.deadline ?? Infinity)) {
    fail(transaction, deployment, {
      code: "TIMEOUT",
      message:
        "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.",
    });
  } else deployment.nextStepAt = now + installPoll;
}

function shift(transaction: Transaction, deployment: DeploymentRecord): void {
  const pair = [deployment.blue, deployment.green].flatMap((side) => side?.targetGroupArn ?? []);
  const failure = offListener(transaction.state, deployment, pair);
  if (failure) {
    fail(transaction, deployment, failure);
    return;
  }
  const next = makeShifts(transaction, deployment);
  if (next === null) finishEvent(transaction, deployment);
  else deployment.nextStepAt = next;
}

function asksForApproval({ blueGreen }: DeploymentRecord): boolean {
  return blueGreen.deploymentReadyOption?.actionOnTimeout === "STOP_DEPLOYMENT";
}

function wait(deployment: DeploymentRecord, stage: Stage, until: number): void {
  deployment.stage = stage;
  deployment.deadline = until;
  deployment.nextStepAt = until;
}

function awaitApproval({ now, effects }: Transaction, deployment: DeploymentRecord): void {
  const { waitTimeInMinutes = 0 } = deployment.blueGreen.deploymentReadyOption ?? {};
  deployment.status = "Ready";
  effects.push({ type: "log", message: `codedeploy ${deployment.id} Ready` });
  wait(deployment, "ready-wait", now + minutes(waitTimeInMinutes));
}

function giveUpWaiting(transaction: Transaction, deployment: DeploymentRecord): void {
  const { waitTimeInMinutes = 0 } = deployment.blueGreen.deploymentReadyOption ?? {};
  const message = `The deployment timed out while waiting for a notification to continue. This time out period is ${waitTimeInMinutes} minutes.`;
  stop(transaction, deployment, { code: "TIMEOUT", message }, rollsBackOn(deployment, "DEPLOYMENT_FAILURE"));
}

/** Goes on from the wait for approval, to the shift of production traffic. */
export function approve(transaction: Transaction, deployment: DeploymentRecord): void {
  deployment.status = "InProgress";
  enterEvent(transaction, deployment, "BeforeAllowTraffic");
}

function awaitTermination(transaction: Transaction, deployment: DeploymentRecord): void {
  const { action, terminationWaitTimeInMinutes = 0 } =
    deployment.blueGreen.terminateBlueInstancesOnDeploymentSuccess ?? {};
  if (action === "KEEP_ALIVE") {
    succeed(transaction, deployment);
    return;
  }
  deployment.terminationWaitStarted = true;
  wait(deployment, "termination-wait", transaction.now + minutes(terminationWaitTimeInMinutes));
}

/** Deletes the original task set, by which the deployment has succeeded. */
export function endOriginal(transaction: Transaction, deployment: DeploymentRecord): void {
  const service = transaction.state.ecs.services[deployment.serviceArn];
  const original = service?.taskSets.find(({ id }) => id === deployment.blue?.taskSetId);
  if (service && original) drainTaskSet(transaction, service, original);
  succeed(transaction, deployment);
}

/** All events of a rollback are done at once: it runs no hooks. */
function endRollback(transaction: Transaction, deployment: DeploymentRecord): void {
  for (const event of deployment.events) {
    event.status = "Succeeded";
    event.startedAt = deployment.startedAt;
    event.endedAt = transaction.now;
  }
  succeed(transaction, deployment);
}
