/** One mistake in a file that somebody wrote: where it stands, what is wrong, and what to do. */
export interface Problem {
  readonly file: string;
  /** 1-based; absent where the file as a whole is meant. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** JSON path, as in `$.containerDefinitions[0].image`. */
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
}

/** `file:line:column path: message (hint)`, the form that editors and CI logs link. */
export function formatProblem({ file, line, column, path, message, hint }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  const where = path === undefined ? place : `${place} ${path}`;
  return `${where}: ${message}${hint === undefined ? "" : ` ${hint}`}`;
}
