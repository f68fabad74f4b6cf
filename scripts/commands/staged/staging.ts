import type { Tag } from "@aws-sdk/client-ecs";

import type { DeploymentEventBody } from "../../core/events.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import type { HeldLocks } from "../lock/lock.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import type { StagedService } from "./place.ts";
import type { PlannedStaging } from "./plan-staging.ts";

/** A staging that is to be carried out. */
export interface Staging extends Omit<Extract<PlannedStaging, { kind: "stage" }>, "kind"> {
  readonly observed: ObservedApplication;
  readonly service: StagedService;
  readonly held: HeldLocks;
  readonly command: RunCommand;
  readonly context: RunContext;
  readonly edge: RunEdge;
  /** Tags of the revision and of the service. */
  readonly trail: readonly Tag[];
}

/** Tells an event in the name of the application, whose service has another name in ECS. */
export function inNameOf(
  application: string,
  serviceName: string,
  emit: (event: DeploymentEventBody) => void,
): (event: DeploymentEventBody) => void {
  return (event) => {
    emit("service" in event && event.service === serviceName ? { ...event, service: application } : event);
  };
}
