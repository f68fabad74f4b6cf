import { revisionName } from "../../core/deployment/task-definition.ts";
import { stagedTags, type ObservedApplication } from "../../core/staged/model.ts";
import { takeDown, type TeardownRun } from "./take-down.ts";

/**
 * Finishes taking down what failed to be staged, where the run that had begun with that was killed. What had traffic
 * once is a teardown's alone, which may be waiting for its connections right now. What does not come about is warned of: it waits for the next
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
  const left = observed.deployments.filter(
    ({ state, targetGroup }) => state === "leaving" && targetGroup.tags[stagedTags.failedAt] !== undefined,
  );
  for (const deployment of left) {
    const message = `${observed.application}: the teardown of deployment ${deployment.id}, which was not finished, goes on`;
    emit({ type: "note", message });
    const ending = await takeDown(deployment, observed, run, needed);
    if (ending.outcome === "tornDown") continue;
    emit({ type: "warning", service: observed.application, message: ending.reason });
  }
}
