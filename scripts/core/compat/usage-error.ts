import { SlipwayError } from "../errors.ts";
import type { CompatExitCode } from "./exit-codes.ts";

/** The command line of ecs-deploy's form is not understood. Its own exit code; nothing was called. */
export class CompatUsageError extends SlipwayError {
  override readonly name = "CompatUsageError";
  readonly code = "usage";
  readonly exitCode: CompatExitCode;
  readonly source = "user";

  constructor(exitCode: CompatExitCode, message: string) {
    super(`${message} See ./deploy --help ecs-deploy.`);
    this.exitCode = exitCode;
  }
}
