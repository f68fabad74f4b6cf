// Jest does not link two modules that are imported at once for the first time; the runs find these linked.
import "../../scripts/aws/auto-scaling.ts";
import "../../scripts/aws/monitoring.ts";
import "../../scripts/aws/scaling-plans.ts";
import "../../scripts/aws/target-health.ts";
import type { MoveRun } from "../../scripts/commands/staged/move-run.ts";
import type { DeploymentEventBody } from "../../scripts/core/events.ts";
import type { ScalableTarget, Suspension } from "../../scripts/core/ports/auto-scaling.ts";
import type { NewScheduledAction } from "../../scripts/core/ports/scaling-plans.ts";
import { jumpingClock } from "./fake-ecs.ts";

/** A service of a test: its count, and what scales it. */
export interface ScaledService {
  tasks: number;
  /** Absent where nothing scales it. */
  target?: ScalableTarget;
  readonly actions?: readonly NewScheduledAction[];
}

/**
 * A run that moves traffic between services of a fake AWS, which has them running as soon as they are wanted and does
 * what AWS does with each registration of a target: it brings the service into its range.
 */
export function scaledWorld(
  services: Record<string, ScaledService>,
  options: {
    readonly force?: boolean;
    readonly onSleep?: (turn: number) => void;
    readonly healthy?: () => number;
    /** How many tasks of `new` run; as many as are wanted where it is absent. */
    readonly running?: () => number;
    readonly unhealthy?: boolean;
  } = {},
) {
  const log: string[] = [];
  const events: DeploymentEventBody[] = [];
  const clock = jumpingClock();
  const of = (name: string): ScaledService => {
    const found = services[name];
    if (found === undefined) throw new Error(`There is no service ${name}.`);
    return found;
  };
  const register = (name: string, target: ScalableTarget): Promise<void> => {
    const service = of(name);
    service.target = target;
    service.tasks = Math.min(Math.max(service.tasks, target.minCapacity), target.maxCapacity);
    const suspended = Object.entries(target.suspension).flatMap(([kind, isIt]) => (isIt ? [kind] : []));
    log.push(`${name} ${target.minCapacity}-${target.maxCapacity} without ${suspended.join() || "nothing"}`);
    return Promise.resolve();
  };
  const targetOf = (name: string): ScalableTarget => {
    const { target } = of(name);
    if (target === undefined) throw new Error(`${name} is not registered.`);
    return target;
  };
  const port = {
    describeTargets: (_cluster: string, names: readonly string[]) =>
      Promise.resolve(
        new Map(
          names.flatMap((name) => (services[name]?.target ? [[name, services[name].target] as const] : [])),
        ),
      ),
    suspend: (_cluster: string, name: string, suspension: Suspension) =>
      register(name, { ...targetOf(name), suspension }),
    register: (_cluster: string, name: string, target: ScalableTarget) => register(name, target),
    plan: (_cluster: string, name: string) =>
      Promise.resolve({ policies: [], scheduledActions: of(name).actions ?? [] }),
    targetHealth: () =>
      Promise.resolve(
        Array.from({ length: options.healthy?.() ?? of("new").tasks }, () => ({
          TargetHealth: { State: options.unhealthy === true ? "unhealthy" : "healthy" },
        })),
      ),
    alarms: () => Promise.resolve([]),
  };
  const described = (name: string) => ({
    serviceName: name,
    status: "ACTIVE",
    desiredCount: of(name).tasks,
    runningCount: (name === "new" ? options.running?.() : undefined) ?? of(name).tasks,
    deployments: [{ rolloutState: "COMPLETED" }],
  });
  const { signal } = new AbortController();
  const sleep = (milliseconds: number): Promise<void> => {
    options.onSleep?.(clock.sleeps.length + 1);
    return clock.sleep(milliseconds, signal);
  };
  const run = {
    context: {
      ecs: {
        describeServices: (_cluster: string, names: readonly string[]) =>
          Promise.resolve(names.map(described)),
        updateService: ({ service, desiredCount }: { service: string; desiredCount: number }) => {
          of(service).tasks = desiredCount;
          log.push(`${service} to ${desiredCount} tasks`);
          return Promise.resolve({});
        },
      },
      connect: () => port,
      emit: (event: DeploymentEventBody) => {
        events.push(event);
      },
    },
    edge: { clock: { ...clock, sleep }, signal },
    command: { options: { timeoutMs: 60_000, force: options.force ?? false } },
    alarms: [],
    mayWrite: () => undefined,
    // Of a run these alone are asked for.
  } as unknown as MoveRun;
  return { run, log, events, services };
}
