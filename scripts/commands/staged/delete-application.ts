import { leftovers } from "../../core/delete/leftovers.ts";
import { InterruptedError, RefusedError, UsageError } from "../../core/errors.ts";
import { exitCode } from "../../core/exit-code.ts";
import { exitCodeOf } from "../../core/outcome-exit-code.ts";
import { familyName, taskRoleName } from "../../core/staged/names.ts";
import { stagedTags, type ObservedApplication } from "../../core/staged/model.ts";
import { closed, planClose } from "../../core/staged/plan-close.ts";
import { planTeardown } from "../../core/staged/plan-teardown.ts";
import { standing } from "../../core/staged/standing.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { stagedDeleteText, type StagedDeleteReport } from "../../terminal/staged-delete-text.ts";
import type { TeardownEntry } from "../../terminal/teardown-text.ts";
import { counted } from "../../terminal/words.ts";
import { confirmName, type Person } from "../ask.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { closeApplication } from "./close.ts";
import { typed } from "./next-commands.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import { takeAllDown } from "./take-all-down.ts";
import { entryOf } from "./teardown.ts";

/** What a deletion needs to know besides the application. */
interface Deletion {
  readonly command: RunCommand;
  readonly context: RunContext;
  readonly edge: RunEdge;
  readonly person: Person | undefined;
  /** ECS knows a service of the application's own name, or still tells of one that was deleted. */
  readonly hasNamesake: boolean;
}

/**
 * `./deploy delete` of an application whose every deployment is a service of its own: takes the live host's rule and
 * record away, then every deployment down, once its connections have drained. The same again goes on with what a
 * killed run began.
 *
 * @throws UsageError where it is not confirmed, RefusedError for rules that Slipway did not make; nothing was changed
 */
export async function deleteApplication(service: StagedService, run: Deletion): Promise<CommandResult> {
  const { command, context, edge, person } = run;
  const { options } = command;
  if (!options.wait) {
    throw new UsageError(
      `--no-wait is not for ${service.address.name}, which has a service per deployment: its target groups can go only when their connections have drained, and this run takes them away. Nothing was changed.`,
    );
  }
  const seen = await observeApplication(service, context);
  const steps = planClose(seen);
  const leftBehind = await whatStays(seen, context);
  const report = (
    outcome: StagedDeleteReport["outcome"],
    deployments: readonly TeardownEntry[] = [],
  ): CommandResult => {
    const document: StagedDeleteReport = {
      command: command.verb,
      environment: context.environment.name,
      region: context.region,
      cluster: seen.cluster,
      application: seen.application,
      host: seen.place.liveHost,
      exitCode: deployments.length === 0 ? exitCode.completed : exitCodeOf(deployments),
      outcome,
      ...(outcome === "planned" ? { steps } : {}),
      deployments,
      leftBehind,
    };
    const again = typed("delete", ["--confirm", options.confirm ?? seen.application], service, command);
    return {
      exitCode: document.exitCode,
      document,
      text: (paint) => stagedDeleteText(document, again, paint),
    };
  };
  if (seen.deployments.length === 0) return report("nothingToDo");
  if (options.dryRun) {
    const after = closed(seen);
    return report(
      "planned",
      seen.deployments.toReversed().map((one) => {
        const then = after.deployments.find(({ id }) => id === one.id) ?? one;
        return { ...entryOf(one), outcome: "planned", steps: planTeardown(after, then) };
      }),
    );
  }
  refuseMistaken(seen, run);
  if (
    options.confirm === undefined &&
    !(await confirmName(seen.application, question(seen, context), person))
  ) {
    throw new InterruptedError(`The name was not typed, so ${seen.application} was left alone.`);
  }
  const { chosen, endings } = await takeAllDown(
    { by: "all" },
    service,
    { command, context, edge },
    (observed, locked) => closeApplication(service, observed, locked),
  );
  const entries = chosen.map((one): TeardownEntry => ({
    ...entryOf(seen.deployments.find(({ id }) => id === one.id) ?? one),
    ...(endings.get(one.id) ?? { outcome: "notBegun" }),
  }));
  return report(entries.every(({ outcome }) => outcome === "tornDown") ? "deleted" : "incomplete", entries);
}

/** A pipeline that deletes the service which the application took over from, and runs again, means that one still. */
function refuseMistaken(
  { application, cluster, liveRule, place: { liveHost } }: ObservedApplication,
  { command: { options }, hasNamesake }: Deletion,
): void {
  if (!hasNamesake || liveRule === undefined || options.confirm !== application) return;
  throw new RefusedError(
    `Service ${application} in cluster ${cluster} was deleted a while ago, and ${application} now has a service per deployment, with live traffic at ${liveHost}. Which of the two --confirm ${application} means can't be told. To delete what has the traffic: --confirm ${liveHost}. Nothing was changed.`,
  );
}

function question(observed: ObservedApplication, { environment, region }: RunContext): string {
  const { application, cluster, deployments, place, liveRule } = observed;
  const tasks = standing(observed).reduce((sum, { service }) => sum + (service.runningCount ?? 0), 0);
  const live = deployments
    .filter(({ trafficPercent }) => trafficPercent > 0)
    .map(({ id, targetGroup }) => {
      const version = targetGroup.tags[stagedTags.version];
      return `${id}${version === undefined ? "" : ` (version ${version})`}`;
    });
  const traffic =
    live.length === 0
      ? "None of them has live traffic."
      : `LIVE TRAFFIC at ${place.liveHost} goes to ${live.join(" and ")}.`;
  const rule = liveRule === undefined ? "" : "The live host's rule and record are taken away, ";
  return `${application} in cluster ${cluster} (environment ${environment.name}, ${region}) has ${counted(deployments.length, "deployment")} with ${counted(tasks, "task")}. ${traffic} ${rule === "" ? "All" : `${rule}and all`} deployments are taken down.\nType its name to go on: `;
}

/** What no teardown takes away. */
async function whatStays(observed: ObservedApplication, { ecs }: RunContext): Promise<readonly string[]> {
  const [newest] = standing(observed);
  const arn = newest?.service.taskDefinition;
  const revision = arn === undefined ? undefined : await ecs.describeTaskDefinition(arn);
  const role = revision?.taskDefinition.taskRoleArn;
  return newest === undefined
    ? [`task definition family ${familyName(observed)}`]
    : [
        ...leftovers({ ...newest.service, loadBalancers: [], taskSets: [] }, revision),
        ...(role?.endsWith(`/${taskRoleName(observed)}`) === true ? [`role ${role}`] : []),
      ];
}
