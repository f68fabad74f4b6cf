import ms from "ms";

import type { ServiceOutcome } from "../core/events.ts";
import type { Invocation } from "../core/invocation.ts";
import type { RunReport } from "../core/report.ts";
import { shellWord } from "../core/shell-word.ts";

/** One way to go on: what it is for, and the command as it is typed. */
export interface NextCommand {
  readonly purpose: string;
  readonly command: string;
}

/** What stands for the image where the one that was deployed is to blame. */
const anotherImage = "<image>";
/** Logs are of one service each; a fleet's failure does not need all of them. */
const logsNamed = 3;

/**
 * How to go on after a run, each command once for all services that it fits. After a run in ecs-deploy's form the same
 * command is not among them: it may have held keys, and is in the pipeline's own words.
 */
export function nextCommands(report: RunReport): readonly NextCommand[] {
  const named = (wanted: (outcome: ServiceOutcome) => boolean): readonly string[] =>
    report.services.filter(wanted).map(({ service }) => service);
  const again = (services: readonly string[], changes: Changes = {}): string =>
    repeated(report, services, changes);
  const isForeign = report.invocation?.isForeign === true;
  const repeat: typeof step = isForeign ? noStep : step;
  // Each restart begins a rollout of its own, so that a second one would not wait for the first.
  const resume: typeof step = report.command === "restart" ? noStep : repeat;
  const other = (verb: string, services: readonly string[]): string =>
    typed(verb, services, report.invocation?.where ?? [], report.invocation);

  const waiting = named(({ outcome }) => outcome === "started" || outcome === "interrupted");
  const timedOut = named(({ outcome }) => outcome === "timedOut");
  const stopped = named(({ outcome }) => outcome === "stopped");
  const failed = named(({ outcome }) => outcome === "failed");
  const leftFailed = named(
    (outcome) =>
      outcome.outcome === "failed" && outcome.rolledBackTo === undefined && report.command !== "create",
  );
  const notPutBack = named((outcome) => outcome.outcome === "putBack" && outcome.problem !== undefined);
  const mended = named(({ outcome }) => ["failed", "putBack", "skipped"].includes(outcome));
  const undone = named(({ outcome }) => ["timedOut", "failed", "putBack"].includes(outcome));
  const superseded = named(({ outcome }) => outcome === "superseded");
  const gone = named(({ outcome }) => outcome === "gone");
  const unclear = [
    ...timedOut,
    ...superseded,
    ...(resume === noStep ? waiting : []),
    ...(isForeign ? stopped : []),
  ];

  const unscaled = named(({ autoscaling }) => autoscaling?.result === "notSet");

  const awaiting = named(
    (outcome) =>
      outcome.outcome === "paused" ||
      (outcome.outcome === "timedOut" && outcome.waitsForApprovalAt !== undefined),
  );

  return [
    ...step("let it go on", awaiting, (services) => other("activate", services)),
    ...step("go back", awaiting, (services) => other("rollback", services)),
    ...step("go back by hand", [...leftFailed, ...notPutBack], (services) => other("rollback", services)),
    ...failed
      .slice(0, logsNamed)
      .map((service) => ({ purpose: "read the log", command: other("logs", [service]) })),
    ...resume("take it up again", waiting, (services) => again(services)),
    ...resume("wait on", timedOut, (services) => again(services, { longer: true })),
    ...step("see how it stands", unclear, (services) => other("status", services)),
    ...repeat("set the autoscaling", unscaled, (services) => again(services)),
    ...repeat("try again", stopped, (services) => again(services)),
    ...repeat(timedOut.length < undone.length ? "when it is mended" : "after that", mended, (services) =>
      again(services, { image: failed.length > 0 }),
    ),
    ...repeat("create it anew", gone, (services) => again(services, { verb: "create" })),
  ];
}

interface Changes {
  readonly verb?: string;
  /** Whether another image than the last one is meant. */
  readonly image?: boolean;
  readonly longer?: boolean;
}

function step(
  purpose: string,
  services: readonly string[],
  command: (services: readonly string[]) => string,
): readonly NextCommand[] {
  return services.length === 0 ? [] : [{ purpose, command: command(services) }];
}

function noStep(): readonly NextCommand[] {
  return [];
}

function repeated(report: RunReport, services: readonly string[], changes: Changes): string {
  const { invocation } = report;
  const image = changes.image === true && invocation?.image !== undefined ? anotherImage : invocation?.image;
  const failedToCreate = changes.image === true && report.command === "create";
  // The service exists after a failed creation, so that it is updated from then on.
  const verb = changes.verb ?? (failedToCreate ? "update" : report.command);
  const timeout = timeoutOptions(invocation, changes.longer === true);
  const options = [...(invocation?.where ?? []), ...(invocation?.how ?? []), ...timeout];
  const prefix =
    image === undefined ? "" : `CONTAINER_VERSION=${image === anotherImage ? image : shellWord(image)} `;
  return `${prefix}${typed(verb, services, options, invocation)}`;
}

const defaultTimeoutMs = ms("10m");
const longestTimeoutMs = ms("24h");

function timeoutOptions(invocation: Invocation | undefined, longer: boolean): readonly string[] {
  const timeoutMs = invocation?.timeoutMs ?? defaultTimeoutMs;
  const wanted = longer ? Math.min(2 * timeoutMs, longestTimeoutMs) : timeoutMs;
  return wanted === defaultTimeoutMs ? [] : ["--timeout", durationOption(wanted)];
}

/** Milliseconds as `--timeout` takes them. */
function durationOption(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function typed(
  verb: string,
  services: readonly string[],
  options: readonly string[],
  invocation: Invocation | undefined,
): string {
  const names = services.map((service) => invocation?.names[service] ?? service);
  return ["./deploy", verb, ...[...names, ...options].map(shellWord)].join(" ");
}
