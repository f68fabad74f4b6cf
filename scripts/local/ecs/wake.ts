import type { State } from "../world/state.ts";
import { schedulerReaction } from "./durations.ts";

/** Has the scheduler look at a service soon, unless it will anyway. */
export function lookSoon({ ecs }: State, now: number, serviceArn: string | null): void {
  const service = ecs.services[serviceArn ?? ""];
  if (!service || service.status === "INACTIVE") return;
  service.nextLookAt = Math.min(service.nextLookAt ?? Infinity, now + schedulerReaction);
}

/** Has the scheduler look at every service that has a target in a group, as when a target's health changed. */
export function lookAtServicesOf(state: State, now: number, targetGroupArn: string): void {
  for (const service of Object.values(state.ecs.services)) {
    const uses = service.deployments.some(({ revision }) =>
      revision.loadBalancers.some((loadBalancer) => loadBalancer.targetGroupArn === targetGroupArn),
    );
    if (uses) lookSoon(state, now, service.arn);
  }
}
