import type { Service } from "@aws-sdk/client-ecs";

import { putBackPurpose } from "../../core/code-deploy/description.ts";
import { underWayText } from "../../core/code-deploy/plan.ts";
import { imagesOf, revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Job, Planned } from "../rollout/job.ts";
import { updateOnce } from "../rollout/once.ts";
import { formerSettings, type PutBack } from "../rollout/put-back.ts";
import type { Run } from "../rollout/run.ts";
import { keepTrailTrue } from "../rollout/service-trail.ts";
import { trailOf } from "../rollout/trail-of.ts";
import { codeDeployOf, factsOf, newest } from "./facts.ts";
import { bringByCodeDeploy } from "./lane.ts";
import { planCodeDeployRollback, type VerbPlan } from "./plan-verbs.ts";
import { awaitSteady } from "./steady.ts";

/** Deployments looked back on for the one that this run has brought. */
const lookBack = 20;

/**
 * Puts a service under CODE_DEPLOY back that this run had brought, as `./deploy rollback` does: a deployment that is
 * still under way is stopped, else the revision that it replaced is deployed again, at once and without another
 * approval. Then the settings that the run had changed are as they were.
 *
 * @param deploymentId what the run has brought: a deployment of CodeDeploy, or a task set where it changed settings alone
 */
export async function putBackByCodeDeploy(
  planned: Planned,
  deploymentId: string,
  because: string,
  run: Run,
): Promise<PutBack> {
  const { job } = planned;
  try {
    const [service] = await run.context.ecs.describeServices(job.cluster, [job.serviceName]);
    if (service === undefined) return { problem: `Service ${job.serviceName} is not there any more.` };
    const back = await planBack(planned, service, deploymentId, run);
    const now = { ...planned, observed: { ...planned.observed, service } };
    const done = back === undefined ? {} : await goBack(back, now, because, run);
    if (done.problem !== undefined) return done;
    return await restore(now, done, run);
  } catch (error) {
    if (!(error instanceof AwsCallError) && !(error instanceof RefusedError)) throw error;
    return { problem: `The rollback could not be started: ${error.message}` };
  }
}

/** Undefined where the run has made no deployment. */
async function planBack(
  { job, plan }: Planned,
  service: Service,
  deploymentId: string,
  run: Run,
): Promise<VerbPlan | undefined> {
  const deploys = plan.steps.some(
    ({ kind }) => kind === "createCodeDeployment" || kind === "waitForCodeDeployment",
  );
  if (!deploys) return undefined;
  const port = await codeDeployOf(run.context);
  const facts = await factsOf(job, port, run.context);
  const { underWay } = facts;
  if (underWay !== undefined) {
    if (underWay.id !== deploymentId) throw new RefusedError(underWayText(job.serviceName, facts));
    return planCodeDeployRollback(service, job, undefined, run.context);
  }
  const brought = (await newest(facts, port, { limit: lookBack })).find(({ id }) => id === deploymentId);
  const before = brought?.origin?.replaces ?? plan.previousRevisionArn;
  if (before === undefined) {
    throw new RefusedError(`Nothing tells which revision deployment ${deploymentId} replaced.`);
  }
  return planCodeDeployRollback(service, job, before, run.context);
}

async function goBack(
  { plan, target }: VerbPlan,
  { job, observed }: Planned,
  because: string,
  run: Run,
): Promise<PutBack> {
  const arn = target?.taskDefinition.taskDefinitionArn;
  const revision = revisionName(arn ?? "the revision before it");
  if (plan.steps.length === 0) return { revision };
  const images = target === undefined ? [] : imagesOf(target.taskDefinition);
  const back: Job = {
    ...job,
    // Another description than that of what is put back, by which each is found again.
    purpose: putBackPurpose(job.serviceName, because),
    plan: () => plan,
    desiredArn: () => arn,
    brings: () => target?.taskDefinition,
    images: () => images,
    trail: () => trailOf(images, run.context, run.edge),
  };
  const { emit } = run.context;
  emit({ type: "rollingBack", service: job.serviceName, reason: because, revision, by: "Slipway" });
  const ended = await bringByCodeDeploy({ job: back, observed, plan }, undefined, asRollback(run));
  if (ended.outcome !== "completed") return { problem: problemOf(ended) };
  await keepTrailTrue({ job: back, observed, plan }, arn, run);
  return { revision };
}

/** Whoever asks for `rollback-all` has approved of it, and waits for its end. */
function asRollback(run: Run): Run {
  const { keepRevisions: _, ...options } = run.command.options;
  return {
    ...run,
    command: { ...run.command, verb: "rollback", options: { ...options, waitUntil: "stable" } },
  };
}

async function restore(planned: Planned, done: PutBack, run: Run): Promise<PutBack> {
  const settings = formerSettings(planned);
  if (Object.keys(settings).length === 0) return done;
  const { job, observed } = planned;
  const { ecs } = run.context;
  run.mayWrite();
  await updateOnce({ cluster: job.cluster, service: job.serviceName, ...settings }, observed.service, {
    ecs,
    clock: run.edge.clock,
  });
  const steady = await awaitSteady(planned, undefined, asRollback(run));
  return steady.outcome === "completed" ? done : { ...done, problem: problemOf(steady) };
}

function problemOf(ended: ServiceOutcome): string {
  const rollback = "deploymentId" in ended ? `The rollback (${ended.deploymentId ?? "?"})` : "The rollback";
  if (ended.outcome === "timedOut") return `${rollback} had not completed when the time was up; it goes on.`;
  if (ended.outcome === "interrupted") return `${rollback} goes on without us.`;
  return `${rollback} did not succeed: ${"reason" in ended ? ended.reason : ended.outcome}`;
}
