import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { cleanLine, cleanLines } from "../../scripts/core/diagnosis/clean-text.ts";
import { diagnose } from "../../scripts/core/diagnosis/diagnose.ts";
import { event, evidence, exited, logOf, stopped } from "../helpers/evidence.ts";

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}]/u;

describe("text that anybody may have written", () => {
  test("loses its escape sequences, controls and turns of direction", () => {
    expect(cleanLine("\u001b[31mred\u001b[0m\u0007 \u001b]0;title\u0007a\tb\r\n\u202egnp.exe\u200b")).toBe(
      "red a b gnp.exe",
    );
  });

  test("is cut by characters, not in the middle of one", () => {
    const cut = cleanLine("🐳".repeat(500));
    expect(Array.from(cut)).toHaveLength(400);
    expect(cut.endsWith("🐳…")).toBe(true);
  });

  test("loses a secret that an escape sequence hides", () => {
    expect(cleanLine("pass\u001b[0mword=hunter2hunter2")).not.toContain("hunter2");
  });

  test("loses a key that goes over many lines", () => {
    const lines = [
      "before",
      "-----BEGIN RSA PRIVATE KEY-----",
      "MIIEow",
      "AbCd",
      "-----END RSA PRIVATE KEY-----",
      "after",
    ];
    const shown = cleanLines(lines);
    expect(shown.join(" ")).not.toMatch(/MIIEow|AbCd/);
    expect([shown[0], shown.at(-1)]).toEqual(["before", "after"]);
  });

  test("leaves every sentence and every line of evidence printable and short, whatever it is", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ maxLength: 3_000 }),
      fc.constantFrom(
        "\u001b[2J",
        "\u009b31m",
        "\ud800",
        "x".repeat(100_000),
        'exec: "\u001b]0;x\u0007": stat ',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.integer({ min: 0, max: 255 }), (log, reason, words, code) => {
        const crashed = exited(code, { reason: `CannotStartContainerError: ${reason}` });
        const unstarted = stopped({ stopCode: "TaskFailedToStart", stoppedReason: reason });
        const found = diagnose(
          evidence({
            tasks: [crashed, unstarted],
            logs: logOf(crashed, log),
            reason: words,
            described: { events: [event(`was unable to place a task. Reason: ${words}`), event(words)] },
            unreadable: [{ what: words, why: reason }],
          }),
        );
        const shown = found.flatMap(({ cause, remedy, evidence: lines }) => [cause, remedy, ...lines]);
        expect(found.length).toBeGreaterThan(0);
        for (const line of shown) {
          expect(line).not.toMatch(unprintable);
          expect(Array.from(line).length).toBeLessThan(420);
        }
      }),
      { numRuns: 300 },
    );
  });
});
