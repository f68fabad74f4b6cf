import { createLogUpdate } from "log-update";

import type { LiveTerminal, Screen } from "./live-view.ts";
import { wrapLine } from "./wrap-prose.ts";

/** Draws over what it drew before, on one terminal. Each picture is one write, so that none is seen half drawn. */
export function createScreen(terminal: LiveTerminal): Screen {
  let written = "";
  const collected = {
    write: (text: string) => (written += text),
    isTTY: true,
    get columns() {
      return terminal.columns;
    },
    get rows() {
      return terminal.rows;
    },
  };
  // log-update asks for a whole stream and touches these four members alone.
  const update = createLogUpdate(collected as unknown as NodeJS.WritableStream);
  const flush = (): void => {
    if (written !== "") terminal.write(written);
    written = "";
  };
  let drawn = false;
  const clear = (): void => {
    if (drawn) update.clear();
    drawn = false;
  };
  return {
    draw(lines, above) {
      if (above.length > 0) {
        clear();
        written += above.map((line) => `${wrapLine(line, terminal.columns ?? 80)}\n`).join("");
      }
      update(lines.join("\n"));
      drawn = true;
      flush();
    },
    wipe() {
      clear();
      flush();
    },
    close(keep) {
      if (!keep) clear();
      flush();
      update.done();
    },
  };
}
