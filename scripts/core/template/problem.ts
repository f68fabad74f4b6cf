import { formatProblem, type Problem } from "../problem.ts";

/** One mistake in a template, with the place that an editor can jump to. */
export interface PlacedProblem extends Problem {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units as editors do. */
  readonly column: number;
  /** JSON path, such as `$.containerDefinitions[0].portMappings[0].hostPort`. */
  readonly path: string;
}

/** Problems in the order of their places, without repetitions. */
export function sortProblems(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.path, b.path),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
