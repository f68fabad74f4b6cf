import { revisionName } from "../../core/deployment/task-definition.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import { takeDown, type TeardownRun } from "./take-down.ts";

/**
 * Finishes the teardowns that killed runs have begun. What does not come about is warned of: it waits for the next
 * run.
 *
 * @param neededArn ARN of a revision that is needed still
 */
export async function sweep(
  observed: ObservedApplication,
  neededArn: string | undefined,
  run: TeardownRun,
): Promise<void> {
  const { emit } = run.context;
  const needed = neededArn === undefined ? undefined : revisionName(neededArn);
  for (const deployment of observed.deployments.filter(({ state }) => state === "leaving")) {
    const message = `${observed.application}: the teardown of deployment ${deployment.id}, which was not finished, goes on`;
    emit({ type: "note", message });
    const ending = await takeDown(deployment, observed, run, needed);
    if (ending.outcome === "tornDown") continue;
    emit({ type: "warning", service: observed.application, message: ending.reason });
  }
}
