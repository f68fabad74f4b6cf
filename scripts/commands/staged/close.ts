import { InterruptedError } from "../../core/errors.ts";
import { activeOf } from "../../core/staged/find.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import { planClose } from "../../core/staged/plan-close.ts";
import { removeLiveRecord } from "./live-route.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import type { TeardownRun } from "./take-down.ts";

/** One on each listener that the environments file has ever asked for. */
const mostLiveRules = 10;

/**
 * Takes the live host away from an application: its rule, then its record. Each call may be done again, so that a run
 * after one that was killed goes on.
 *
 * @returns the application as it is then
 * @throws RefusedError before the first write; AwsCallError, InterruptedError
 */
export async function closeApplication(
  service: StagedService,
  seen: ObservedApplication,
  { context, edge, held }: TeardownRun,
): Promise<ObservedApplication> {
  const { trafficPort } = await import("../../aws/traffic.ts");
  const traffic = context.connect(trafficPort);
  const mayWrite = (): void => {
    held.lost.throwIfAborted();
    if (edge.signal.aborted) {
      throw new InterruptedError("Interrupted. What is left is found again by the same command.");
    }
  };
  let observed = seen;
  for (let turn = 0; turn < mostLiveRules; turn += 1) {
    const steps = planClose(observed);
    for (const step of steps) {
      mayWrite();
      switch (step.kind) {
        case "retireLiveRule":
          await traffic.modifyRule(step.ruleArn, step.groups, step.host);
          await traffic.tag(step.ruleArn, step.tags);
          break;
        case "deleteLiveRule":
          await traffic.deleteRule(step.ruleArn);
          break;
        case "deleteLiveRecord":
          await removeLiveRecord(observed, { context, traffic, mayWrite });
          break;
      }
    }
    if (observed.liveRule === undefined) break;
    const id = activeOf(observed)?.id;
    const message = `${observed.application}: requests for ${observed.place.liveHost} no longer go to ${id === undefined ? "its deployments" : `deployment ${id}`}`;
    context.emit({ type: "note", message });
    observed = await observeApplication(service, context);
  }
  return observed;
}
