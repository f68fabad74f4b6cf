/**
 * Lifecycle hooks: the Lambda functions and pauses of a stage, side by side.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
 */
import type { DeploymentLifecycleHook } from "@aws-sdk/client-ecs";

import type { Invocation } from "../../hooks/invoker.ts";
import { urlSafeId, uuid } from "../../world/identifiers.ts";
import type { Transaction } from "../../world/transaction.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import type { Course, HookRun } from "./course.ts";
import { hookCalledAgainAfter, hookTimeoutMinutes, minute } from "./durations.ts";

const idLength = 43;

/** Starts every hook of the stage that a deployment has just entered. */
export function startHooks(
  transaction: Transaction,
  deployment: ServiceDeploymentRecord,
  course: Course,
): void {
  const hooks = deployment.configuration.lifecycleHooks ?? [];
  course.hooks = hooks.flatMap((hook, index) =>
    hook.lifecycleStages?.some((stage) => stage === course.stage)
      ? [startHook(transaction, deployment, course, hook, index)]
      : [],
  );
}

function startHook(
  transaction: Transaction,
  deployment: ServiceDeploymentRecord,
  course: Course,
  hook: DeploymentLifecycleHook,
  index: number,
): HookRun {
  const { state, now } = transaction;
  const pause = hook.targetType === "PAUSE";
  const { timeoutInMinutes = hookTimeoutMinutes, action = "ROLLBACK" } = hook.timeoutConfiguration ?? {};
  const run: HookRun = {
    id: `ecs-${pause ? "pause" : "lambda"}-${urlSafeId(state, idLength)}`,
    stage: course.stage,
    targetType: pause ? "PAUSE" : "AWS_LAMBDA",
    targetArn: pause ? null : (hook.hookTargetArn ?? null),
    status: pause ? "AWAITING_ACTION" : "IN_PROGRESS",
    failure: null,
    index,
    executionId: uuid(state),
    expiresAt: now + timeoutInMinutes * minute,
    timeoutAction: action,
    callAgainAt: null,
  };
  if (hook.hookDetails !== undefined) course.hookDetails[index] ??= hook.hookDetails;
  if (!pause) call(transaction, deployment, course, run);
  return run;
}

/** The answer comes by `takeHookAnswer`, from whoever carries the effect out. */
function call(
  { effects }: Transaction,
  deployment: ServiceDeploymentRecord,
  course: Course,
  { id, targetArn, executionId, index }: HookRun,
): void {
  const hookDetails = course.hookDetails[index];
  const event = {
    executionId,
    lifecycleStage: course.stage,
    resourceArn: deployment.arn,
    executionDetails: {
      serviceArn: deployment.serviceArn,
      targetServiceRevisionArn: deployment.target,
      testTrafficWeights:
        course.stage === "TEST_TRAFFIC_SHIFT" ? weights(deployment, course, course.testPercent) : {},
      productionTrafficWeights:
        /PRODUCTION_TRAFFIC_SHIFT$/.test(course.stage) && course.stage !== "POST_PRODUCTION_TRAFFIC_SHIFT"
          ? weights(deployment, course, course.productionPercent)
          : {},
    },
    ...(hookDetails !== undefined && { hookDetails }),
  };
  effects.push({
    type: "deployment-hook",
    serviceDeploymentArn: deployment.arn,
    hookId: id,
    functionArn: targetArn ?? "",
    event: JSON.stringify(event),
  });
}

/** Nothing for a service whose traffic ECS does not move. */
function weights(
  { target }: ServiceDeploymentRecord,
  { routes, blueRevision }: Course,
  percent: number,
): Record<string, number> {
  if (routes.length === 0) return {};
  return { [target]: percent, ...(blueRevision !== null && { [blueRevision]: 100 - percent }) };
}

/** What a deployment says when a hook of a stage failed. */
function hookFailure(stage: string, why: string): string {
  return `Service deployment rolled back because ${stage} lifecycle hook(s) failed. ${why}`;
}

/** Takes what came of a hook's invocation. An answer that nobody waits for any more is dropped. */
export function takeHookAnswer(
  { state, now }: Transaction,
  { serviceDeploymentArn, hookId }: { readonly serviceDeploymentArn: string; readonly hookId: string },
  invocation: Invocation,
): void {
  const deployment = state.ecs.serviceDeployments[serviceDeploymentArn];
  const course = deployment?.course;
  const run = course?.hooks.find(({ id }) => id === hookId);
  if (!deployment || !course || run?.status !== "IN_PROGRESS") return;
  const arn = run.targetArn ?? "";
  const fail = (why: string) => {
    run.status = "FAILED";
    run.failure = hookFailure(run.stage, why);
  };
  if (!invocation.ok) fail(`ECS was unable to invoke hook target ${arn} due to ${invocation.error}`);
  else {
    const { hookStatus, delaySeconds, hookDetails } = readAnswer(invocation.payload);
    if (hookStatus === "SUCCEEDED") run.status = "SUCCEEDED";
    else if (hookStatus === "FAILED") fail(`Lifecycle hook target ${arn} returned FAILED status.`);
    else if (hookStatus === "IN_PROGRESS") {
      run.callAgainAt = now + (delaySeconds === undefined ? hookCalledAgainAfter : delaySeconds * 1000);
      if (hookDetails) {
        const before = course.hookDetails[run.index];
        course.hookDetails[run.index] = { ...(typeof before === "object" ? before : {}), ...hookDetails };
      }
    } else {
      const why = hookStatus === undefined ? "HookStatus must not be null." : "HookStatus is not valid.";
      fail(`ECS was unable to parse the response from ${arn} due to: ${why}`);
    }
  }
  const service = state.ecs.services[deployment.serviceArn];
  if (service?.status !== "ACTIVE") return;
  service.nextLookAt = Math.min(service.nextLookAt ?? Infinity, run.callAgainAt ?? now);
}

interface Answer {
  readonly hookStatus: unknown;
  readonly delaySeconds: number | undefined;
  readonly hookDetails: Readonly<Record<string, unknown>> | undefined;
}

/** AWS's guide calls the delay both `callBackDelay` and `callBackDelaySeconds`. */
function readAnswer(payload: unknown): Answer {
  const answer = isRecord(payload) ? payload : {};
  const delay = answer["callBackDelay"] ?? answer["callBackDelaySeconds"];
  return {
    hookStatus: answer["hookStatus"] ?? undefined,
    delaySeconds: typeof delay === "number" && delay >= 0 ? delay : undefined,
    hookDetails: isRecord(answer["hookDetails"]) ? answer["hookDetails"] : undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Calls hooks again that asked for it, and ends those whose time is over. */
export function tendHooks(
  transaction: Transaction,
  deployment: ServiceDeploymentRecord,
  course: Course,
): void {
  const { now } = transaction;
  for (const run of course.hooks) {
    if (!isOpen(run)) continue;
    if (now >= run.expiresAt) timeOut(run);
    else if (run.callAgainAt !== null && now >= run.callAgainAt) {
      run.callAgainAt = null;
      call(transaction, deployment, course, run);
    }
  }
}

function timeOut(run: HookRun): void {
  run.status = "TIMED_OUT";
  run.callAgainAt = null;
  if (run.timeoutAction === "CONTINUE") return;
  run.failure =
    run.targetType === "PAUSE"
      ? `Service deployment rolled back because ${run.stage} pause hook timed out.`
      : hookFailure(run.stage, `Lifecycle hook target ${run.targetArn ?? ""} timed out.`);
}

/** Whether a hook still holds its stage up. */
export function isOpen({ status }: HookRun): boolean {
  return status === "AWAITING_ACTION" || status === "IN_PROGRESS";
}

/** Forgets the hooks that nobody waits for any more. */
export function dropOpenHooks(course: Course): void {
  course.hooks = course.hooks.filter((run) => !isOpen(run));
}

/** When something of the hooks is due next. */
export function nextHookAt({ hooks }: Course): number {
  const times = hooks.filter(isOpen).flatMap((run) => [run.expiresAt, run.callAgainAt ?? Infinity]);
  return Math.min(Infinity, ...times);
}
