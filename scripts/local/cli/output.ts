/** Where the commands write: the result, and the progress. */
export interface Output {
  result(text: string): void;
  progress(text: string): void;
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
