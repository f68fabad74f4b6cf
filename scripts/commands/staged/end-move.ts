import type { ServiceOutcome } from "../../core/events.ts";
import { invocationOf } from "../../core/invocation.ts";
import { exitCodeOf } from "../../core/outcome-exit-code.ts";
import { shellWord } from "../../core/shell-word.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import type { MoveReport } from "../../core/staged/move-report.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { moveText } from "../../terminal/move-text.ts";
import type { RunCommand, RunContext } from "../run-context.ts";

/** What became of a move, besides what the application itself tells. */
export interface Ending extends Pick<
  MoveReport,
  "outcome" | "movedInMs" | "reason" | "putBackProblem" | "diagnoses" | "steps"
> {
  readonly incoming: string;
  readonly outgoing?: string | undefined;
}

/** Tells how a move ended: the last event, and the result. */
export function endMove(
  observed: ObservedApplication,
  { incoming, outgoing, ...ending }: Ending,
  seconds: number,
  command: RunCommand,
  context: RunContext,
): CommandResult {
  const it = find(observed, incoming);
  const before = find(observed, outgoing);
  const { place, listener } = observed;
  const version = it?.targetGroup.tags[stagedTags.version];
  const revision = it?.targetGroup.tags[stagedTags.revision];
  const previousVersion = before?.targetGroup.tags[stagedTags.version];
  const report: MoveReport = {
    command: command.verb,
    environment: observed.environment,
    region: context.region,
    cluster: observed.cluster,
    application: observed.application,
    deploymentId: incoming,
    ...(version === undefined ? {} : { version }),
    ...(revision === undefined ? {} : { revision }),
    state: it?.state ?? "staging",
    trafficPercent: it?.trafficPercent ?? 0,
    ...(outgoing === undefined ? {} : { previousDeploymentId: outgoing }),
    ...(previousVersion === undefined ? {} : { previousVersion }),
    host: place.liveHost,
    url: urlOf(place.liveHost, listener),
    exitCode: exitCodeOf([ending]),
    seconds,
    ...ending,
  };
  context.emit({ type: "ended", ...outcomeOf(report, before) });
  const { where } = invocationOf(command.verb, command.options, undefined);
  const typed = where.map((word) => ` ${shellWord(word)}`).join("");
  return {
    exitCode: report.exitCode,
    document: report,
    prose: true,
    text: (paint) => moveText(report, typed, paint),
  };
}

function find({ deployments }: ObservedApplication, id: string | undefined): StagedDeployment | undefined {
  return deployments.find((one) => one.id === id);
}

function urlOf(host: string, listener: ObservedApplication["listener"]): string {
  const { port = 80, protocol = "HTTP" } = listener ?? {};
  const usual = protocol === "HTTPS" ? 443 : 80;
  return `${protocol.toLowerCase()}://${host}${port === usual ? "" : `:${port}`}`;
}

/** The end as every display of a run knows it. */
function outcomeOf(report: MoveReport, before: StagedDeployment | undefined): ServiceOutcome {
  const { application: service, cluster, deploymentId, revision, seconds, reason = "", outcome } = report;
  const base = { service, cluster, ...(revision === undefined ? {} : { revision }) };
  const diagnoses = report.diagnoses ?? [];
  switch (outcome) {
    case "planned":
      return { ...base, outcome: "planned", steps: [] };
    case "nothingToDo":
      return { ...base, outcome: "nothingToDo", because: reason };
    case "activated":
    case "rolledBack":
      return { ...base, outcome: "completed", deploymentId, seconds };
    case "putBack":
    case "failed": {
      const back = outcome === "putBack" ? before?.targetGroup.tags[stagedTags.revision] : undefined;
      return {
        ...base,
        outcome: "failed",
        deploymentId,
        reason,
        failedRevision: revision ?? deploymentId,
        diagnoses,
        ...(back === undefined ? {} : { rolledBackTo: back }),
      };
    }
    case "timedOut":
      return { ...base, outcome: "timedOut", deploymentId, seconds, diagnoses };
    case "interrupted":
      return { ...base, outcome: "interrupted", deploymentId };
    case "stopped":
      return { ...base, outcome: "stopped", reason, changed: [] };
  }
}
