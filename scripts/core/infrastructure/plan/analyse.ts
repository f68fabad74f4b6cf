import { changedNames, forcingAttributes, objectOf, partsThatChange } from "./attribute-changes.ts";
import type { AttributeChange } from "./attribute-changes.ts";
import { consequenceOf } from "./consequence.ts";
import { guardOf } from "./guarded-types.ts";
import type { Guard } from "./guarded-types.ts";
import { findMoves } from "./moves.ts";
import type { SuggestedMove } from "./moves.ts";
import type { PlanJson, PlannedChange } from "./plan-json.ts";
import { standInPrefix } from "./stand-ins.ts";

/** What becomes of a resource. `forget`: Terraform lets go of it and leaves it as it is. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "import" | "move";

/** What a plan would do to one resource. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Arguments that change; of a replacement, those that force it. */
  readonly attributes: readonly AttributeChange[];
  /** The old one goes before the new one is there. */
  readonly destroysFirst: boolean;
  /** Why it is flagged, if it is. */
  readonly guard?: Guard;
  /** What else comes of it, if anything does. */
  readonly consequence?: string;
  /** Its address before a `moved` block. */
  readonly movedFrom?: string;
  /** Why Terraform does it, where no argument tells. */
  readonly reason?: string;
}

/** What a stack's plan comes to. */
export interface StackPlan {
  readonly stack: string;
  /** Whether anything of it is there already. */
  readonly applied: boolean;
  readonly changes: readonly ResourceChange[];
  /** Resources that probably have a new name only. */
  readonly moves: readonly SuggestedMove[];
  /** Addresses of what somebody else has removed. */
  readonly gone: readonly string[];
}

/** Reads a plan of Terraform's as what it would do. */
export function analysePlan(stack: string, plan: PlanJson): StackPlan {
  const resources = plan.resource_changes.filter(
    ({ mode, address }) => mode === "managed" && !address.startsWith(standInPrefix),
  );
  return {
    stack,
    applied: hasResources(plan.prior_state),
    changes: resources.flatMap((resource) => {
      const action = actionOf(resource);
      return action === undefined ? [] : [changeOf(resource, action)];
    }),
    moves: findMoves(resources),
    // Other drift is mostly what AWS has filled in since.
    gone: plan.resource_drift
      .filter(({ change }) => change.actions.join() === "delete")
      .map(({ address }) => address),
  };
}

/** Whether anything in the plans is flagged. */
export function isFlagged(plans: readonly StackPlan[]): boolean {
  return plans.some(({ changes }) => changes.some(({ guard }) => guard !== undefined));
}

function actionOf({ change: { actions }, previous_address }: PlannedChange): Action | undefined {
  switch (actions.join(",")) {
    case "create":
      return "create";
    case "update":
      return "update";
    case "delete":
      return "destroy";
    case "delete,create":
    case "create,delete":
      return "replace";
    case "forget":
      return "forget";
    case "no-op":
      return previous_address === undefined ? undefined : "move";
    default:
      // `read` belongs to data sources.
      return undefined;
  }
}

function changeOf(resource: PlannedChange, action: Action): ResourceChange {
  const { address, type, change, previous_address, action_reason } = resource;
  const guard = action === "replace" || action === "destroy" ? guardOf(type, action) : undefined;
  const reason = action_reason === undefined ? undefined : reasons[action_reason];
  const changed = action === "update" ? changedNames(change) : [];
  const consequence = consequenceOf(resource, new Set(changed));
  return {
    address,
    type,
    action,
    attributes:
      action === "replace"
        ? forcingAttributes(change)
        : changed.flatMap((name) => partsThatChange(change, name)),
    destroysFirst: change.actions[0] === "delete",
    ...(guard === undefined ? {} : { guard }),
    ...(consequence === undefined ? {} : { consequence }),
    ...(previous_address === undefined ? {} : { movedFrom: previous_address }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: "it was not made to its end (tainted)",
  replace_by_request: "replacing it was asked for",
  replace_by_triggers: "replace_triggered_by names something that changes",
  delete_because_no_resource_config: "it is no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_no_move_target: "it was moved to an address that is not in the configuration",
};

function hasResources(priorState: unknown): boolean {
  const root = objectOf(objectOf(objectOf(priorState).values).root_module);
  const resources = root.resources;
  return Array.isArray(resources) && resources.some((resource) => objectOf(resource).mode === "managed");
}
