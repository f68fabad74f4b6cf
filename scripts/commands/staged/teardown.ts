import { exitCodeOf } from "../../core/outcome-exit-code.ts";
import { chooseTeardown, type TeardownChoice } from "../../core/staged/choose-teardown.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import { planTeardown } from "../../core/staged/plan-teardown.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { teardownText, type TeardownEntry, type TeardownReport } from "../../terminal/teardown-text.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "../run-context.ts";
import { typed } from "./next-commands.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import { stagedServiceOf } from "./stage.ts";
import { takeAllDown } from "./take-all-down.ts";

/**
 * `./deploy teardown`: takes deployments down which have no live traffic, once their connections have drained. The
 * same again goes on with what a killed run began. Once the first is marked, what keeps one of them is in the result.
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
  const { observed, chosen, endings } = await takeAllDown(choice, service, { command, context, edge });
  const entries = chosen.map((one): TeardownEntry => ({
    ...entryOf(one),
    ...(endings.get(one.id) ?? { outcome: "notBegun" }),
  }));
  return resultOf(entries, observed, service, choice, command, context);
}

type Choice = Exclude<TeardownChoice, { by: "all" }>;

function choiceOf({ options }: RunCommand, { settings }: StagedService): Choice {
  if (options.id !== undefined) return { by: "id", id: options.id };
  return options.allRetired ? { by: "allRetired", keep: options.keep ?? settings.keep } : { by: "theOne" };
}

/** What the report says of a deployment, whatever becomes of it. */
export function entryOf({
  id,
  targetGroup,
  state,
  serviceName,
}: StagedDeployment): Omit<TeardownEntry, "outcome"> {
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
  choice: Choice,
  command: RunCommand,
  context: RunContext,
): CommandResult {
  const code = exitCodeOf(entries);
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

function nothingBecause(choice: Choice, { application, deployments }: ObservedApplication): string {
  switch (choice.by) {
    case "id":
      return `${application} has no deployment ${choice.id}, or not any more.`;
    case "allRetired": {
      const kept = deployments.filter(({ state }) => state === "retired").map(({ id }) => id);
      const but =
        kept.length === 0 ? "" : ` but ${kept.join(", ")}, kept to go back to (--keep ${choice.keep})`;
      return `${application} has no deployment to take down${but}.`;
    }
    case "theOne":
      return deployments.length === 0
        ? `${application} has no deployment.`
        : `${application} has no retired and no failed deployment; ./deploy deployments ${application} lists those that there are, and --id takes any down that has no traffic.`;
  }
}
