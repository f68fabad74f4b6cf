import type { ExitCode } from "../core/exit-code.ts";
import type { CloseStep } from "../core/staged/plan-close.ts";
import { cleanDeep } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { entryText, type TeardownEntry } from "./teardown-text.ts";

/** How `./deploy delete` ended of a service whose every deployment is a service of its own. */
export interface StagedDeleteReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly application: string;
  /** The host that clients use, or used. */
  readonly host: string;
  readonly exitCode: ExitCode;
  /** `incomplete` where one of the deployments is left; why is told of that one. */
  readonly outcome: "deleted" | "planned" | "nothingToDo" | "incomplete";
  /** What `--dry-run` would do before it takes the deployments down. */
  readonly steps?: readonly CloseStep[];
  /** Oldest first. */
  readonly deployments: readonly TeardownEntry[];
  /** What the account still has of the application. */
  readonly leftBehind: readonly string[];
}

/** A paragraph a deployment, what stays, and the command to go on with where something is left. */
export function stagedDeleteText(report: StagedDeleteReport, again: string, paint: Paint): string {
  const { application, environment, host, outcome, deployments, leftBehind, steps = [] } = cleanDeep(report);
  const stays =
    leftBehind.length === 0
      ? []
      : [
          "What stays, and may be deleted where nothing else uses it:",
          ...leftBehind.map((what) => `  ${what}`),
        ];
  const each = deployments.map((one) => entryText(one, application, paint));
  const lines = ((): readonly string[] => {
    switch (outcome) {
      case "nothingToDo":
        return [
          `${paint.good(`${application}: nothing to do.`)} It has no deployment in environment ${environment}.`,
        ];
      case "planned":
        return [
          `${paint.strong(application)}: would be deleted from environment ${environment}, with every deployment. Nothing was changed.`,
          ...steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`),
          ...each,
          ...stays,
        ];
      case "deleted":
        return [
          ...each,
          `${paint.good(`${application}: deleted`)} from environment ${environment}; nothing of it answers at ${host} any more.`,
          ...stays,
        ];
      case "incomplete":
        return [...each, "Next:", `    go on with it:  ${again}`];
    }
  })();
  return `${lines.join("\n")}\n`;
}

function stepText(step: CloseStep): string {
  switch (step.kind) {
    case "retireLiveRule":
      return `ModifyRule of the live host: for ${step.host} instead, until its connections have drained`;
    case "deleteLiveRule":
      return "DeleteRule of the live host";
    case "deleteLiveRecord":
      return `ChangeResourceRecordSets: without ${step.host}, unless another rule answers for it`;
  }
}
