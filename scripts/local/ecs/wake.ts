import { isDraft, original } from "immer";

import type { State } from "../world/state.ts";
import { schedulerReaction } from "./durations.ts";
import type { EcsState } from "./state.ts";

/** Has the scheduler look at a service soon, unless it will anyway. */
export function lookSoon({ ecs }: State, now: number, serviceArn: string | null): void {
  const service = ecs.services[serviceArn ?? ""];
  if (!service || service.status === "INACTIVE") return;
  service.nextLookAt = Math.min(service.nextLookAt ?? Infinity, now + schedulerReaction);
}

/** Has the scheduler look at every service that has a target in a group, as when a target's health changed. */
export function lookAtServicesOf(state: State, now: number, targetGroupArn: string): void {
  for (const service of Object.values(servicesBefore(state))) {
    const uses = [...service.deployments, ...service.taskSets].some(({ revision }) =>
      revision.loadBalancers.some((loadBalancer) =>
        [loadBalancer.targetGroupArn, loadBalancer.advancedConfiguration?.alternateTargetGroupArn].includes(
          targetGroupArn,
        ),
      ),
    );
    if (uses) lookSoon(state, now, service.arn);
  }
}

/**
 * The services as the transaction began, when each had its target groups already: reading through a draft is far
 * slower.
 */
function servicesBefore({ ecs: { services } }: State): EcsState["services"] {
  // Immer's own type of what a draft was made from does not know exact optional members.
  return isDraft(services) ? (original(services as object) as EcsState["services"]) : services;
}
