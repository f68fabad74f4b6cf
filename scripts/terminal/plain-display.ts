import type { Display, Write } from "./display.ts";
import type { Paint } from "./paint.ts";
import { emptyLog, logEvent, logRest, logTime } from "./plain-log.ts";

const lookEveryMs = 5_000;

/**
 * Lines for a log: what happens when it happens, and a sign of life where nothing does.
 *
 * @param now the machine's time, in milliseconds since 1970
 */
export function plainDisplay(write: Write, paint: Paint, now: () => number = Date.now): Display {
  let log = emptyLog;
  let timer: NodeJS.Timeout | undefined;
  const writeAll = (lines: readonly string[]): void => {
    if (lines.length > 0) write(`${lines.join("\n")}\n`);
  };
  const look = (): void => {
    const said = logTime(log, now(), paint);
    log = said.log;
    writeAll(said.lines);
  };
  return {
    event(event, view) {
      // It does not keep a run alive that is over.
      timer ??= setInterval(look, lookEveryMs).unref();
      const said = logEvent(log, event, view, paint);
      log = said.log;
      writeAll(said.lines);
    },
    end() {
      clearInterval(timer);
      writeAll(logRest(log, now(), paint));
      log = emptyLog;
    },
  };
}
