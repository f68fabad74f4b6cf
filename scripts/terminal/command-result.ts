import type { ExitCode } from "../core/exit-code.ts";
import type { Paint } from "./paint.ts";

/** What a verb comes to, in each form that somebody may have asked for. */
export interface CommandResult {
  readonly exitCode: ExitCode;
  /** The one document of `--output json`, and the last line of `--events ndjson`. */
  readonly document: object;
  /** The result on standard output, with its line ends; empty where it has been printed already. */
  readonly text: (paint: Paint, columns: number) => string;
  /** Whether the text is prose, whose lines may be wrapped to the width of a terminal; see `wrap-prose.ts`. */
  readonly prose?: boolean;
}

/** A piece of a result that comes by and by, as log lines do. */
export interface ResultPart {
  /** A line of `--events ndjson`, its `type` included. */
  readonly document: object;
  /** A line on standard output. */
  readonly text: (paint: Paint) => string;
}
