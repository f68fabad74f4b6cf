import type { RuleId } from "../../scripts/core/hardening/rule-ids.ts";
import type { Inventory, Resource } from "./inventory.ts";

/** What a rule is but for its id and title, which `scripts/core/hardening/rule-ids.ts` has. */
export interface RuleBody {
  /** What could happen without it. */
  readonly why: string;
  /** Terraform's names of the resources that it looks at. */
  readonly types: readonly string[];
  /** In what it goes beyond Checkov's rule of the id, where it does. */
  readonly beyond?: string;
  /** What to change, with the field of environments.jsonc where there is one. */
  readonly mend: string;
  /**
   * Looks at one resource of these types.
   *
   * @returns what is wrong with it, nothing where the rule holds, and undefined where the rule is not about it
   */
  check(resource: Resource, all: Inventory): readonly string[] | undefined;
}

/** A hardening rule. */
export interface Rule extends RuleBody {
  readonly id: RuleId;
  /** What has to be so. */
  readonly title: string;
}
