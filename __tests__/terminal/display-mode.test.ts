import { describe, expect, test } from "@jest/globals";

import { displayMode, type DisplaySettings } from "../../scripts/terminal/display-mode.ts";

const terminal = { stdout: { isTTY: true }, stderr: { isTTY: true } };
const plain: DisplaySettings = { result: "text", quiet: false, verbose: false };

describe("progress", () => {
  test("is drawn in place on a terminal, also where the result goes to a file", () => {
    expect(displayMode(plain, terminal, { TERM: "xterm" })).toBe("live");
    expect(displayMode({ ...plain, result: "json" }, { ...terminal, stdout: {} }, {})).toBe("live");
    expect(displayMode(plain, terminal, { CI: "false" })).toBe("live");
  });

  test.each<[string, Partial<DisplaySettings>, object, Record<string, string>]>([
    ["standard error is no terminal", {}, { stderr: {} }, {}],
    ["the terminal is dumb", {}, {}, { TERM: "dumb" }],
    ["a pipeline pretends to be a terminal", {}, {}, { CI: "true" }],
    ["GitHub runs it", {}, {}, { GITHUB_ACTIONS: "true" }],
    ["every AWS call is told", { verbose: true }, {}, {}],
    ["events go to the same terminal", { result: "ndjson" }, {}, {}],
  ])("is lines where %s", (_, settings, streams, variables) => {
    expect(displayMode({ ...plain, ...settings }, { ...terminal, ...streams }, variables)).toBe("lines");
  });

  test("is problems alone with --quiet", () => {
    expect(displayMode({ ...plain, quiet: true }, terminal, {})).toBe("problems");
  });
});
