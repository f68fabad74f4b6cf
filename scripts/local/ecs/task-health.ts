import { findTarget } from "../elb/targets.ts";
import type { Transaction } from "../world/transaction.ts";
import { presumedHealthyAfter } from "./durations.ts";
import type { ServiceRecord } from "./state.ts";
import type { TaskRecord } from "./task-state.ts";

/** Why a task is unhealthy: a container's own check, or a load balancer's check of one of its targets. */
export type Ailment =
  | { readonly type: "container" }
  | {
      readonly type: "target";
      readonly targetGroupArn: string;
      readonly port: number;
      readonly reason: string;
    };

/**
 * Whether a task counts towards the healthy ones of its service: RUNNING, its health check HEALTHY, its targets
 * healthy; with targets or without a check, not before 40 s after it started to run.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function isHealthy({ state, now }: Transaction, task: TaskRecord): boolean {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  const checked = task.containers.filter((container) => container.essential && hasHealthCheck(container));
  if (checked.some((container) => container.healthStatus !== "HEALTHY")) return false;
  if (task.targets.length > 0 && now < (task.startedAt ?? Infinity) + presumedHealthyAfter) return false;
  if (task.targets.length > 0) {
    return task.targets.every(
      ({ targetGroupArn, id, port }) => findTarget(state, targetGroupArn, id, port)?.state === "healthy",
    );
  }
  return checked.length > 0 || now >= (task.startedAt ?? Infinity) + presumedHealthyAfter;
}

function hasHealthCheck(container: TaskRecord["containers"][number]): boolean {
  return container.check !== null || container.healthStatus !== "UNKNOWN";
}

/** What is wrong with a task that runs; nothing during the service's grace period. */
export function ailment(
  { state, now }: Transaction,
  service: ServiceRecord,
  task: TaskRecord,
): Ailment | undefined {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return undefined;
  const grace = (service.healthCheckGracePeriodSeconds ?? 0) * 1000;
  if (now < (task.startedAt ?? now) + grace) return undefined;
  if (task.containers.some((container) => container.essential && container.healthStatus === "UNHEALTHY")) {
    return { type: "container" };
  }
  for (const { targetGroupArn, id, port } of task.targets) {
    const target = findTarget(state, targetGroupArn, id, port);
    if (target?.state === "unhealthy") {
      return { type: "target", targetGroupArn, port, reason: target.description ?? "Health checks failed" };
    }
  }
  return undefined;
}
