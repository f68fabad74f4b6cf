import type { Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "../../core/deployment/service-changes.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import { rollBackOpen, type RolledBack } from "../native/roll-back-open.ts";
import type { Applied } from "./apply.ts";
import type { Planned } from "./job.ts";
import { pastDeployments } from "./last-deployed.ts";
import { updateOnce } from "./once.ts";
import type { Run } from "./run.ts";
import { revisionOf } from "./story.ts";
import { keepTrailTrue } from "./service-trail.ts";
import type { Watched } from "./watcher.ts";

/** How putting a service back went. */
export interface PutBack {
  /** `family:revision` that runs again. */
  readonly revision?: string;
  /** Why it does not, in a sentence. */
  readonly problem?: string;
}

/** Whether there was a service before this run to which it could be put back. */
export function canPutBack({ observed }: Planned): boolean {
  return observed.service?.status === "ACTIVE" && primaryDeployment(observed.service) !== undefined;
}

/**
 * Puts a service back to the revision that was last deployed and steady, with the settings that this run changed as
 * they were, and waits for it.
 *
 * @param left `family:revision` that the service is to leave
 * @param reason why, for the display
 * @param now the service as it was seen last
 */
export async function putBack(
  planned: Planned,
  left: string | undefined,
  reason: string,
  now: Service | undefined,
  run: Run,
): Promise<PutBack> {
  const { job } = planned;
  try {
    const settings = formerSettings(planned);
    const back = await rollBackOpen(planned, now, reason, settings, run);
    if (back !== undefined) return afterRollback(back);
    const target = await steadyRevision(planned, left, run);
    if (target === undefined) {
      return {
        problem: "No other revision was ever deployed and steady here, so there is none to go back to.",
      };
    }
    if (revisionName(target) === left && Object.keys(settings).length === 0) {
      return { problem: `Revision ${left} ran before this run too, so there is nothing to put back.` };
    }
    const { emit, ecs } = run.context;
    emit({
      type: "rollingBack",
      service: job.serviceName,
      reason,
      revision: revisionName(target),
      by: "Slipway",
    });
    run.mayWrite();
    const input: UpdateServiceRequest = {
      cluster: job.cluster,
      service: job.serviceName,
      ...settings,
      taskDefinition: target,
    };
    const service = await updateOnce(input, now ?? planned.observed.service, { ecs, clock: run.edge.clock });
    return await awaitPutBack(planned, service, run);
  } catch (error) {
    if (!(error instanceof AwsCallError) && !(error instanceof RefusedError)) throw error;
    return { problem: `The rollback could not be started: ${error.message}` };
  }
}

function afterRollback({ deploymentId, taskDefinition, watched }: RolledBack): PutBack {
  return taskDefinition === undefined
    ? { problem: problemOf(watched, deploymentId) }
    : { revision: revisionName(taskDefinition) };
}

/** Waits for a rollback that is under way: the service's primary deployment. */
export async function awaitPutBack(
  planned: Planned,
  service: Service | undefined,
  run: Run,
): Promise<PutBack> {
  const primary = service && primaryDeployment(service);
  if (service === undefined || primary?.id === undefined)
    return { problem: "AWS shows no deployment that the rollback could be." };
  const applied: Applied & { deploymentId: string } = {
    deploymentId: primary.id,
    ...(primary.createdAt === undefined ? {} : { createdAt: primary.createdAt }),
  };
  const observed = { ...planned.observed, service };
  const watched = await run.watch({ ...planned, observed }, applied).catch(unwatched);
  if (typeof watched === "string") return { problem: watched };
  if (watched.verdict.kind !== "completed") return { problem: problemOf(watched, primary.id) };
  await keepTrailTrue(planned, primary.taskDefinition, run);
  return { revision: revisionOf(primary) };
}

/** AWS could no longer be asked: the rollback goes on, unseen. */
function unwatched(error: unknown): string {
  if (!(error instanceof AwsCallError)) throw error;
  return `The rollback goes on but could not be watched: ${error.message}`;
}

function problemOf({ verdict }: Watched, deploymentId: string): string {
  const rollback = `The rollback (deployment ${deploymentId})`;
  switch (verdict.kind) {
    case "timedOut":
      return `${rollback} had not completed when the time was up; it goes on.`;
    case "interrupted":
      return `${rollback} goes on without us.`;
    case "superseded":
      return `${rollback} was replaced by ${verdict.by.id ?? "another deployment"}, which somebody else started.`;
    case "gone":
      return `${rollback} ended with the service: it is ${verdict.status}.`;
    case "failed":
    case "hopeless":
      return `${rollback} failed too: ${verdict.reason}`;
    case "paused":
      return `${rollback} waits for approval at ${verdict.at}.`;
    case "completed":
      return "";
  }
}

/**
 * What ran steadily when this run came, else what AWS remembers as the last deployment that succeeded. The revision
 * that the service is to leave is none, unless this run had found it there: a restart, or new settings alone, say
 * nothing against it.
 */
async function steadyRevision(
  { job, observed, plan }: Planned,
  left: string | undefined,
  { context }: Run,
): Promise<string | undefined> {
  const before = observed.service && primaryDeployment(observed.service);
  const wasSteady = before?.rolloutState === "COMPLETED" && before.runningCount === before.desiredCount;
  const update = plan.steps.find((step) => step.kind === "updateService");
  if (wasSteady && update !== undefined) return before.taskDefinition;
  const { previousRevisionArn: previous } = plan;
  const wasThere = update !== undefined && previous !== undefined && revisionName(previous) === left;
  const past = await pastDeployments(job.cluster, job.serviceName, context);
  return past.find(
    ({ taskDefinitionArn, succeeded }) => succeeded && (wasThere || revisionName(taskDefinitionArn) !== left),
  )?.taskDefinitionArn;
}

/** The members that this run's UpdateService changed, as they were. */
export function formerSettings({ plan }: Planned): Partial<UpdateServiceRequest> {
  const update = plan.steps.find((step) => step.kind === "updateService");
  const changed = (update?.changes ?? []).filter(({ from }) => from !== undefined);
  return Object.fromEntries(changed.map(({ member, from }) => [member, from]));
}
