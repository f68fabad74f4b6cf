import { ExecaError } from "execa";

/** What Docker said last, or what kept it from saying anything. */
export function messageOf(error: unknown): string {
  if (error instanceof ExecaError) {
    const lines = String(error.stderr).trim().split("\n");
    return lines.at(-1) || error.shortMessage;
  }
  return error instanceof Error ? error.message : String(error);
}
