import type { RuleId } from "./rule-ids.ts";

/** Whose stacks: an environment's, or undefined for those of the account. */
export type Scope = string | undefined;

/** A resource that a rule looked at and found wanting. */
export interface Violation {
  /** Where its construct is, the stack's id first. */
  readonly path: string;
  /** Terraform's name of its kind. */
  readonly type: string;
  /** What was found, in Terraform's own names. */
  readonly found: readonly string[];
}

/** A reason that lets a rule be broken. */
export interface Suppression {
  /** The environments file, or the code of the stacks. */
  readonly by: "file" | "code";
  readonly reason: string;
  /** The violations that it covers. */
  readonly violations: readonly Violation[];
}

/** How a rule fares in one scope. */
export interface RuleResult {
  readonly id: RuleId;
  readonly title: string;
  readonly why: string;
  /** What to change so that it holds. */
  readonly mend: string;
  readonly scope: Scope;
  readonly state: "holds" | "suppressed" | "violated" | "doesNotApply";
  /** How many resources it looked at. */
  readonly lookedAt: number;
  /** Those without a reason. */
  readonly violations: readonly Violation[];
  readonly suppressions: readonly Suppression[];
}

/** A suppression in the environments file that covers nothing. */
export interface UnusedSuppression {
  readonly scope: Scope;
  readonly id: RuleId;
  /** Which entry, where the suppression is a list. */
  readonly index: number | undefined;
  /** Its pattern, where it has one. */
  readonly resources: string | undefined;
}

/** Every rule in every scope. */
export interface HardeningReport {
  readonly results: readonly RuleResult[];
  readonly unused: readonly UnusedSuppression[];
}

/** Whether a report lets an app be synthesized. */
export function isClean({ results, unused }: HardeningReport): boolean {
  return unused.length === 0 && results.every(({ state }) => state !== "violated");
}
