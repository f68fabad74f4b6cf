import type { ServiceOutcome } from "../core/events.ts";
import { outcomesText } from "./event-line.ts";
import { outcomeSentences } from "./outcome-sentences.ts";
import type { RunView, ServiceView } from "./run-view.ts";
import { causeText, outcomeWord, tookText, toneOf } from "./words.ts";

/**
 * A run as the Markdown of a GitHub Actions step summary, of at most so many bytes: the services first, then what
 * went wrong; what finds no room is counted. Nothing at all where there is no room even for that.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function stepSummary(view: RunView, maximumBytes: number): string {
  const services = [...view.services.values()];
  const outcomes = services.flatMap(({ outcome }) => outcome ?? []);
  const where = view.environment === undefined ? "" : ` in ${escaped(view.environment)}`;
  const title = `### ${escaped(view.command ?? "deploy")}${where}: ${escaped(outcomesText(outcomes))}\n\n`;
  const head = `${title}| Service | Result | Runs now | Image | Time |\n|---|---|---|---|---|\n`;
  const notes = bytes(leftOut(services.length, "service")) + bytes(leftOut(services.length, "failure"));
  const room = maximumBytes - bytes(head) - notes;
  if (room < 0) return "";
  const table = fitting(services.map(tableRow), room);
  const troubles = services.flatMap((service) => troubleOf(service) ?? []);
  const details = fitting(troubles, room - bytes(table.text));
  return [
    head,
    table.text,
    table.left > 0 ? leftOut(table.left, "service") : "",
    details.text,
    details.left > 0 ? leftOut(details.left, "failure") : "",
  ].join("");
}

const marks = { good: "✅", warning: "⚠️", bad: "❌" } as const;

function tableRow({ service, outcome, revision, begunAt, endedAt }: ServiceView): string {
  const result = outcome === undefined ? "not ended" : `${marks[toneOf(outcome)]} ${outcomeWord(outcome)}`;
  const images = outcome?.images?.map(code).join("<br>") ?? "";
  const took =
    begunAt === undefined || endedAt === undefined ? "" : tookText(Math.round((endedAt - begunAt) / 1_000));
  const cells = [escaped(service), result, revision === undefined ? "" : code(revision), images, took];
  return `| ${cells.join(" | ")} |\n`;
}

/** What went wrong with one service, or did not come about. */
function troubleOf({ service, outcome }: ServiceView): string | undefined {
  if (outcome === undefined || toneOf(outcome) === "good") return undefined;
  const title = `\n#### ${escaped(service)}: ${outcomeWord(outcome)}\n\n`;
  const sentences = outcomeSentences(outcome).map((text) => `${escaped(text)}\n`);
  return `${title}${sentences.join("\n")}${causes(outcome)}`;
}

function causes(outcome: ServiceOutcome): string {
  if (outcome.outcome !== "failed") return "";
  return outcome.diagnoses
    .map((diagnosis) => {
      const { remedy, evidence } = diagnosis;
      const todo = remedy === "" ? "" : `\n**To do:** ${escaped(remedy)}\n`;
      return `\n**Why:** ${escaped(causeText(diagnosis))}\n${todo}${evidence.length === 0 ? "" : fenced(evidence.join("\n"))}`;
    })
    .join("");
}

/** A block that its text can't end: its fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `\n${fence}text\n${text}\n${fence}\n`;
}

/** Text that Markdown and HTML take for text alone, in a table's cell as well. */
function escaped(text: string): string {
  return text
    .replaceAll("\n", " ")
    .replaceAll(/[&<>|`*_~[\]\\#!@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Named entities hold inside the element, while backticks would show them. */
function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function leftOut(count: number, noun: string): string {
  return `\n_${count} more ${noun}${count === 1 ? "" : "s"} found no room here; the log tells all of them._\n`;
}

function fitting(
  parts: readonly string[],
  maximumBytes: number,
): { readonly text: string; readonly left: number } {
  let text = "";
  let room = maximumBytes;
  for (const [index, part] of parts.entries()) {
    room -= bytes(part);
    if (room < 0) return { text, left: parts.length - index };
    text += part;
  }
  return { text, left: 0 };
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
