/** What the log tells of an error that is a mistake of this program's own: where it came from. */
export function detailsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
