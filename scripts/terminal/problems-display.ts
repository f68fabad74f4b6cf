import type { Display, Write } from "./display.ts";
import { eventText } from "./event-line.ts";
import type { Paint } from "./paint.ts";
import { logLines } from "./plain-log.ts";

/** For `--quiet`: what went wrong, and no progress. */
export function problemsDisplay(write: Write, paint: Paint): Display {
  return {
    event(event, view) {
      if (event.type !== "warning") return;
      const text = eventText(event, paint) ?? "";
      write(`${logLines(view, Date.parse(event.at), event.service, text, paint).join("\n")}\n`);
    },
    end: () => undefined,
  };
}
