import type { ExitCode } from "../core/exit-code.ts";
import type { StagedState } from "../core/staged/model.ts";
import type { TeardownStep } from "../core/staged/plan-teardown.ts";
import { cleanDeep } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { sentence, tookText } from "./words.ts";

/** What became of one deployment. */
export interface TeardownEntry {
  readonly deploymentId: string;
  readonly version?: string;
  /** As it was before. */
  readonly state: StagedState;
  readonly service: string;
  readonly outcome: "tornDown" | "planned" | "refused" | "timedOut" | "interrupted" | "stopped" | "notBegun";
  readonly seconds?: number;
  readonly reason?: string;
  /** What `--dry-run` would do. */
  readonly steps?: readonly TeardownStep[];
}

/** How `./deploy teardown` ended. */
export interface TeardownReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly application: string;
  readonly exitCode: ExitCode;
  /** Oldest first. */
  readonly deployments: readonly TeardownEntry[];
  /** Why there is none, where there is none. */
  readonly nothingBecause?: string;
}

/** A paragraph a deployment, and the command to go on with where something is left. */
export function teardownText(report: TeardownReport, again: string, paint: Paint): string {
  const { application, deployments, nothingBecause } = cleanDeep(report);
  if (deployments.length === 0) {
    return `${paint.good(`${application}: nothing to do.`)} ${nothingBecause ?? ""}\n`;
  }
  const left = deployments.some(({ outcome }) => outcome !== "tornDown" && outcome !== "planned");
  const lines = [
    ...deployments.map((one) => entryText(one, application, paint)),
    ...(left ? ["Next:", `    go on with it:  ${again}`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** What became of one deployment, or would. */
export function entryText(entry: TeardownEntry, application: string, paint: Paint): string {
  const { deploymentId, version, state, outcome, seconds, reason = "", steps = [] } = entry;
  const what = `deployment ${deploymentId}${version === undefined ? "" : ` (version ${version})`}, which was ${state}`;
  const went = seconds === undefined ? "" : ` It took ${tookText(seconds)}.`;
  switch (outcome) {
    case "tornDown":
      return `${paint.good(`${application}: torn down`)} ${what}.${went}`;
    case "planned":
      return [
        `${paint.strong(application)}: the plan for ${what.replace("was", "is")}. Nothing was changed.`,
        ...steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`),
      ].join("\n");
    case "refused":
      return `${paint.bad(`${application}: not torn down`)} is ${what}. ${sentence(reason)}`;
    case "timedOut":
      return `${paint.warning(`${application}: timed out`)} waiting for ${what}. ${sentence(reason)}`;
    case "interrupted":
      return `${paint.warning(`${application}: interrupted`)} at ${what}. ${sentence(reason)}`;
    case "stopped":
      return `${paint.bad(`${application}: stopped`)} at ${what}. ${sentence(reason)}`;
    case "notBegun":
      return `${paint.warning(`${application}: not begun`)} with ${what}.`;
  }
}

function stepText(step: TeardownStep): string {
  switch (step.kind) {
    case "markLeaving":
      return "Tag the target group as leaving";
    case "removeScaling":
      return `DeregisterScalableTarget of ${step.service}, where it is one`;
    case "deleteService":
      return `DeleteService ${step.service}, with its tasks`;
    case "waitUntilDrained":
      return "Wait until the service is gone and no target drains";
    case "deregisterRevision":
      return `DeregisterTaskDefinition ${step.revision}, unless a service uses it`;
    case "deleteRule":
      return "DeleteRule of its staged host";
    case "deleteRecord":
      return `ChangeResourceRecordSets: without ${step.record.host}`;
    case "leaveLiveRule":
      return "ModifyRule of the live host: without its target group, the others as they are";
    case "deleteTargetGroup":
      return "DeleteTargetGroup";
  }
}
