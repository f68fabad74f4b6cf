import { exitCode } from "../../core/exit-code.ts";
import type { ObservedApplication, StagedState } from "../../core/staged/model.ts";
import { stagedHost, stagedServiceName, targetGroupName } from "../../core/staged/names.ts";
import type { StageStep } from "../../core/staged/plan-stage.ts";
import type { StageReport } from "../../core/staged/stage-report.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import type { StagedService } from "./place.ts";
import type { StageInputs } from "./stage-inputs.ts";

/** What a report says of how it ended. */
export type StageEnding = Pick<StageReport, "outcome" | "exitCode"> &
  Partial<
    Pick<
      StageReport,
      "state" | "revision" | "seconds" | "reason" | "diagnoses" | "takenDown" | "takeDownProblem" | "steps"
    >
  >;

/** Makes the report of one deployment's staging. */
export interface Reporter {
  readonly id: string;
  ended(ending: StageEnding): StageReport;
  planned(steps: readonly StageStep[]): StageReport;
  nothingToDo(): StageReport;
}

/** @param revision `family:revision`, where it is known already */
export function reporter(
  inputs: StageInputs,
  observed: ObservedApplication,
  { settings }: StagedService,
  command: RunCommand,
  { environment, region }: RunContext,
): Reporter {
  const { id, images, version } = inputs;
  const host = stagedHost(id, observed.place.stageUnder);
  const deployment = observed.deployments.find((one) => one.id === id);
  const revision = deployment?.targetGroup.tags["slipway:revision"];
  const common = {
    command: command.verb,
    environment: environment.name,
    region,
    cluster: observed.cluster,
    application: observed.application,
    deploymentId: id,
    host,
    url: urlOf(host, observed, settings.listener),
    ...(version === undefined ? {} : { version }),
    ...(revision === undefined ? {} : { revision }),
    images,
    service: stagedServiceName(observed, id),
    targetGroup: targetGroupName(observed, id),
  };
  const state: StagedState | undefined = deployment?.state;
  const known = state === undefined ? {} : { state };
  return {
    id,
    ended: (ending) => ({ ...common, ...ending }),
    planned: (steps) => ({
      ...common,
      ...known,
      outcome: "planned",
      exitCode: exitCode.completed,
      steps,
    }),
    nothingToDo: () => ({ ...common, ...known, outcome: "nothingToDo", exitCode: exitCode.completed }),
  };
}

const usualPorts: Readonly<Record<string, number>> = { HTTP: 80, HTTPS: 443 };

/** The URL of a host at the application's listener. */
function urlOf(
  host: string,
  { listener }: ObservedApplication,
  wanted: StagedService["settings"]["listener"],
): string {
  const { port = 80, protocol = "HTTP" } = listener ?? wanted ?? {};
  return `${protocol.toLowerCase()}://${host}${usualPorts[protocol] === port ? "" : `:${port}`}/`;
}
