import type { Diagnosis } from "../../core/diagnosis.ts";
import { stagedServiceName } from "../../core/staged/names.ts";
import { stagedTags } from "../../core/staged/model.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import { exitCode } from "../../core/exit-code.ts";
import { createWatcher, type Watched } from "../rollout/watcher.ts";
import type { Staged, StageEdge } from "./apply-stage.ts";
import { awaitTargets } from "./await-targets.ts";
import { observeApplication } from "./observe.ts";
import type { StageEnding } from "./stage-reporter.ts";
import { inNameOf, type Staging } from "./staging.ts";
import { takeDown } from "./take-down.ts";

/**
 * Waits until the new service is steady and its targets are healthy. What fails is explained, marked and, unless the
 * command says otherwise, taken down again.
 *
 * @returns how it ended; undefined where all is well
 * @throws AwsCallError when AWS can no longer be asked
 */
export async function awaitStaged(
  staged: Staged,
  staging: Staging,
  run: StageEdge,
): Promise<StageEnding | undefined> {
  const { observed, command, context, edge } = staging;
  const { application, cluster } = observed;
  const serviceName = stagedServiceName(observed, run.id);
  const { deploymentId = "", createdAt, targetGroupArn = "" } = staged;
  const { timeoutMs } = command.options;
  const began = edge.clock.now();
  const watcher = createWatcher({
    ecs: context.ecs,
    clock: edge.clock,
    emit: inNameOf(application, serviceName, context.emit),
    signal: edge.signal,
    attended: edge.attended,
  });
  const watched = await watcher.watch({
    service: serviceName,
    cluster,
    deploymentId,
    timeoutMs,
    ...(createdAt === undefined ? {} : { createdAt }),
  });
  const { verdict, seconds } = watched;
  switch (verdict.kind) {
    case "completed":
    case "paused":
      // Only deployments whose traffic ECS shifts are ever paused.
      break;
    case "interrupted":
      return { outcome: "interrupted", exitCode: exitCode.interrupted };
    case "timedOut": {
      const diagnoses = await why(watched, staged, staging, serviceName);
      return { outcome: "timedOut", exitCode: exitCode.timedOut, seconds, diagnoses };
    }
    case "gone":
      return {
        outcome: "failed",
        exitCode: exitCode.failed,
        reason: `Service ${serviceName} is ${verdict.status}: somebody deleted it while it was staged.`,
      };
    case "superseded":
      return {
        outcome: "failed",
        exitCode: exitCode.failed,
        reason: `Somebody else started deployment ${verdict.by.id ?? "?"} of service ${serviceName} while it was staged.`,
      };
    case "failed":
    case "hopeless": {
      const diagnoses = await why(watched, staged, staging, serviceName);
      return { ...(await afterFailure(staged, staging, run)), reason: verdict.reason, diagnoses };
    }
  }

  const { targetHealthPort } = await import("../../aws/target-health.ts");
  const targets = await awaitTargets(
    targetGroupArn,
    {
      application,
      wanted: watched.service?.desiredCount ?? 0,
      timeoutMs: Math.max(0, timeoutMs - (edge.clock.now() - began)),
    },
    context.connect(targetHealthPort),
    edge,
    context.emit,
  );
  switch (targets.kind) {
    case "healthy":
      return undefined;
    case "interrupted":
      return { outcome: "interrupted", exitCode: exitCode.interrupted };
    case "timedOut":
      return {
        outcome: "timedOut",
        exitCode: exitCode.timedOut,
        seconds: Math.round((edge.clock.now() - began) / 100) / 10,
        reason: `The service is steady, and ${targets.healthy} of its targets are healthy${targets.reasons.map((one) => `; ${one}`).join("")}.`,
      };
  }
}

/** Asked before anything is taken down: what is gone can no longer be asked. */
async function why(
  { verdict, service }: Watched,
  { deploymentId = "", createdAt, revisionArn }: Staged,
  { observed, context }: Staging,
  serviceName: string,
): Promise<readonly Diagnosis[]> {
  const { explain } = await import("../facts/explain.ts");
  const listed = service?.deployments?.find(({ id }) => id === deploymentId);
  const diagnoses = await explain(
    {
      service: serviceName,
      cluster: observed.cluster,
      deploymentId,
      ...(revisionArn === undefined ? {} : { taskDefinitionArn: revisionArn }),
      since: createdAt ?? listed?.createdAt ?? new Date(0),
      ...("reason" in verdict ? { reason: verdict.reason } : {}),
    },
    context,
  );
  if (diagnoses.length > 0) context.emit({ type: "explained", service: observed.application, diagnoses });
  return diagnoses;
}

/** Marks it as failed, and takes it down unless it is to stay for somebody to look at. */
async function afterFailure(
  { targetGroupArn = "" }: Staged,
  staging: Staging,
  run: StageEdge,
): Promise<StageEnding> {
  const { service, held, command, context, edge } = staging;
  const failed = { outcome: "failed", exitCode: exitCode.failed } as const;
  try {
    held.lost.throwIfAborted();
    const at = new Date(edge.wallClock.now()).toISOString();
    // In one call, so that whoever finds it after this run was killed knows that it is to go.
    await run.traffic.tag(targetGroupArn, {
      [stagedTags.failedAt]: at,
      ...(command.options.rollback ? { [stagedTags.leavingAt]: at } : {}),
    });
    if (!command.options.rollback) return { ...failed, state: "failed", takenDown: false };
    const observed = await observeApplication(service, context);
    const deployment = observed.deployments.find(({ id }) => id === run.id);
    if (deployment === undefined) return { ...failed, takenDown: true };
    const ending = await takeDown(deployment, observed, { command, context, edge, held });
    if (ending.outcome === "tornDown") return { ...failed, takenDown: true };
    return { ...failed, state: "leaving", takenDown: false, takeDownProblem: ending.reason };
  } catch (error) {
    if (!(error instanceof AwsCallError || error instanceof RefusedError)) throw error;
    return { ...failed, state: "failed", takenDown: false, takeDownProblem: error.message };
  }
}
