import { maskedAt } from "../../masking.ts";
import { guardOf } from "./guarded-types.ts";
import type { Guard } from "./guarded-types.ts";
import { findMoves } from "./moves.ts";
import type { SuggestedMove } from "./moves.ts";
import type { PlanJson, PlannedChange } from "./plan-json.ts";
import { standInPrefix } from "./stand-ins.ts";

/** What becomes of a resource. `forget`: Terraform lets go of it and leaves it as it is. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "import" | "move";

/** A top-level argument that changes, for people: never a secret. */
export interface AttributeChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

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
  return {
    address,
    type,
    action,
    attributes: attributesOf(resource, action),
    destroysFirst: change.actions[0] === "delete",
    ...(guard === undefined ? {} : { guard }),
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

function attributesOf({ change }: PlannedChange, action: Action): AttributeChange[] {
  if (action === "replace") {
    const forcing = (change.replace_paths ?? []).map((path) => String(path[0] ?? ""));
    return [...new Set(forcing)].filter((name) => name !== "").map((name) => attributeOf(change, name));
  }
  if (action !== "update") return [];
  const names = new Set([
    ...Object.keys(objectOf(change.after)),
    ...Object.keys(objectOf(change.after_unknown)),
  ]);
  return [...names]
    .filter((name) => differs(change, name))
    .filter((name) => name !== "tags_all" || !differs(change, "tags"))
    .toSorted()
    .map((name) => attributeOf(change, name));
}

function differs({ before, after, after_unknown }: PlannedChange["change"], name: string): boolean {
  const isUnknown = holdsTrue(objectOf(after_unknown)[name]);
  return isUnknown || JSON.stringify(objectOf(before)[name]) !== JSON.stringify(objectOf(after)[name]);
}

function attributeOf(change: PlannedChange["change"], name: string): AttributeChange {
  const secret =
    holdsTrue(objectOf(change.before_sensitive)[name]) || holdsTrue(objectOf(change.after_sensitive)[name]);
  const shown = (value: unknown): string => (secret ? "(sensitive)" : shortened(name, value));
  const unknown = holdsTrue(objectOf(change.after_unknown)[name]);
  return {
    name,
    before: shown(objectOf(change.before)[name]),
    after: unknown ? unknownValue : shown(objectOf(change.after)[name]),
  };
}

/** Stands where AWS will tell the value. */
export const unknownValue = "(known after apply)";

const longest = 80;

function shortened(name: string, value: unknown): string {
  const text = JSON.stringify(maskedAt(name, value) ?? null);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Terraform marks with `true`, at any depth, what is unknown or sensitive. */
function holdsTrue(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsTrue);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function hasResources(priorState: unknown): boolean {
  const root = objectOf(objectOf(objectOf(priorState).values).root_module);
  const resources = root.resources;
  return Array.isArray(resources) && resources.some((resource) => objectOf(resource).mode === "managed");
}
