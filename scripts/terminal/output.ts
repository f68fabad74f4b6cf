import { SlipwayError, InvalidInputError } from "../core/errors.ts";
import type { DeploymentEvent } from "../core/events.ts";
import { formatProblem } from "../core/problem.ts";
import type { RunReport } from "../core/report.ts";
import { eventLine } from "./event-line.ts";
import type { Paint } from "./paint.ts";
import { reportText } from "./report-text.ts";

export interface OutputSettings {
  readonly result: "text" | "json" | "ndjson";
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** All that a run prints goes through here: the result to standard output, progress and problems to standard error. */
export interface Output {
  event(event: DeploymentEvent): void;
  /** A line for `--verbose` alone. */
  detail(text: string): void;
  result(report: RunReport): void;
  error(error: unknown): void;
}

/** The output of one run, in the form that its options ask for. */
export function createOutput(
  { stdout, stderr }: Streams,
  { result, quiet, verbose }: OutputSettings,
  paint: { readonly stdout: Paint; readonly stderr: Paint },
): Output {
  const json = (value: unknown, indent?: number): string => `${JSON.stringify(value, undefined, indent)}\n`;
  return {
    event(event) {
      if (result === "ndjson") stdout.write(json(event));
      const line = quiet ? undefined : eventLine(event, paint.stderr);
      if (line !== undefined) stderr.write(`${line}\n`);
    },
    detail(text) {
      if (verbose) stderr.write(`${paint.stderr.faint(text)}\n`);
    },
    result(report) {
      if (result === "json") stdout.write(json(report, 2));
      if (result === "text") stdout.write(reportText(report, paint.stdout));
    },
    error(error) {
      if (result === "json") stdout.write(json({ error: errorDocument(error) }, 2));
      if (result === "ndjson") stdout.write(json({ type: "error", ...errorDocument(error) }));
      stderr.write(`${paint.stderr.bad("error:")} ${errorText(error, verbose)}\n`);
    },
  };
}

function errorText(error: unknown, verbose: boolean): string {
  if (error instanceof InvalidInputError) {
    return [error.message, ...error.problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n");
  }
  if (error instanceof SlipwayError) return error.message;
  if (!(error instanceof Error)) return `This is a bug in Slipway: ${String(error)}`;
  return `This is a bug in Slipway: ${verbose ? (error.stack ?? error.message) : `${error.message} (--verbose shows where)`}`;
}

function errorDocument(error: unknown): object {
  if (error instanceof SlipwayError) {
    const { code, source, exitCode, message } = error;
    return {
      code,
      source,
      exitCode,
      message,
      ...(error instanceof InvalidInputError ? { problems: error.problems } : {}),
    };
  }
  return { code: "bug", source: "slipway", message: error instanceof Error ? error.message : String(error) };
}
