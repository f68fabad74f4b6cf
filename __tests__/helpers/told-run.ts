import type { DeploymentEvent } from "../../scripts/core/events.ts";
import type { Finished } from "./deploy-command.ts";

/** What a run with `--events ndjson` told. */
export interface ToldRun extends Finished {
  readonly events: readonly DeploymentEvent[];
  /** How it ended, by service. */
  readonly ended: Readonly<Record<string, Extract<DeploymentEvent, { type: "ended" }>>>;
}

/** Reads what a run with `--events ndjson` has told. */
export function told({ stdout, stderr, exitCode }: Finished): ToldRun {
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"at"'));
  const events = lines.map((line) => JSON.parse(line) as DeploymentEvent);
  const ends = events.filter((event) => event.type === "ended");
  return {
    stdout,
    stderr,
    events,
    ended: Object.fromEntries(ends.map((event) => [event.service, event])),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
