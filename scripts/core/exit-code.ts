import type { CompatExitCode } from "./compat/exit-codes.ts";

/** The exit codes of `./deploy`, as the pipelines that call it rely on them. */
export const exitCode = {
  completed: 0,
  failed: 1,
  badInput: 2,
  timedOut: 3,
  refused: 4,
  aws: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode] | CompatExitCode;
