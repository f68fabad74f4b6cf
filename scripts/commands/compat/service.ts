import { readFile } from "node:fs/promises";
import path from "node:path";

import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

import type { CompatWork } from "../../core/compat/command.ts";
import { readDefinitionFile } from "../../core/compat/definition-file.ts";
import { planDeploy, wantedDefinition, type DeployWork } from "../../core/compat/plan.ts";
import { existingRevision } from "../../core/deployment/plan.ts";
import { planRollback } from "../../core/deployment/rollback.ts";
import { planRestart } from "../../core/deployment/simple-plans.ts";
import { imagesOf, revisionName } from "../../core/deployment/task-definition.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { exitCode } from "../../core/exit-code.ts";
import type { RunReport } from "../../core/report.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { reportResult } from "../../terminal/report-text.ts";
import { addressJob } from "../rollout/address-job.ts";
import { carryOut } from "../rollout/carry-out.ts";
import { notInTime, wentBack } from "./not-in-time.ts";
import { withoutOldTasks } from "./old-tasks.ts";
import type { CompatRun } from "./run.ts";
import type { Job } from "../rollout/job.ts";
import { observe } from "../rollout/observe.ts";
import type { RunContext } from "../run-context.ts";
import { trailOf } from "../rollout/trail-of.ts";

type ServiceRun = CompatRun<Extract<CompatWork, { kind: "deploy" | "restart" }>>;

/**
 * A new revision for a service, or new tasks of the running one. As ecs-deploy it ends with 1 where the time is up,
 * and goes back then where `--enable-rollback` says so.
 */
export async function deployInCompat(run: ServiceRun): Promise<CommandResult> {
  const { work, command, edge } = run;
  const context = work.waitForOldTasks
    ? run.context
    : { ...run.context, ecs: withoutOldTasks(run.context.ecs) };
  const file = await definitionFile(work, edge.workingFolder);
  const [service] = await context.ecs.describeServices(work.cluster, [work.service]);
  const before = service?.taskDefinition;
  const family = before === undefined ? undefined : revisionName(before).replace(/:\d+$/, "");
  const job = work.kind === "restart" ? restartJob(work, run) : deployJob(work, file, family, run);
  if (service?.status === "ACTIVE") await refuseBadInput(work, family, file, context);

  const report = reportOf(await carryOut([job], command, context, edge));
  const resultOf = (changes: Partial<RunReport> = {}): CommandResult =>
    reportResult({ ...report, ...changes, invocation: run.next });
  const [outcome] = report.services;
  if (outcome?.outcome !== "timedOut") return resultOf();
  if (!work.rollback || before === undefined || work.kind === "restart") {
    return resultOf({ exitCode: exitCode.failed });
  }
  context.emit({ type: "warning", service: work.service, message: "not steady in time; it is put back" });
  const patient = { ...command.options, timeoutMs: Math.max(command.options.timeoutMs, rollbackMayTakeMs) };
  const goBack = rollbackJob(before, work, run);
  const { problem, interrupted } = await wentBack(async () =>
    reportOf(await carryOut([goBack], { ...command, options: patient }, context, edge)),
  );
  return resultOf({
    services: [notInTime(outcome, before, problem)],
    exitCode: interrupted ? exitCode.interrupted : exitCode.failed,
  });
}

/** Going back is waited for also where the way forward was given little time. */
const rollbackMayTakeMs = 10 * 60 * 1_000;

/** The report of a run of the engine. */
function reportOf({ document }: CommandResult): RunReport {
  // carryOut's document is its report.
  return document as RunReport;
}

/** What does not fit the running definition is told before anything is locked. */
async function refuseBadInput(
  work: ServiceRun["work"],
  family: string | undefined,
  file: RegisterTaskDefinitionRequest | undefined,
  { ecs }: RunContext,
): Promise<void> {
  if (work.kind !== "deploy") return;
  const target = {
    serviceName: work.service,
    cluster: work.cluster,
    ...(family === undefined ? {} : { family }),
  };
  const [observed = {}] = await observe(ecs, [target]);
  wantedDefinition(observed, work, file);
}

async function definitionFile(
  work: ServiceRun["work"],
  workingFolder: string,
): Promise<RegisterTaskDefinitionRequest | undefined> {
  if (work.kind !== "deploy" || work.change.file === undefined) return undefined;
  return loadDefinitionFile(work.change.file, workingFolder);
}

/** @throws InvalidInputError when the file cannot be read, or is no task definition */
export async function loadDefinitionFile(
  file: string,
  workingFolder: string,
): Promise<RegisterTaskDefinitionRequest> {
  try {
    return readDefinitionFile(file, await readFile(path.resolve(workingFolder, file), "utf8"));
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(`--task-definition-file ${file} cannot be read (${reason}).`);
  }
}

function deployJob(
  work: DeployWork,
  file: RegisterTaskDefinitionRequest | undefined,
  family: string | undefined,
  { context, edge }: ServiceRun,
): Job {
  const wanted = (observed: Parameters<Job["plan"]>[0]): RegisterTaskDefinitionRequest =>
    wantedDefinition(observed, work, file).definition;
  const images: Job["images"] = (observed) => imagesOf(wanted(observed));
  let warned = false;
  return {
    name: work.service,
    serviceName: work.service,
    cluster: work.cluster,
    dependsOn: [],
    ...(family === undefined ? {} : { family: file?.family ?? family }),
    purpose: `update ${work.service} as ecs-deploy: ${JSON.stringify(work.change.to)}`,
    plan: (observed) => {
      const plan = planDeploy(observed, work, file);
      for (const message of warned ? [] : wantedDefinition(observed, work, file).warnings) {
        context.emit({ type: "warning", service: work.service, message });
      }
      warned = true;
      return plan;
    },
    desiredArn: (observed) => existingRevision(wanted(observed), observed),
    brings: wanted,
    images,
    trail: (observed) => trailOf(images(observed), context, edge),
  };
}

function address({ cluster, service }: ServiceRun["work"]) {
  return { name: service, serviceName: service, cluster };
}

function restartJob(work: ServiceRun["work"], { command, context, edge }: ServiceRun): Job {
  return {
    ...addressJob(address(work), command, context, edge),
    plan: (observed) => planRestart(observed, address(work)),
  };
}

/** Back to what ran before, as `./deploy rollback --to` goes. */
function rollbackJob(before: string, work: ServiceRun["work"], { command, context, edge }: ServiceRun): Job {
  return {
    ...addressJob(address(work), command, context, edge),
    purpose: `rollback ${work.service} to ${revisionName(before)}`,
    plan: async (observed) =>
      planRollback(observed, address(work), await context.ecs.describeTaskDefinition(before)),
    desiredArn: () => before,
  };
}
