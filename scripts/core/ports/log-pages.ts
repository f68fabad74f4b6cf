import type { LogLine, LogsPort } from "../ports.ts";

/** A line that was found by searching, which CloudWatch Logs gives an id. */
export interface FoundLine extends LogLine {
  /** The same for the same line, whoever finds it. */
  readonly id: string;
}

/** Lines of one log group to look for. */
export interface LogSearch {
  readonly group: string;
  /** These streams alone; those that do not exist have no lines. */
  readonly streams?: readonly string[];
  /** Streams whose name begins so; instead of `streams`. */
  readonly streamPrefix?: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Milliseconds since 1970, included; until now where it is absent. */
  readonly to?: number;
  /** CloudWatch Logs' filter pattern. */
  readonly pattern?: string;
}

/** What the deploy script asks of CloudWatch Logs where there may be more lines than it should hold at once. */
export interface LogPagesPort extends LogsPort {
  /**
   * Lines page by page, oldest first within a search of at most a hundred streams; pages may be empty.
   *
   * @throws AwsCallError also when the group does not exist
   */
  pages(search: LogSearch): AsyncIterable<readonly FoundLine[]>;
}
