import { InvalidInputError, SlipwayError } from "../core/errors.ts";
import { formatProblem } from "../core/problem.ts";

/** An error for people: what happened, every mistake with its place, and what to do. */
export function errorText(error: unknown, verbose: boolean): string {
  if (error instanceof InvalidInputError) {
    return [error.message, ...error.problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n");
  }
  if (error instanceof SlipwayError) return error.message;
  if (!(error instanceof Error)) return `This is a bug in Slipway: ${String(error)}`;
  return `This is a bug in Slipway: ${verbose ? (error.stack ?? error.message) : `${error.message} (--verbose shows where)`}`;
}

/** An error for programs: `code` says which one it is, `source` whose hands the fix is in. */
export function errorDocument(error: unknown): object {
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
  const message = error instanceof Error ? error.message : String(error);
  return { code: "bug", source: "slipway", exitCode: 1, message };
}
