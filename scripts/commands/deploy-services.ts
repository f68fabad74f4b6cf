import { planCreate, planUpdate, type Plan } from "../core/deployment/plan.ts";
import { imagesOf, revisionName } from "../core/deployment/task-definition.ts";
import { AwsCallError, RefusedError } from "../core/errors.ts";
import type { ServiceOutcome } from "../core/events.ts";
import { exitCodeOf } from "../core/outcome-exit-code.ts";
import type { RunReport } from "../core/report.ts";
import { apply, PartlyApplied, type Applied } from "./apply.ts";
import { follow, type Watch } from "./follow.ts";
import { fillTemplates, type FilledService } from "./fill-templates.ts";
import { loadTemplates } from "./load-templates.ts";
import { observe, type ObservedService } from "./observe.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";

/** One service of a run, from its templates to the plan. */
interface Planned {
  readonly filled: FilledService;
  readonly observed: ObservedService;
  readonly plan: Plan;
}

/**
 * `./deploy create` and `./deploy update`: everything is read, filled, checked and planned for every service before
 * the first write; then the writes, then one watch over all rollouts.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError before the first write; after it, what happened is in the
 *   report
 */
export async function deployServices(command: RunCommand, edge: RunEdge): Promise<RunReport> {
  const context = await runContext(command, edge);
  const templates = await loadTemplates(command, edge.workingFolder);
  const filled = await fillTemplates(command, templates, context);
  const plans = await planAll(command, filled, context);
  const outcomes = await run(plans, command, context, edge);
  for (const outcome of outcomes) context.emit({ type: "ended", ...outcome });
  return {
    command: command.verb,
    environment: context.environment.name,
    region: context.region,
    deploymentId: context.known.deploymentId,
    exitCode: exitCodeOf(outcomes),
    services: outcomes,
  };
}

async function planAll(
  { verb }: RunCommand,
  filled: readonly FilledService[],
  { ecs }: RunContext,
): Promise<readonly Planned[]> {
  const observations = await observe(
    ecs,
    filled.map(({ serviceName, cluster, taskDefinition }) => ({
      serviceName,
      cluster,
      family: taskDefinition.family ?? "",
    })),
  );
  const refusals: string[] = [];
  const planned = filled.flatMap((service, index) => {
    const observed = observations[index] ?? { eventIds: new Set<string>() };
    try {
      const plan =
        verb === "create"
          ? planCreate(observed, { ...service, service: service.createInput() })
          : planUpdate(observed, { ...service, service: service.updateInput() });
      return [{ filled: service, observed, plan }];
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refusals.push(error.message);
      return [];
    }
  });
  if (refusals.length > 0) throw new RefusedError(refusals.join("\n"));
  return planned;
}

async function run(
  planned: readonly Planned[],
  { options }: RunCommand,
  { ecs, emit }: RunContext,
  { clock, signal }: RunEdge,
): Promise<readonly ServiceOutcome[]> {
  if (options.dryRun) {
    return planned.map(({ plan }) => ({ ...nameOf(plan), outcome: "planned", steps: plan.steps }));
  }
  const outcomes: (ServiceOutcome | Watch)[] = [];
  let refused = false;
  for (const one of planned) {
    if (signal.aborted) {
      outcomes.push({ ...nameOf(one.plan), outcome: "interrupted" });
    } else if (refused) {
      outcomes.push({
        ...nameOf(one.plan),
        outcome: "stopped",
        reason: "Not started, since AWS refused a call before it.",
        changed: [],
      });
    } else {
      const begun = await begin(one, () => apply(one.plan, ecs, emit));
      refused = "outcome" in begun && begun.outcome === "stopped";
      outcomes.push(begun);
    }
  }
  const watches = outcomes.flatMap((one) => ("outcome" in one ? [] : [one]));
  const ended = options.wait
    ? await watchAll(watches, () =>
        follow(watches, { ecs, clock, emit }, { timeoutMs: options.timeoutMs, signal }),
      )
    : watches.map(started);
  return outcomes.map((one) => ("outcome" in one ? one : (ended[watches.indexOf(one)] ?? started(one))));
}

async function begin(
  { filled, observed, plan }: Planned,
  write: () => Promise<Applied>,
): Promise<ServiceOutcome | Watch> {
  const images = imagesOf(filled.taskDefinition);
  try {
    const { deploymentId, revisionArn } = await write();
    const revision = revisionArn === undefined ? {} : { revision: revisionName(revisionArn) };
    if (deploymentId === undefined) return { ...nameOf(plan), ...revision, images, outcome: "nothingToDo" };
    return {
      ...nameOf(plan),
      deploymentId,
      revision: revision.revision ?? "an unknown revision",
      images,
      earlierEvents: observed.eventIds,
    };
  } catch (error) {
    if (!(error instanceof PartlyApplied)) throw error;
    return { ...nameOf(plan), outcome: "stopped", reason: error.message, changed: error.changed };
  }
}

/** Once something was started, a call that AWS refuses is told with it, not instead of it. */
async function watchAll(
  watches: readonly Watch[],
  watch: () => Promise<readonly ServiceOutcome[]>,
): Promise<readonly ServiceOutcome[]> {
  try {
    return await watch();
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return watches.map(({ service, cluster, deploymentId, revision }) => ({
      service,
      cluster,
      revision,
      outcome: "stopped",
      reason: error.message,
      changed: [`deployment ${deploymentId} was started and goes on`],
    }));
  }
}

function started({ service, cluster, deploymentId, revision, images }: Watch): ServiceOutcome {
  return { service, cluster, deploymentId, revision, images, outcome: "started" };
}

function nameOf({ serviceName, cluster }: Plan): { readonly service: string; readonly cluster: string } {
  return { service: serviceName, cluster };
}
