import type { DeploymentInfo, DeploymentTarget } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";

import { replacementOf } from "../../core/code-deploy/replacement.ts";
import { judgeCodeDeploy, type CodeDeployVerdict } from "../../core/code-deploy/verdict.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { DeploymentEventBody } from "../../core/events.ts";
import type { Clock, EcsPort } from "../../core/ports.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import { hopelessReason } from "./hopeless.ts";
import { approveOnce, stopOnce } from "./once.ts";
import { storyOf } from "./story.ts";

/** A deployment that is watched, and what is done meanwhile. */
export interface CodeDeployWatch {
  readonly service: string;
  readonly cluster: string;
  readonly deploymentId: string;
  /** The service before the deployment. */
  readonly before?: Service;
  /** `family:revision` that a rollback brings back. */
  readonly previous: string;
  readonly timeoutMs: number;
  readonly waitUntil: "stable" | "deployed" | "paused";
  readonly autoApproveAfterMs?: number;
  /** Whether a deployment whose tasks do not come up is stopped, for which CodeDeploy itself takes an hour. */
  readonly stopsHopeless: boolean;
  /** It has been stopped so that its traffic goes back, which CodeDeploy need not have said yet. */
  readonly awaitsRollback?: boolean;
}

/** How watching ended. */
export type CodeDeployEnd = {
  readonly seconds: number;
  /** Id of the task set that the deployment brought. */
  readonly taskSetId?: string;
} & (
  | { readonly kind: "succeeded" | "paused" | "interrupted" }
  | { readonly kind: "shifted"; readonly until?: Date }
  | {
      readonly kind: "timedOut";
      /** The deployment has failed, and its rollback had not ended. */
      readonly failure?: string;
      /** Nobody has approved it yet. */
      readonly waitsForApproval: boolean;
    }
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** Of a rollback that succeeded. */
      readonly rollbackId?: string;
      /** Why nothing was rolled back. */
      readonly problem?: string;
    }
);

/** What watching needs of the run. */
export interface CodeDeployWatchEdge {
  readonly port: CodeDeployPort;
  readonly ecs: EcsPort;
  readonly clock: Clock;
  readonly emit: (event: DeploymentEventBody) => void;
  readonly signal: AbortSignal;
  readonly attended: boolean;
  /** Throws where the run may write no more. */
  readonly mayWrite: () => void;
  /** Called once, when the deployment is seen to fail and before its tasks are gone. */
  readonly onFailure: (reason: string, taskSetId: string | undefined) => Promise<void>;
}

const firstPauseMs = 3_000;
const longestPauseMs = 10_000;
const longestAttendedMs = 5_000;
const slowerBy = 1.3;
/** A deployment that AWS has just answered with may be missing for so long, and a rollback that is to come. */
const showsWithinMs = 60_000;

/** Watches one deployment, and its rollback where it has one, to the end. */
export async function watchCodeDeploy(
  watch: CodeDeployWatch,
  edge: CodeDeployWatchEdge,
): Promise<CodeDeployEnd> {
  const { port, ecs, clock, emit, signal } = edge;
  const beganMs = clock.now();
  const story = storyOf(watch, emit);
  let pauseMs = firstPauseMs;
  let waitsSinceMs: number | undefined;
  let failure: { readonly reason: string; readonly sinceMs: number } | undefined;
  let given: string | undefined;
  let rollbackId: string | undefined;
  let taskSetId: string | undefined;
  const ended = <End extends object>(end: End) => ({
    ...end,
    seconds: Math.round((clock.now() - beganMs) / 100) / 10,
    ...(taskSetId === undefined ? {} : { taskSetId }),
  });

  for (;;) {
    const look = await lookAt(watch, port, ecs);
    taskSetId = replacementOf(look.target)?.identifer ?? taskSetId;
    const news = story.tell(look.target, look.service);
    const verdict: CodeDeployVerdict =
      look.info === undefined ? { kind: "inProgress" } : judgeCodeDeploy(look.info, look.target);
    if (look.info === undefined && clock.now() - beganMs > showsWithinMs) {
      throw new AwsCallError(
        "DeploymentDoesNotExistException",
        `CodeDeploy knows no deployment ${watch.deploymentId}.`,
      );
    }
    switch (verdict.kind) {
      case "succeeded":
        return ended({ kind: "succeeded" });
      case "shifted":
        if (watch.waitUntil === "deployed") return ended(verdict);
        break;
      case "waitsForApproval": {
        if (waitsSinceMs === undefined) {
          waitsSinceMs = verdict.since === undefined ? clock.now() : clock.timeOf(verdict.since);
          const until = verdict.until === undefined ? {} : { until: verdict.until.toISOString() };
          const { service, deploymentId } = watch;
          emit({ type: "waitingForApproval", service, deploymentId, stage: "Ready", ...until });
        }
        if (watch.waitUntil === "paused") return ended({ kind: "paused" });
        const { autoApproveAfterMs } = watch;
        if (autoApproveAfterMs !== undefined && clock.now() - waitsSinceMs >= autoApproveAfterMs) {
          edge.mayWrite();
          await approveOnce(watch.deploymentId, edge);
        }
        break;
      }
      case "inProgress": {
        if (!watch.stopsHopeless || given !== undefined) break;
        const reason = await hopelessReason(watch, look.target, ecs);
        if (reason === undefined) break;
        given = reason;
        await edge.onFailure(reason, taskSetId);
        edge.mayWrite();
        await stopOnce(watch.deploymentId, edge);
        break;
      }
      case "failed": {
        if (failure === undefined) {
          failure = { reason: given ?? verdict.reason, sinceMs: clock.now() };
          if (given === undefined) await edge.onFailure(failure.reason, taskSetId);
        }
        const { rollback } = verdict;
        const { reason } = failure;
        if (rollback.kind === "deployment") {
          if (rollbackId === undefined) {
            rollbackId = rollback.id;
            const { service, previous: revision } = watch;
            if (watch.awaitsRollback !== true) {
              emit({ type: "rollingBack", service, reason, revision, by: "CodeDeploy" });
            }
          }
          const end = await rollbackEnd(rollback.id, port);
          if (end !== undefined) return ended({ kind: "failed", reason, ...end });
        } else if (rollback.kind === "none" && given === undefined && watch.awaitsRollback !== true) {
          return ended({ kind: "failed", reason });
        } else if (clock.now() - failure.sinceMs > showsWithinMs) {
          return ended({ kind: "failed", reason, problem: "CodeDeploy has begun no rollback." });
        }
        break;
      }
    }
    if (signal.aborted) return ended({ kind: "interrupted" });
    const leftMs = watch.timeoutMs - (clock.now() - beganMs);
    if (leftMs <= 0) {
      const waitsForApproval = verdict.kind === "waitsForApproval";
      const reason = failure === undefined ? {} : { failure: failure.reason };
      return ended({ kind: "timedOut", waitsForApproval, ...reason });
    }
    const longest = edge.attended ? longestAttendedMs : longestPauseMs;
    pauseMs = news ? firstPauseMs : Math.min(longest, pauseMs * slowerBy);
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
}

interface Look {
  readonly info?: DeploymentInfo;
  readonly target?: DeploymentTarget;
  readonly service?: Service;
}

async function lookAt(
  { deploymentId, cluster, service: name }: CodeDeployWatch,
  port: CodeDeployPort,
  ecs: EcsPort,
): Promise<Look> {
  const [[info], [service]] = await Promise.all([
    port.describe([deploymentId]),
    ecs.describeServices(cluster, [name]),
  ]);
  const target = info === undefined ? undefined : await port.target(deploymentId);
  return {
    ...(info === undefined ? {} : { info }),
    ...(target === undefined ? {} : { target }),
    ...(service === undefined ? {} : { service }),
  };
}

/** How a rollback ended; undefined while it goes on. */
async function rollbackEnd(
  id: string,
  port: CodeDeployPort,
): Promise<{ readonly rollbackId: string } | { readonly problem: string } | undefined> {
  const [info] = await port.describe([id]);
  if (info === undefined) return undefined;
  const verdict = judgeCodeDeploy(info, undefined);
  if (verdict.kind === "succeeded") return { rollbackId: id };
  if (verdict.kind === "failed")
    return { problem: `CodeDeploy's rollback ${id} failed too: ${verdict.reason}` };
  return undefined;
}
