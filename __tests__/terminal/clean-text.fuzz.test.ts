import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { cleanDeep, cleanLine, cleanPainted, cleanText } from "../../scripts/terminal/clean-text.ts";
import { jsonText } from "../../scripts/terminal/json-text.ts";
import { defused } from "../../scripts/terminal/workflow-commands.ts";

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u001B[2J",
        "\u001B[31m",
        "\u001B]0;x\u0007",
        "\u001B]8;;http://x\u001B\\",
        "\u009B1A",
        "\u001B",
      ),
      fc.constantFrom(
        "\r",
        "\n",
        "\t",
        "\b",
        "\u0000",
        "\u007F",
        "\u2028",
        "\u202E",
        "::",
        "##[error]",
        " ",
        "日本",
      ),
      fc.string({ unit: "grapheme" }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

describe("any text from outside", () => {
  test("is without orders once it is clean, and stays as it is the second time", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(cleanText(text)).not.toMatch(obeyed);
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
        expect(cleanLine(text)).not.toContain("\n");
      }),
      { numRuns: 2_000 },
    );
  });

  test("passes the door of a terminal with its colours and with no other order", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const rest = cleanPainted(text)
          .replaceAll(/\p{Cc}\[[\d;]*m/gu, "")
          .replaceAll("\t", "");
        expect(rest).not.toMatch(obeyed);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is clean however deep it lies, and several lines only where several are meant", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = cleanDeep({ service: text, list: [{ message: text }], count: 1, none: null });
        expect(clean.service).not.toContain("\n");
        expect(clean.list[0]?.message).toBe(cleanText(text));
        expect(clean).toMatchObject({ count: 1, none: null });
      }),
    );
  });

  test("means the same in our JSON, which holds no order for a terminal or a runner", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = jsonText({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json.trimEnd()).not.toMatch(/[\n\p{Cc}\p{Bidi_Control}]|##\[/u);
      }),
      { numRuns: 2_000 },
    );
  });

  test("holds no workflow command once it is defused", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of defused(text).split("\n")) {
          expect(line.trimStart().startsWith("::")).toBe(false);
          expect(line).not.toContain("##[");
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
