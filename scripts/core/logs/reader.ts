import type { FoundLine, LogPagesPort, LogSearch } from "../ports/log-pages.ts";
import { mergeByTime } from "./merge.ts";

/** Some streams that are read together. */
export interface LogSource {
  readonly port: Pick<LogPagesPort, "pages">;
  readonly search: Omit<LogSearch, "from" | "to">;
}

/** A line, and the source that it comes from. */
export interface SourcedLine extends FoundLine {
  readonly source: LogSource;
}

/** Reads on where it has stopped. */
export interface LogReader {
  /** The lines that have come since the last time, oldest first; a line that came late is given late. */
  read(): AsyncIterable<SourcedLine>;
}

/**
 * Lines come to CloudWatch Logs in batches, some seconds after they were written and not in order: each reading goes
 * back so far behind the newest line, and what was given already is known by its id.
 */
const latenessMs = 60_000;

/**
 * Reads log streams from a moment on, each line once.
 *
 * @param from milliseconds since 1970
 * @param now the time that CloudWatch Logs goes by; a container whose clock is ahead moves nobody's window
 */
export function createLogReader(sources: readonly LogSource[], from: number, now: () => number): LogReader {
  let given = new Map<string, number>();
  let newest = from;
  return {
    async *read() {
      const windowStart = Math.max(from, newest - latenessMs);
      const begun = now();
      given = new Map([...given].filter(([, at]) => at >= windowStart));
      for await (const line of mergeByTime(sources.map((source) => pagesOf(source, windowStart)))) {
        const id = `${line.source.search.group} ${line.id}`;
        if (given.has(id)) continue;
        given.set(id, line.at);
        newest = Math.max(newest, Math.min(line.at, begun));
        yield line;
      }
    },
  };
}

async function* pagesOf(source: LogSource, from: number): AsyncGenerator<readonly SourcedLine[]> {
  for await (const page of source.port.pages({ ...source.search, from })) {
    yield page.map((line) => ({ ...line, source }));
  }
}
