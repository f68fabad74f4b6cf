/** Where the commands write: the result, and the progress. */
export interface Output {
  result(text: string): void;
  progress(text: string): void;
}

/** Ends the process quietly once nobody reads what it prints, as in `./local timeline | head -1`. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(0);
    });
  }
}

/** The process's own streams. */
export const processOutput: Output = {
  result: (text) => process.stdout.write(`${text}\n`),
  progress: (text) => process.stderr.write(`${text}\n`),
};

/** A command could not do what it was asked to; the message is for the user. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
