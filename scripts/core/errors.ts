import { exitCode, type ExitCode } from "./exit-code.ts";
import type { Problem } from "./problem.ts";

/** What a run stopped on. `source` says whose hands the fix is in. */
export abstract class SlipwayError extends Error {
  abstract readonly code: string;
  abstract readonly exitCode: ExitCode;
  abstract readonly source: "user" | "aws";
}

/** The command line is not understood. Exit 2; nothing was called. */
export class UsageError extends SlipwayError {
  override readonly name = "UsageError";
  readonly code = "usage";
  readonly exitCode = exitCode.badInput;
  readonly source = "user";
}

/** Templates, placeholders or the environments file are wrong: every mistake with its place. Exit 2. */
export class InvalidInputError extends SlipwayError {
  override readonly name = "InvalidInputError";
  readonly code = "invalidInput";
  readonly exitCode = exitCode.badInput;
  readonly source = "user";
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/** What was asked does not fit what runs; found before the first write. Exit 4. */
export class RefusedError extends SlipwayError {
  override readonly name = "RefusedError";
  readonly code = "refused";
  readonly exitCode = exitCode.refused;
  readonly source = "user";
}

/** Ctrl-C ended the run before its first write, or the second one at once. Exit 130. */
export class InterruptedError extends SlipwayError {
  override readonly name = "InterruptedError";
  readonly code = "interrupted";
  readonly exitCode = exitCode.interrupted;
  readonly source = "user";
}

/** AWS refused a call or could not be reached. Exit 5. */
export class AwsCallError extends SlipwayError {
  override readonly name = "AwsCallError";
  readonly code: string;
  readonly exitCode = exitCode.aws;
  readonly source = "aws";
  /** Whether AWS may have done what was asked all the same: the answer was a 5xx, or none came. */
  readonly effectUnknown: boolean;

  /** @param awsCode AWS's own error name, as in `AccessDeniedException` */
  constructor(awsCode: string, message: string, options?: ErrorOptions & { effectUnknown?: boolean }) {
    super(message, options);
    this.code = awsCode;
    this.effectUnknown = options?.effectUnknown ?? false;
  }
}

/** Whether AWS refused a call because the caller may not make it. */
export function isDenied(error: unknown): error is AwsCallError {
  return error instanceof AwsCallError && /^AccessDenied/.test(error.code);
}
