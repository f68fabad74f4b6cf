import { chalk } from "zx";

import { unknownValue, type AttributeChange } from "../../core/infrastructure/plan/attribute-changes.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { Action, ResourceChange, StackPlan } from "../../core/infrastructure/plan/analyse.ts";

const words: Readonly<Record<Action, { readonly verb: string; readonly sum: string }>> = {
  create: { verb: "make", sum: "to make" },
  update: { verb: "change", sum: "to change" },
  replace: { verb: "replace", sum: "to replace" },
  destroy: { verb: "destroy", sum: "to destroy" },
  forget: { verb: "let go", sum: "to let go of" },
  import: { verb: "take over", sum: "to take over" },
  move: { verb: "move", sum: "to move to another address" },
};

const inOrder: readonly Action[] = ["destroy", "replace", "update", "forget", "import", "move", "create"];

/**
 * Plans of stacks for people: what would become of what, what is flagged and why, and how to keep it.
 *
 * @param synthesized the folder that cdktf writes stacks to
 */
export function planText(plans: readonly StackPlan[], synthesized = "cdktf.out"): string {
  const flagged = plans.flatMap(({ stack, changes }) =>
    changes.filter(({ guard }) => guard !== undefined).map((change) => ({ stack, change })),
  );
  const changing = plans.filter(({ changes }) => changes.length > 0);
  const end =
    changing.length === 0
      ? "Nothing to do."
      : flagged.length === 0
        ? "Nothing that is flagged would be replaced or destroyed."
        : chalk.red.bold(
            `${flagged.length} ${flagged.length === 1 ? "resource" : "resources"} flagged: look at each before you apply.`,
          ) + " docs/upgrading.md says how to keep one.";
  return `${plans.map((plan) => stackText(plan, synthesized)).join("\n")}\n${end}\n`;
}

function stackText(plan: StackPlan, synthesized: string): string {
  const { stack, applied, changes, moves, gone } = plan;
  const sums = inOrder
    .map((action) => ({ action, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${count} ${words[action].sum}`)
    .toReversed();
  const fresh = applied ? "" : " Not applied yet: everything is new.";
  const head = `${chalk.bold(stack)}: ${sums.length === 0 ? "nothing to do" : sums.join(", ")}.${fresh}`;
  const listed = applied ? changes : changes.filter(({ action }) => action !== "create");
  const lines = inOrder.flatMap((action) =>
    listed
      .filter((change) => change.action === action)
      .toSorted((left, right) => urgency(left) - urgency(right))
      .flatMap(changeLines),
  );
  const kinds = applied ? [] : kindLines(changes);
  const moved = moves.length === 0 ? [] : moveLines(plan, synthesized);
  const missing = gone.length === 0 ? [] : [`  Removed since, and not by Terraform: ${gone.join(", ")}`];
  return [head, ...kinds, ...lines, ...moved, ...missing].map((line) => `${line}\n`).join("");
}

/** What somebody has written comes before what follows from it, and what is flagged before the rest. */
function urgency({ guard, attributes }: ResourceChange): number {
  const isCause = attributes.some(({ after }) => after !== unknownValue);
  return (guard === undefined ? 2 : 0) + (isCause ? 0 : 1);
}

function changeLines(change: ResourceChange): string[] {
  const { address, action, guard, attributes, consequence, movedFrom, reason, destroysFirst } = change;
  const verb = words[action].verb.padEnd(9);
  const mark = guard === undefined ? "" : `  ${chalk.red.bold(`!! ${guard.kind.toUpperCase()}`)}`;
  const forced = action === "replace" ? " forces it" : "";
  return [
    `  ${guard === undefined ? verb : chalk.red(verb)} ${address}${mark}`,
    ...(movedFrom === undefined ? [] : [`            moved from ${movedFrom}`]),
    ...attributes.map((attribute) => `            ${attributeText(attribute, forced)}`),
    ...(reason === undefined ? [] : [`            ${reason}`]),
    ...(consequence === undefined ? [] : [`            ${chalk.yellow(consequence)}`]),
    ...(guard === undefined ? [] : [`            ${chalk.red(guard.why)}`]),
    ...(guard !== undefined && action === "replace"
      ? [`            ${destroysFirst ? "The old one goes first." : "The new one is made first."}`]
      : []),
  ];
}

function attributeText({ name, before, after }: AttributeChange, forced: string): string {
  return `${name}${forced}: ${before} → ${after}`;
}

/** Of a stack that is all new, each type with its number is enough. */
function kindLines(changes: readonly ResourceChange[]): string[] {
  const counts = new Map<string, number>();
  changes.forEach(({ type }) => counts.set(type, (counts.get(type) ?? 0) + 1));
  return [...counts]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([type, count]) => `  ${words.create.verb.padEnd(9)} ${String(count).padStart(3)} ${type}`);
}

function moveLines({ stack, moves }: StackPlan, synthesized: string): string[] {
  const folder = `${synthesized}/stacks/${stack}`;
  return [
    "  Probably only renamed. To keep what is there, move it in the state before you apply:",
    "    npx cdktf synth",
    `    terraform -chdir=${shellWord(folder)} init`,
    ...moves.map(
      ({ from, to }) =>
        `    terraform -chdir=${shellWord(folder)} state mv ${shellWord(from)} ${shellWord(to)}`,
    ),
  ];
}
