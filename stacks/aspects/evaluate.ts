import type { UserSettings } from "../../scripts/core/environments.ts";
import { pathMatches } from "../../scripts/core/hardening/pattern.ts";
import type {
  HardeningReport,
  RuleResult,
  Scope,
  Suppression,
  UnusedSuppression,
  Violation,
} from "../../scripts/core/hardening/report.ts";
import type { Inventory } from "./inventory.ts";
import type { Rule } from "./rule.ts";
import type { CodeSuppression } from "./suppress.ts";

/** Suppressions as the environments file has them. */
type FileSuppressions = UserSettings["suppressions"];

/** Stacks that share their suppressions: an environment's, or those of the account. */
export interface ScopeSettings {
  readonly scope: Scope;
  /** Ids of the stacks. */
  readonly stacks: readonly string[];
  readonly suppressions: FileSuppressions;
}

/** What rules are held against. */
export interface Survey {
  readonly inventory: Inventory;
  readonly scopes: readonly ScopeSettings[];
  readonly code: readonly CodeSuppression[];
}

/** A reason, and the violations that it is for. */
interface Excuse {
  readonly by: Suppression["by"];
  readonly reason: string;
  readonly index: number | undefined;
  readonly resources: string | undefined;
  readonly covers: (violation: Violation) => boolean;
}

/** Holds every rule against every scope. Pure. */
export function evaluate(rules: readonly Rule[], survey: Survey): HardeningReport {
  const checked = survey.scopes.flatMap((scope) => rules.map((rule) => checkRule(rule, scope, survey)));
  return {
    results: checked.map(({ result }) => result),
    unused: checked.flatMap(({ unused }) => unused),
  };
}

function checkRule(
  rule: Rule,
  { scope, stacks, suppressions }: ScopeSettings,
  { inventory, code }: Survey,
): { readonly result: RuleResult; readonly unused: readonly UnusedSuppression[] } {
  const { id, title, why, mend } = rule;
  const looks = inventory
    .ofTypes(rule.types)
    .filter(({ stack }) => stacks.includes(stack))
    .flatMap((resource) => {
      const found = rule.check(resource, inventory);
      return found === undefined ? [] : [{ path: resource.path, type: resource.type, found }];
    });
  const wrong = looks.filter(({ found }) => found.length > 0);
  const written = fromFile(suppressions[id]);
  const excuses = [...fromCode(code, rule), ...written];
  // The first reason that fits is the one that is told.
  const excused = wrong.map((violation) => excuses.find(({ covers }) => covers(violation)));
  const violations = wrong.filter((_, index) => excused[index] === undefined);
  const used = excuses
    .filter((excuse) => excused.includes(excuse))
    .map((excuse) => ({
      by: excuse.by,
      reason: excuse.reason,
      violations: wrong.filter((_, index) => excused[index] === excuse),
    }));
  const unused = written
    .filter((excuse) => !excused.includes(excuse))
    .map(({ index, resources }) => ({ scope, id, index, resources }));
  const state = stateOf(looks.length, violations.length, used.length);
  return {
    result: { id, title, why, mend, scope, state, lookedAt: looks.length, violations, suppressions: used },
    unused,
  };
}

function stateOf(lookedAt: number, violations: number, suppressions: number): RuleResult["state"] {
  if (lookedAt === 0) return "doesNotApply";
  if (violations > 0) return "violated";
  return suppressions > 0 ? "suppressed" : "holds";
}

function fromCode(code: readonly CodeSuppression[], { id }: Rule): readonly Excuse[] {
  return code
    .filter((suppression) => suppression.id === id)
    .map(({ reason, path, found: wanted }) => ({
      by: "code",
      reason,
      index: undefined,
      resources: undefined,
      covers: (violation) =>
        (violation.path === path || violation.path.startsWith(`${path}/`)) &&
        (wanted === undefined || violation.found.every((one) => one === wanted)),
    }));
}

function fromFile(suppression: FileSuppressions[keyof FileSuppressions]): readonly Excuse[] {
  if (suppression === undefined) return [];
  if (typeof suppression === "string") {
    return [{ by: "file", reason: suppression, index: undefined, resources: undefined, covers: () => true }];
  }
  return suppression.map(({ resources, reason }, index) => ({
    by: "file",
    reason,
    index,
    resources,
    covers: ({ path }) => pathMatches(resources, path),
  }));
}
