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
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) update.clear();
    drawn = 0;
  };
  return {
    draw(lines, above) {
      // log-update 7.2.0 redraws changed rows alone, and miscounts where a picture has gained or lost one.
      if (above.length > 0 || lines.length !== drawn) clear();
      written += above.map((line) => `${wrapLine(line, terminal.columns ?? 80)}\n`).join("");
      update(lines.join("\n"));
      drawn = lines.length;
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
