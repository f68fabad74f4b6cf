/** What a command of `npm run` ends on: told in one sentence or more, with the exit code that the contract has for it. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  /** 2: what was typed or written is wrong; 5: Terraform or AWS refused or could not be reached. */
  readonly exitCode: 2 | 5;

  constructor(exitCode: 2 | 5, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command and tells what it failed on; anything that is not a `CommandFailure` is a mistake of ours, and shown whole. */
export async function runCommand(usage: string, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (error instanceof CommandFailure) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else if (
      error instanceof TypeError &&
      "code" in error &&
      String(error.code).startsWith("ERR_PARSE_ARGS")
    ) {
      process.stderr.write(`${error.message}\n\n${usage}`);
      process.exitCode = 2;
    } else {
      throw error;
    }
  }
}
