/** What is said where the stacks break rules, or suppress what is not broken. */
import { parseDocument } from "../environments/document.ts";
import { formatProblem } from "../problem.ts";
import type { HardeningReport, RuleResult, Scope, UnusedSuppression } from "./report.ts";

/** The environments file, for the places in it. */
export interface EnvironmentsText {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
}

/**
 * Tells everything at once: each broken rule with its resources, what was found and what to do, then each suppression
 * that suppresses nothing with its place in the file.
 */
export function refusalText({ results, unused }: HardeningReport, source: EnvironmentsText): string {
  const broken = results.filter(({ state }) => state === "violated");
  const paragraphs = [
    ...(broken.length === 0
      ? []
      : [
          `The stacks break ${counted(broken.length, "hardening rule")}; nothing was written. npm run audit lists all rules.`,
        ]),
    ...broken.map((result) => brokenText(result, source.file)),
    ...unused.map((suppression) => unusedText(suppression, results, source)),
  ];
  return `${paragraphs.join("\n\n")}\n`;
}

function brokenText({ id, title, why, mend, scope, violations }: RuleResult, file: string): string {
  return [
    `${id} ${title} (${scopeName(scope)})`,
    ...violations.map(({ path, type, found }) => `  ${path} (${type}): ${found.join("; ")}`),
    `  Why: ${why}`,
    `  Do: ${mend} Or say in ${file}, in ${fieldOf(scope)}, why it need not be so:`,
    `      "suppressions": { "${id}": "<a reason of at least 15 characters>" }`,
  ].join("\n");
}

function unusedText(
  { scope, id, index, resources }: UnusedSuppression,
  results: readonly RuleResult[],
  { file, text }: EnvironmentsText,
): string {
  const result = results.find((one) => one.id === id && one.scope === scope);
  const path = [...(scope === undefined ? ["users"] : ["environments", scope]), "suppressions", id];
  const place = index === undefined ? path : [...path, index];
  const message = `This suppresses nothing: ${reasonOf(result, resources)}. Remove it, or the next one who breaks the rule is not told.`;
  return formatProblem({ file, ...parseDocument(text).problemAt(place, message) });
}

function reasonOf(result: RuleResult | undefined, resources: string | undefined): string {
  const { state = "doesNotApply", lookedAt = 0 } = result ?? {};
  switch (state) {
    case "doesNotApply":
      return "no resource here is of a kind that the rule is about";
    case "holds":
      return `the rule holds for ${lookedAt === 1 ? "the one resource" : `all ${lookedAt} resources`} that it is about`;
    case "violated":
    case "suppressed":
      return resources === undefined
        ? "other suppressions have reasons for every resource that breaks the rule"
        : `no resource whose path is like ${resources} breaks the rule without another reason`;
  }
}

/** How a scope is called. */
export function scopeName(scope: Scope): string {
  return scope === undefined ? "account-wide" : `environment ${scope}`;
}

function fieldOf(scope: Scope): string {
  return scope === undefined ? "users" : `environments.${scope}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
