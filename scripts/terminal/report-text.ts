import type { Diagnosis } from "../core/diagnosis.ts";
import type { ServiceOutcome } from "../core/events.ts";
import type { RunReport } from "../core/report.ts";
import { cleanDeep } from "./clean-text.ts";
import type { CommandResult } from "./command-result.ts";
import { outcomesText } from "./event-line.ts";
import { nextCommands } from "./next-commands.ts";
import { outcomeSentences } from "./outcome-sentences.ts";
import type { Paint } from "./paint.ts";
import { planText } from "./plan-text.ts";
import { causeText, outcomeWord, toneOf } from "./words.ts";

/** A run's report as its result. How it was called is for the text alone, which names the commands to go on with. */
export function reportResult(report: RunReport): CommandResult {
  const { invocation: _, ...document } = report;
  return {
    exitCode: report.exitCode,
    document,
    prose: true,
    text: (paint) => reportText(report, paint),
  };
}

/**
 * The result of a run as text for standard output: a paragraph a service, a line that sums up a fleet, and the
 * commands to go on with. What is to be copied or compared (evidence, a plan's JSON, commands) is indented by four
 * or more, and not wrapped.
 */
export function reportText(report: RunReport, paint: Paint): string {
  const paragraphs = report.services.map((outcome) => outcomeText(outcome, paint));
  const next = nextCommands(cleanDeep(report));
  const purposes = Math.max(0, ...next.map(({ purpose }) => purpose.length));
  return [
    ...paragraphs,
    ...(report.services.length > 1 ? [summaryText(report, paint)] : []),
    ...(next.length > 0 ? ["Next:"] : []),
    ...next.map(({ purpose, command }) => `    ${`${purpose}:`.padEnd(purposes + 1)}  ${command}`),
  ]
    .map((part) => `${part}\n`)
    .join("");
}

function summaryText({ command, environment, services }: RunReport, paint: Paint): string {
  return paint.strong(
    `${command} in ${environment}, ${services.length} services: ${outcomesText(services)}.`,
  );
}

function outcomeText(outcome: ServiceOutcome, paint: Paint): string {
  if (outcome.outcome === "planned") return planText(outcome, paint);
  const clean = cleanDeep(outcome);
  const [first = "", ...more] = outcomeSentences(clean);
  const headline = paint[toneOf(clean)](`${clean.service}: ${outcomeWord(clean)}.`);
  const why =
    clean.outcome === "failed" || clean.outcome === "timedOut"
      ? (clean.diagnoses ?? []).flatMap((diagnosis) => diagnosisLines(diagnosis, paint))
      : [];
  return [`${headline} ${first}`, ...more.map((text) => `  ${text}`), ...why].join("\n");
}

/** Why, what to do about it, and what tells so. */
export function diagnosisLines(diagnosis: Diagnosis, paint: Paint): readonly string[] {
  const { remedy, evidence } = diagnosis;
  return [
    `  Why: ${paint.strong(causeText(diagnosis))}`,
    ...(remedy === "" ? [] : [`  To do: ${remedy}`]),
    ...evidence.flatMap((one) => one.split("\n").map((line) => `    ${paint.faint(`| ${line}`)}`)),
  ];
}
