import wrapAnsi from "wrap-ansi";

import { scopeName } from "../core/hardening/refusal.ts";
import type { HardeningReport, RuleResult, Scope, Suppression } from "../core/hardening/report.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { counted } from "./words.ts";

type Applying = Exclude<RuleResult["state"], "doesNotApply">;

const words: Readonly<Record<Applying, string>> = {
  holds: "holds",
  suppressed: "suppressed",
  violated: "VIOLATED",
};

/** Narrower than this, lines are as wide as they are. */
const leastWidth = 50;

/**
 * A table for each environment and one for the account: every rule with its state, the number of resources that it
 * looked at, the reasons of suppressions and what breaks it; the ids of those that are about nothing there at the end.
 */
export function auditText({ results }: HardeningReport, paint: Paint, columns: number): string {
  const scopes = [...new Set(results.map(({ scope }) => scope))];
  const width = Math.max(columns, leastWidth);
  return scopes.map((scope) => scopeText(scope, results, paint, width)).join("\n");
}

function scopeText(scope: Scope, results: readonly RuleResult[], paint: Paint, width: number): string {
  const rows = results.filter((result) => result.scope === scope);
  const applying = rows.flatMap((row) =>
    row.state === "doesNotApply" ? [] : [{ ...row, state: row.state }],
  );
  const idWidth = Math.max(0, ...applying.map(({ id }) => id.length));
  const stateWidth = Math.max(...Object.values(words).map((word) => word.length));
  const countWidth = Math.max(0, ...applying.map(({ lookedAt }) => String(lookedAt).length));
  const indent = 2 + idWidth + 2 + stateWidth + 2 + countWidth + 2;
  const lines = applying.flatMap((row) => {
    const state = toneOf(row.state, paint)(words[row.state].padEnd(stateWidth));
    const count = String(row.lookedAt).padStart(countWidth);
    const head = `  ${paint.strong(row.id.padEnd(idWidth))}  ${state}  ${count}  `;
    const further = details(row).map((text) => hanging(" ".repeat(indent), text, indent, width));
    return [hanging(head, row.title, indent, width), ...further];
  });
  const others = rows.filter(({ state }) => state === "doesNotApply").map(({ id }) => id);
  const last =
    others.length === 0
      ? []
      : [hanging("  ", `Nothing that they are about is there: ${others.join(", ")}`, 2, width)];
  const heading = hanging("", `${paint.strong(capital(scopeName(scope)))}: ${summary(rows)}`, 2, width);
  return `${[heading, ...lines, ...last.map(paint.faint)].join("\n")}\n`;
}

/** Text behind a head, wrapped where it stands. */
function hanging(head: string, text: string, indent: number, width: number): string {
  const wrapped = wrapAnsi(text, Math.max(20, width - indent), { hard: true }).split("\n");
  return wrapped
    .map((line, index) => `${index === 0 ? head : " ".repeat(indent)}${line}`.trimEnd())
    .join("\n");
}

function details({ suppressions, violations, mend, lookedAt }: RuleResult): readonly string[] {
  return [
    ...suppressions.map((suppression) => suppressionText(suppression, lookedAt)),
    ...violations.map(({ path, found }) => `${path}: ${cleanLine(found.join("; "))}`),
    ...(violations.length > 0 ? [mend] : []),
  ];
}

function suppressionText({ by, reason, violations }: Suppression, lookedAt: number): string {
  const whose = by === "file" ? "environments.jsonc" : "stacks";
  const some = violations.length === lookedAt ? "" : `, for ${violations.map(({ path }) => path).join(", ")}`;
  return `by ${whose}${some}: ${cleanLine(reason)}`;
}

function toneOf(state: Applying, paint: Paint): (text: string) => string {
  switch (state) {
    case "holds":
      return paint.good;
    case "suppressed":
      return paint.warning;
    case "violated":
      return paint.bad;
  }
}

function summary(rows: readonly RuleResult[]): string {
  const count = (state: RuleResult["state"]): number => rows.filter((row) => row.state === state).length;
  const parts = [
    `${count("holds")} hold`,
    `${count("suppressed")} suppressed`,
    ...(count("violated") > 0 ? [`${count("violated")} violated`] : []),
    `${count("doesNotApply")} do not apply`,
  ];
  return `${counted(rows.length, "rule")}: ${parts.join(", ")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
