import { InterruptedError } from "../../core/errors.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import type { Scaling } from "../../core/staged/autoscaling-handover.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { takeLocks } from "../lock/lock.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { endMove, type Ending } from "./end-move.ts";
import type { MoveRun } from "./move-run.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";

/** A move's run before its alarms are known. */
export type MoveDesk = Omit<MoveRun, "alarms">;

/** What one of the verbs that move traffic does. */
export interface Mover<Plan> {
  /** Decides what to do; `now` is ISO 8601. */
  decide(observed: ObservedApplication, now: string): Promise<Plan>;
  planned(plan: Plan): Ending;
  /** Does it. Before the first write it may throw, after that it tells. */
  carryOut(
    plan: Plan,
    observed: ObservedApplication,
    desk: MoveDesk,
  ): Promise<{ readonly observed: ObservedApplication; readonly ending: Ending }>;
}

/**
 * What all moves of traffic have in common: the lock, the look at the application, `--dry-run`, and the result.
 *
 * @throws RefusedError, UsageError, InvalidInputError, InterruptedError or AwsCallError before the first write
 */
export async function moveTraffic<Plan>(
  service: StagedService,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
  mover: Mover<Plan>,
): Promise<CommandResult> {
  const { serviceName, cluster } = service.address;
  const { clock, wallClock, signal } = edge;
  const began = clock.now();
  const end = (observed: ObservedApplication, ending: Ending): CommandResult =>
    endMove(observed, ending, (clock.now() - began) / 1_000, command, context);
  const now = (): string => new Date(wallClock.now()).toISOString();
  context.emit({
    type: "runStarted",
    command: command.verb,
    environment: context.environment.name,
    region: context.region,
    services: [{ service: serviceName, cluster }],
  });
  if (command.options.dryRun) {
    const observed = await observeApplication(service, context);
    return end(observed, mover.planned(await mover.decide(observed, now())));
  }
  const purpose = `${command.verb} ${serviceName}`;
  const held = await takeLocks([{ serviceName, cluster, purpose }], command, context, edge);
  try {
    const { trafficPort } = await import("../../aws/traffic.ts");
    const desk: MoveDesk = {
      command,
      context,
      edge,
      traffic: context.connect(trafficPort),
      held,
      mayWrite: () => held.lost.throwIfAborted(),
    };
    const observed = await observeApplication(service, context);
    const plan = await mover.decide(observed, now());
    if (signal.aborted) throw new InterruptedError("Interrupted before anything was changed.");
    const { observed: after, ending } = await mover.carryOut(plan, observed, desk);
    return end(after, ending);
  } finally {
    await held.release();
  }
}

/** Which of the deployments' services scale by themselves, and how. */
export async function scalingOf(
  { cluster, deployments }: ObservedApplication,
  { connect }: RunContext,
): Promise<Scaling> {
  if (deployments.length === 0) return new Map();
  const { autoScalingPort } = await import("../../aws/auto-scaling.ts");
  const names = deployments.map(({ serviceName }) => serviceName);
  return connect(autoScalingPort).describeTargets(cluster, names);
}
