import { startApiProxy, type FaultShares, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import type { Finished } from "./deploy-command.ts";
import { startBundle } from "./killed-runs.ts";

/** What a run left behind, with the calls that it made. */
export interface RecordedRun extends Finished {
  readonly calls: readonly ProxiedCall[];
  /** The result of `--output json`. */
  readonly report: Report;
}

/** The members of a run's report that tests look at. */
export interface Report {
  readonly exitCode: number;
  readonly services: readonly {
    readonly service: string;
    readonly outcome: string;
    readonly [member: string]: unknown;
  }[];
}

/** What a run is given. */
export interface RunSetting {
  readonly image?: string;
  readonly faults?: FaultShares;
}

/** Runs the deploy script and records its calls. */
export async function recordRun(
  command: Parameters<typeof startBundle>[0],
  endpoint: string,
  { image, faults }: RunSetting,
): Promise<RecordedRun> {
  const proxy = await startApiProxy({ endpoint, ...(faults === undefined ? {} : { faults }) });
  try {
    const finished = await startBundle(image === undefined ? command : { ...command, image }, proxy.endpoint);
    const { stdout, stderr, exitCode } = finished;
    const report = (stdout.startsWith("{") ? JSON.parse(stdout) : { services: [] }) as Report;
    return { stdout, stderr, report, calls: proxy.calls, ...(exitCode === undefined ? {} : { exitCode }) };
  } finally {
    await proxy.stop();
  }
}
