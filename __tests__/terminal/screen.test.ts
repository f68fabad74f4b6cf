import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { createScreen } from "../../scripts/terminal/screen.ts";
import { VirtualTerminal } from "../helpers/virtual-terminal.ts";

/** Few different rows, so that pictures share beginnings and ends. */
const row = fc.constantFrom("api", "database", "web", "  a remark", "worker");
const picture = fc.record({
  lines: fc.array(row, { minLength: 1, maxLength: 6 }),
  above: fc.array(fc.constantFrom("failed", "completed"), { maxLength: 2 }),
});

test("whatever pictures follow each other, the last one is whole, below every line that was to stay", () => {
  fc.assert(
    fc.property(fc.array(picture, { minLength: 1, maxLength: 8 }), (pictures) => {
      const terminal = new VirtualTerminal(40, 60);
      const screen = createScreen(terminal);
      for (const { lines, above } of pictures) screen.draw(lines, above);
      screen.close(true);
      const stayed = pictures.flatMap(({ above }) => above);
      expect(terminal.all()).toEqual([...stayed, ...(pictures.at(-1)?.lines ?? [])]);
    }),
    { numRuns: 500 },
  );
});
