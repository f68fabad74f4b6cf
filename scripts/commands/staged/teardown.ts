import { exitCode, type ExitCode } from "../../core/exit-code.ts";
import { chooseTeardown, type TeardownChoice } from "../../core/staged/choose-teardown.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import { planTeardown } from "../../core/staged/plan-teardown.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { teardownText, type TeardownEntry, type TeardownReport } from "../../terminal/teardown-text.ts";
import { takeLocks } from "../lock/lock.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "../run-context.ts";
import { typed } from "./next-commands.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import { stagedServiceOf } from "./stage.ts";
import { carryTeardown, takeDown, type TakenDown, type TeardownRun } from "./take-down.ts";

/**
 * `./deploy teardown`: takes deployments down which have no live traffic, once their connections have drained. The
 * same again goes on with what a killed run began.
 *
 * @throws RefusedError for one that has traffic, or where it is unclear which is meant; nothing was changed
 */
export async function teardown(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const service = await stagedServiceOf(command, context, edge);
  const choice = choiceOf(command, service);
  if (command.options.dryRun) {
    const observed = await observeApplication(service, context);
    const chosen = chooseTeardown(observed, choice, edge.wallClock.now());
    const entries = chosen.map((one): TeardownEntry => {
      return { ...entryOf(one), outcome: "planned", steps: planTeardown(observed, one) };
    });
    return resultOf(entries, observed, service, choice, command, context);
  }
  const begun = await underLock(command, service, context, edge, async (run) => {
    const observed = await observeApplication(service, context);
    const chosen = chooseTeardown(observed, choice, edge.wallClock.now());
    return { observed, chosen, ended: await beginAll(chosen, observed, run) };
  });
  const { observed, chosen, ended } = begun;
  const entries = await finishAll(chosen, observed, ended, service, { command, context, edge });
  return resultOf(entries, observed, service, choice, command, context);
}

/** Does something while no other run may change the application. */
async function underLock<Result>(
  command: RunCommand,
  { address }: StagedService,
  context: RunContext,
  edge: RunEdge,
  work: (run: TeardownRun) => Promise<Result>,
): Promise<Result> {
  const { serviceName, cluster } = address;
  const purpose = `${command.verb} ${serviceName}`;
  const held = await takeLocks([{ serviceName, cluster, purpose }], command, context, edge);
  try {
    return await work({ command, context, edge, held });
  } finally {
    await held.release();
  }
}

function choiceOf({ options }: RunCommand, { settings }: StagedService): TeardownChoice {
  if (options.id !== undefined) return { by: "id", id: options.id };
  return options.allRetired ? { by: "allRetired", keep: options.keep ?? settings.keep } : { by: "theOne" };
}

/** Endings by deployment, of those that did not come about. */
type Ended = ReadonlyMap<string, TakenDown>;

/** Everything up to the wait: from there on the deployments are marked, and nobody gives them traffic. */
async function beginAll(
  chosen: readonly StagedDeployment[],
  observed: ObservedApplication,
  run: TeardownRun,
): Promise<Ended> {
  const ended = new Map<string, TakenDown>();
  for (const one of chosen) {
    const steps = planTeardown(observed, one);
    const waitsAt = steps.findIndex(({ kind }) => kind === "waitUntilDrained");
    const ending = await carryTeardown(steps.slice(0, waitsAt), one, observed, run);
    if (ending.outcome === "tornDown") continue;
    ended.set(one.id, ending);
    break;
  }
  return ended;
}

/**
 * Waits until all of them have drained, which takes minutes, without the lock: somebody may have to give the traffic
 * to another version meanwhile. Then the rest, under the lock again.
 */
async function finishAll(
  chosen: readonly StagedDeployment[],
  observed: ObservedApplication,
  ended: Ended,
  service: StagedService,
  { command, context, edge }: Omit<TeardownRun, "held">,
): Promise<readonly TeardownEntry[]> {
  const began = edge.clock.now();
  const endings = new Map(ended);
  const stoppedAt = chosen.findIndex(({ id }) => endings.has(id));
  const begun = stoppedAt === -1 ? chosen : chosen.slice(0, stoppedAt);
  const unlocked = { command, context, edge, held: { lost: new AbortController().signal } };
  await Promise.all(
    begun.map(async (one) => {
      const wait = planTeardown(observed, one).filter(({ kind }) => kind === "waitUntilDrained");
      const ending = await carryTeardown(wait, one, observed, unlocked);
      if (ending.outcome !== "tornDown") endings.set(one.id, ending);
    }),
  );
  const drained = begun.filter(({ id }) => !endings.has(id));
  if (drained.length > 0) {
    const patient = { ...command, options: { ...command.options, waitForLock: true } };
    await underLock(patient, service, context, edge, async (run) => {
      for (const one of drained) {
        const seen = await observeApplication(service, context);
        const now = seen.deployments.find(({ id }) => id === one.id);
        const seconds = Math.round((edge.clock.now() - began) / 100) / 10;
        const gone = { outcome: "tornDown", exitCode: exitCode.completed, seconds } as const;
        const ending = now === undefined ? gone : await takeDown(now, seen, run);
        endings.set(one.id, { ...ending, seconds });
      }
    });
  }
  return chosen.map((one): TeardownEntry => {
    const ending = endings.get(one.id);
    if (ending === undefined) return { ...entryOf(one), outcome: "notBegun" };
    const { outcome, seconds } = ending;
    return { ...entryOf(one), outcome, seconds, ...("reason" in ending ? { reason: ending.reason } : {}) };
  });
}

function entryOf({ id, targetGroup, state, serviceName }: StagedDeployment): Omit<TeardownEntry, "outcome"> {
  const version = targetGroup.tags[stagedTags.version];
  return {
    deploymentId: id,
    ...(version === undefined ? {} : { version }),
    state,
    service: serviceName,
  };
}

function resultOf(
  entries: readonly TeardownEntry[],
  observed: ObservedApplication,
  service: StagedService,
  choice: TeardownChoice,
  command: RunCommand,
  context: RunContext,
): CommandResult {
  const code = entries.map(codeOf).find((one) => one !== exitCode.completed) ?? exitCode.completed;
  const document: TeardownReport = {
    command: command.verb,
    environment: context.environment.name,
    region: context.region,
    cluster: observed.cluster,
    application: observed.application,
    exitCode: code,
    deployments: entries,
    ...(entries.length === 0 ? { nothingBecause: nothingBecause(choice, observed) } : {}),
  };
  const { options } = command;
  const more = [
    ...(options.id === undefined ? [] : ["--id", options.id]),
    ...(options.allRetired ? ["--all-retired"] : []),
    ...(options.keep === undefined ? [] : ["--keep", String(options.keep)]),
  ];
  const again = typed("teardown", more, service, command);
  return { exitCode: code, document, prose: true, text: (paint) => teardownText(document, again, paint) };
}

function codeOf({ outcome }: TeardownEntry): ExitCode {
  switch (outcome) {
    case "tornDown":
    case "planned":
    case "notBegun":
      return exitCode.completed;
    case "timedOut":
      return exitCode.timedOut;
    case "interrupted":
      return exitCode.interrupted;
    case "stopped":
      return exitCode.aws;
  }
}

function nothingBecause(choice: TeardownChoice, { application, deployments }: ObservedApplication): string {
  switch (choice.by) {
    case "id":
      return `${application} has no deployment ${choice.id}, or not any more.`;
    case "allRetired":
      return `${application} has no deployment to take down but the newest retired ${choice.keep === 1 ? "one, which stays" : `${choice.keep}, which stay`}.`;
    case "theOne":
      return deployments.length === 0
        ? `${application} has no deployment.`
        : `${application} has no retired and no failed deployment; ./deploy deployments ${application} lists those that there are, and --id takes any down that has no traffic.`;
  }
}
