import { RefusedError } from "../../core/errors.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import type { RollbackPlan } from "../../core/staged/plan-rollback.ts";
import type { Ending } from "./end-move.ts";
import type { MoveDesk } from "./move-traffic.ts";
import type { StagedService } from "./place.ts";

/** What came of it. */
export type StagedAgain =
  | { readonly kind: "staged"; readonly observed: ObservedApplication }
  | { readonly kind: "ended"; readonly observed: ObservedApplication; readonly ending: Ending };

export function stageAgain(
  plan: Extract<RollbackPlan, { kind: "stageAgain" }>,
  _observed: ObservedApplication,
  _service: StagedService,
  _desk: MoveDesk,
): Promise<StagedAgain> {
  return Promise.reject(new RefusedError(`${plan.id} is gone.`));
}
