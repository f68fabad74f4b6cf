import type { MoveReport } from "../core/staged/move-report.ts";
import type { MoveStep } from "../core/staged/move.ts";
import { cleanDeep } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { causeText, counted, elapsedText, sentence } from "./words.ts";

/**
 * How a move of an application's live traffic ended.
 *
 * @param where the options that say where, as they are typed after a command
 */
export function moveText(report: MoveReport, where: string, paint: Paint): string {
  const clean = cleanDeep(report);
  const why = (clean.diagnoses ?? []).flatMap((diagnosis) => [
    `  Why: ${paint.strong(causeText(diagnosis))}`,
    ...(diagnosis.remedy === "" ? [] : [`  To do: ${diagnosis.remedy}`]),
    ...diagnosis.evidence.flatMap((one) => one.split("\n").map((line) => `    ${paint.faint(`| ${line}`)}`)),
  ]);
  const next = nextCommands(clean, where);
  return [
    ...headline(clean, paint),
    ...why,
    ...(next.length === 0 ? [] : ["Next:", ...next.map((command) => `    ${command}`)]),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function headline(report: MoveReport, paint: Paint): readonly string[] {
  const { application, outcome, url, trafficPercent, movedInMs, reason, steps = [] } = report;
  const it = named(report.deploymentId, report.version);
  const previous =
    report.previousDeploymentId === undefined
      ? undefined
      : named(report.previousDeploymentId, report.previousVersion);
  const because = reason === undefined ? "" : ` ${sentence(reason)}`;
  const moved = movedInMs === undefined ? "" : `; the last change of the rule took ${movedInMs} ms`;
  switch (outcome) {
    case "planned":
      return [
        `${paint.strong(application)}: the plan for ${it} at ${url}. Nothing was changed.`,
        ...(steps.length === 0 ? ["  Nothing to do."] : []),
        ...steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`),
      ];
    case "nothingToDo":
      return [`${paint.good(`${application}: nothing to do.`)}${because}`];
    case "activated":
      return [
        `${paint.good(`${application}: active.`)} Deployment ${it} has all of the traffic of ${url}${moved}.`,
        ...(previous === undefined ? [] : [`  ${previous} had it before, and stands by without any.`]),
      ];
    case "rolledBack":
      return [
        `${paint.good(`${application}: rolled back.`)} Deployment ${it} has all of the traffic of ${url} again${moved}.`,
        ...(previous === undefined ? [] : [`  ${previous} has none, and still stands to be looked at.`]),
      ];
    case "putBack":
      return [
        `${paint.bad(`${application}: failed, and the traffic was put back.`)}${because}`,
        `  ${previous ?? "The version before"} has all of the traffic of ${url} again. ${it} still stands, without any, to be looked at.`,
      ];
    case "failed":
    case "timedOut":
    case "interrupted":
    case "stopped":
      return [
        `${paint[outcome === "interrupted" || outcome === "timedOut" ? "warning" : "bad"](`${application}: ${words[outcome]}.`)}${because}`,
        `  Deployment ${it} has ${trafficPercent} % of the traffic of ${url}.`,
        ...(report.putBackProblem === undefined
          ? []
          : [`  The traffic could not be put back: ${sentence(report.putBackProblem)}`]),
      ];
  }
}

const words = {
  failed: "failed",
  timedOut: "timed out",
  interrupted: "interrupted",
  stopped: "stopped",
} as const;

function named(id: string, version: string | undefined): string {
  return version === undefined ? id : `${id} (${version})`;
}

/** One step of a plan as `--dry-run` prints it. */
function stepText(step: MoveStep): string {
  switch (step.kind) {
    case "matchCapacity":
      return `UpdateService ${step.service}: ${counted(step.desiredCount, "task")}; wait until they are healthy`;
    case "keepUp":
      return `Wait until ${step.service} has as many healthy tasks as ${step.with} wants; UpdateService where it has fewer`;
    case "shareAutoscaling":
      return `Keep ${step.from} and ${step.to} from scaling in, and by schedule, while the traffic moves`;
    case "copyAutoscaling":
      return `Copy the autoscaling of ${step.from} to ${step.to}; neither scales in meanwhile`;
    case "handAutoscaling":
      return [
        ...(step.suspended === undefined ? [] : [`Let ${step.to} scale (suspended: ${step.suspended})`]),
        ...(step.from === undefined ? [] : [`let ${step.from} keep its size`]),
      ]
        .join(", and ")
        .replace(/^l/, "L");
    case "tag":
      return `Tag ${step.deployment}: ${Object.keys(step.tags).join(", ")}`;
    case "untag":
      return `Take tags off ${step.deployment}: ${step.names.join(", ")}`;
    case "createLiveRule":
      return `CreateRule for ${step.host}: ${step.percent} % to ${step.deployment}`;
    case "shiftTraffic":
      return `ModifyRule: ${step.percent} % to ${step.deployment}`;
    case "watch":
      return `Watch ${step.deployment} for ${elapsedText(step.milliseconds)}: alarms, targets, tasks`;
    case "ensureLiveRecord":
      return `The DNS record of ${step.host}, where there is none`;
    case "removeStageRoute":
      return `Take the staged host of ${step.deployment} away: its record and its rule`;
  }
}

function nextCommands(report: MoveReport, where: string): readonly string[] {
  const { application, deploymentId, previousDeploymentId, outcome, command } = report;
  const typed = (verb: string, rest = ""): string => `./deploy ${verb} ${application}${rest}${where}`;
  switch (outcome) {
    case "planned":
    case "nothingToDo":
      return [];
    case "activated":
      return previousDeploymentId === undefined
        ? []
        : [typed("rollback"), typed("teardown", ` --id ${previousDeploymentId}`)];
    case "rolledBack":
      return previousDeploymentId === undefined ? [] : [typed("teardown", ` --id ${previousDeploymentId}`)];
    case "putBack":
      return [typed("deployments"), typed("teardown", ` --id ${deploymentId}`)];
    case "failed":
    case "timedOut":
    case "interrupted":
    case "stopped":
      return [
        typed("deployments"),
        typed(command, command === "activate" ? ` --id ${deploymentId}` : ""),
        ...(previousDeploymentId === undefined || command === "rollback" ? [] : [typed("rollback")]),
      ];
  }
}
