import pLimit from "p-limit";

import { isCodeDeployStep } from "../../core/code-deploy/steps.ts";
import { InvalidInputError } from "../../core/errors.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import { shiftsTraffic } from "../../core/native/deployment.ts";
import { invocationOf } from "../../core/invocation.ts";
import { masked } from "../../core/masking.ts";
import { exitCodeOf } from "../../core/outcome-exit-code.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { reportResult } from "../../terminal/report-text.ts";
import { deploymentsPort } from "../native/find-deployment.ts";
import { refuseWaitUntil } from "../native/wait-until.ts";
import { drainsFor } from "./drain-delay.ts";
import { inOrder } from "./fleet.ts";
import { keyOf, refuseTwins, type Job, type Planned } from "./job.ts";
import { bring } from "./lane.ts";
import { takeLocks, type HeldLocks, type LockRecord } from "../lock/lock.ts";
import { planAll } from "./plan-all.ts";
import type { Resume } from "./autoscaling.ts";
import { preflight } from "./preflight.ts";
import { preflightSubject } from "./preflight-subject.ts";
import type { Run } from "./run.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { resumptionFor, takeUp } from "./take-up.ts";
import { settleAutoscaling, suspensionsSet } from "../scaling/settle.ts";
import { stageSettings } from "../strategy.ts";
import { createWatcher } from "./watcher.ts";

/**
 * Carries out what a verb wants of some services: locks them, looks at them, plans, checks that the plans can work,
 * and then brings them, each lane by itself, under one watch. Before the first write everything is refused together;
 * after it, what happened is in the report. Whatever happens, what was suspended is resumed and the locks are given
 * back.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError before the first write
 */
export async function carryOut(
  jobs: readonly Job[],
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  refuseTwins(jobs);
  refuseStaged(jobs, command, context);
  const services = jobs.map(({ serviceName, cluster }) => ({ service: serviceName, cluster }));
  context.emit({
    type: "runStarted",
    command: command.verb,
    environment: context.environment.name,
    region: context.region,
    services,
  });
  if (command.options.dryRun) {
    const planned = await planAll(jobs, context);
    refuseWaitUntil(planned, command.options);
    const outcomes = planned.map(asPlanned);
    for (const outcome of outcomes) context.emit({ type: "ended", ...outcome });
    return resultOf(outcomes, jobs, command, context);
  }
  const lockable = jobs.filter(({ withoutLock }) => withoutLock !== true);
  const held = await takeLocks(lockable, command, context, edge);
  try {
    const planned = await planAll(jobs, context);
    refuseWaitUntil(planned, command.options);
    await preflight(
      planned
        // What a killed run had started goes on as it is.
        .filter((one) => resumptionFor(one, held.takenOver.get(keyOf(one.job))) === undefined)
        .flatMap((one) => preflightSubject(one) ?? []),
      context,
      command.options,
    );
    if (context.environment.registry !== undefined) {
      const { pinImages, pinSubject } = await import("../registry/pin-images.ts");
      await pinImages(
        planned.flatMap((one) => pinSubject(one) ?? []),
        command.options,
        context,
      );
    }
    const outcomes = await carry(planned, held, command, context, edge);
    return resultOf(outcomes, jobs, command, context);
  } finally {
    await held.release();
  }
}

/** A service of that name would stand beside those of the deployments, and get no traffic. */
function refuseStaged(jobs: readonly Job[], { verb }: RunCommand, { environment }: RunContext): void {
  const staged = jobs.find((job) => stageSettings(environment, job) !== undefined);
  if (staged === undefined) return;
  throw new InvalidInputError(
    `${staged.name} has a service for each of its deployments, which ./deploy ${verb} is not for. ./deploy stage ${staged.name} brings a new version up, ./deploy activate ${staged.name} gives it the traffic, ./deploy deployments ${staged.name} lists them. Nothing was changed.`,
  );
}

/** Whether CodeDeploy deploys the service, or will deploy the one that is to be created. */
function isCodeDeploys({ observed: { service }, plan }: Planned): boolean {
  return service?.deploymentController?.type === "CODE_DEPLOY" || plan.steps.some(isCodeDeployStep);
}

async function carry(
  planned: readonly Planned[],
  held: HeldLocks,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<readonly ServiceOutcome[]> {
  const run = runOf(command, context, edge, held);
  const resume = await suspend(planned, held, command, context);
  let outcomes: readonly ServiceOutcome[] = [];
  try {
    outcomes = await inOrder(
      planned,
      async (one) =>
        settleAutoscaling(one, await bringOne(one, held.takenOver.get(keyOf(one.job)), run), run),
      run,
    );
    return outcomes;
  } finally {
    await resume(suspensionsSet(planned, outcomes));
  }
}

async function bringOne(planned: Planned, record: LockRecord | undefined, run: Run): Promise<ServiceOutcome> {
  if (isCodeDeploys(planned)) {
    const { bringByCodeDeploy } = await import("../code-deploy/lane.ts");
    return bringByCodeDeploy(planned, record, run);
  }
  const resumption = resumptionFor(planned, record);
  return record === undefined || resumption === undefined
    ? bring(planned, run)
    : takeUp(planned, resumption, record, run);
}

async function suspend(
  planned: readonly Planned[],
  held: HeldLocks,
  { options }: RunCommand,
  context: RunContext,
): Promise<Resume> {
  if (!options.suspendAutoscaling) return () => Promise.resolve();
  const { suspendAutoscaling } = await import("./autoscaling.ts");
  const { resume } = await suspendAutoscaling(
    planned.map(({ job }) => job),
    context,
    held,
  );
  return resume;
}

/** Enough to use all of AWS's rates; a call waits for its turn at those, and after Ctrl-C such a wait is in vain. */
const writesAtOnce = 8;

function runOf(command: RunCommand, context: RunContext, edge: RunEdge, held: HeldLocks): Run {
  const watcherEdge = {
    ecs: context.ecs,
    clock: edge.clock,
    emit: context.emit,
    signal: edge.signal,
    attended: edge.attended,
  };
  const watcher = createWatcher(watcherEdge);
  return {
    command,
    context,
    edge,
    inTurn: pLimit(writesAtOnce),
    mayWrite: () => held.lost.throwIfAborted(),
    watch: async ({ job, plan, observed }, { deploymentId, createdAt, rollbackTold }, until = "stable") => {
      const watch = {
        service: job.serviceName,
        cluster: job.cluster,
        deploymentId,
        timeoutMs: command.options.timeoutMs,
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(rollbackTold === undefined ? {} : { rollbackTold }),
        ...(observed.service === undefined ? {} : { before: observed.service }),
      };
      if (shiftsTraffic(plan, observed, deploymentId)) {
        const { watchNative } = await import("../native/watch.ts");
        return watchNative(
          { ...watch, until },
          { ...watcherEdge, deployments: await deploymentsPort(context) },
        );
      }
      const drainsForMs = await drainsFor(observed.service, context);
      return watcher.watch({ ...watch, ...(drainsForMs === undefined ? {} : { drainsForMs }) });
    },
    explainTo: async ({ job }, { verdict, service }, { deploymentId, revisionArn, createdAt }) => {
      const { explain } = await import("../facts/explain.ts");
      const listed = service?.deployments?.find(({ id }) => id === deploymentId);
      const diagnoses = await explain(
        {
          service: job.serviceName,
          cluster: job.cluster,
          deploymentId,
          ...(revisionArn === undefined ? {} : { taskDefinitionArn: revisionArn }),
          since: createdAt ?? listed?.createdAt ?? new Date(0),
          ...("reason" in verdict ? { reason: verdict.reason } : {}),
        },
        context,
      );
      if (diagnoses.length > 0) context.emit({ type: "explained", service: job.serviceName, diagnoses });
      return diagnoses;
    },
  };
}

function asPlanned({ job, plan }: Planned): ServiceOutcome {
  return { service: job.serviceName, cluster: job.cluster, outcome: "planned", steps: masked(plan.steps) };
}

function resultOf(
  services: readonly ServiceOutcome[],
  jobs: readonly Job[],
  { verb, options }: RunCommand,
  { environment, region, known }: RunContext,
): CommandResult {
  return reportResult({
    command: verb,
    environment: environment.name,
    region,
    deploymentId: known.deploymentId,
    exitCode: exitCodeOf(services),
    services,
    invocation: invocationOf(
      verb,
      options,
      known.image,
      Object.fromEntries(jobs.map(({ serviceName, name }) => [serviceName, name])),
    ),
  });
}
