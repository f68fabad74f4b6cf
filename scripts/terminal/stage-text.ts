import type { StageReport } from "../core/staged/stage-report.ts";
import { masked } from "../core/masking.ts";
import { cleanDeep } from "./clean-text.ts";
import type { CommandResult } from "./command-result.ts";
import { diagnosisLines } from "./report-text.ts";
import type { Paint } from "./paint.ts";
import { stagePlanText } from "./stage-plan-text.ts";
import { sentence, tookText } from "./words.ts";

/** Commands to go on with, as they are typed. */
export interface StageCommands {
  readonly activate: string;
  readonly teardown: string;
  /** The same command again. */
  readonly again: string;
}

/** A staging's report as its result. */
export function stageResult(report: StageReport, commands: StageCommands): CommandResult {
  const document = report.steps === undefined ? report : { ...report, steps: masked(report.steps) };
  return {
    exitCode: report.exitCode,
    document,
    prose: true,
    text: (paint) => stageText(cleanDeep(report), commands, paint),
  };
}

function stageText(report: StageReport, { activate, teardown, again }: StageCommands, paint: Paint): string {
  const {
    application,
    deploymentId: id,
    url,
    outcome,
    revision = "an unknown revision",
    cluster,
    host,
  } = report;
  const images = report.images.length === 0 ? "" : ` (${report.images.join(", ")})`;
  const head = (tone: "good" | "warning" | "bad", words: string): string =>
    paint[tone](`${application}: ${words}.`);
  const went = report.seconds === undefined ? "" : ` It took ${tookText(report.seconds)}.`;
  const live = "The live traffic goes where it went before.";
  switch (outcome) {
    case "planned":
      return stagePlanText(report, paint);
    case "staged":
      return lines(
        `${head("good", "staged")} Deployment ${id} runs ${revision}${images} in cluster ${cluster}.${went}`,
        `  ${paint.strong(url)}`,
        `  ${live}`,
        next(["give it the live traffic", activate], ["take it down again", teardown]),
      );
    case "nothingToDo":
      return lines(
        `${head("good", "nothing to do")} Deployment ${id} of ${revision}${images} is staged already; --force stages another.`,
        `  ${paint.strong(url)}`,
        next(["give it the live traffic", activate], ["take it down", teardown]),
      );
    case "started":
      return lines(
        `${head("good", "started")} Deployment ${id} of ${revision}${images} will answer at ${url}; it was not waited for.`,
        next(["see it to its end", again], ["take it down", teardown]),
      );
    case "failed":
      return lines(
        `${head("bad", "failed")} Deployment ${id} of ${revision}${images}: ${sentence(report.reason ?? "")}`,
        `  ${afterFailure(report)} ${live}`,
        ...(report.diagnoses ?? []).flatMap((diagnosis) => diagnosisLines(diagnosis, paint)),
        ...(report.takenDown === true ? [] : [next(["take it down", teardown])]),
      );
    case "timedOut":
      return lines(
        `${head("warning", "timed out")} Deployment ${id} of ${revision}${images} is not staged yet, and goes on.${report.reason === undefined ? "" : ` ${sentence(report.reason)}`}`,
        `  ${live}`,
        ...(report.diagnoses ?? []).flatMap((diagnosis) => diagnosisLines(diagnosis, paint)),
        next(["wait on", again], ["take it down", teardown]),
      );
    case "interrupted":
      return lines(
        report.state === undefined
          ? `${head("warning", "interrupted")} Nothing of deployment ${id} was made.`
          : `${head("warning", "interrupted")} Deployment ${id} for ${host} is begun, and what ECS does for it goes on. ${live}`,
        next(
          ["go on with it", again],
          ...(report.state === undefined ? [] : [["take it down", teardown] as const]),
        ),
      );
    case "stopped":
      return lines(
        `${head("bad", "stopped")} ${sentence(report.reason ?? "")}`,
        `  ${afterStop(report)} ${live}`,
        next(
          ["try again", again],
          ...(report.state === undefined ? [] : [["take it down", teardown] as const]),
        ),
      );
  }
}

function afterFailure({ takenDown, takeDownProblem, deploymentId }: StageReport): string {
  if (takenDown === true) return "It was taken down again.";
  if (takeDownProblem !== undefined)
    return `Taking it down again had a problem: ${sentence(takeDownProblem)}`;
  return `Deployment ${deploymentId} was left standing.`;
}

function afterStop({ state, takenDown, takeDownProblem, deploymentId: id }: StageReport): string {
  if (takenDown === true) return `What had been made of deployment ${id} was taken down again.`;
  if (takeDownProblem !== undefined)
    return `Taking down what had been made of deployment ${id} had a problem: ${sentence(takeDownProblem)}`;
  return state === undefined
    ? `Nothing of deployment ${id} was made but perhaps its role and its revision.`
    : `Deployment ${id} is begun; the same command goes on with it.`;
}

function next(...commands: readonly (readonly [string, string])[]): string {
  const width = Math.max(...commands.map(([purpose]) => purpose.length));
  return [
    "Next:",
    ...commands.map(([purpose, command]) => `    ${`${purpose}:`.padEnd(width + 1)}  ${command}`),
  ].join("\n");
}

function lines(...parts: readonly string[]): string {
  return `${parts.join("\n")}\n`;
}
