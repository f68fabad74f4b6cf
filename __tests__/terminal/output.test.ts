import { describe, expect, test } from "@jest/globals";

import { InvalidInputError, RefusedError } from "../../scripts/core/errors.ts";
import type { CommandResult } from "../../scripts/terminal/command-result.ts";
import { createOutput, type Output, type OutputSettings } from "../../scripts/terminal/output.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { reportText } from "../../scripts/terminal/report-text.ts";
import { eventAt, failed, failingRun, reportOf } from "../helpers/recorded-run.ts";

interface Captured {
  readonly output: Output;
  readonly stdout: string[];
  readonly stderr: string[];
}

function captured(settings: Partial<OutputSettings> = {}, terminal: { columns?: number } = {}): Captured {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const plain = paintFor({ isTTY: false }, true, {});
  const output = createOutput(
    {
      stdout: {
        write: (text: string) => stdout.push(text),
        ...(terminal.columns === undefined ? {} : { isTTY: true, columns: terminal.columns }),
      },
      stderr: { write: (text: string) => stderr.push(text) },
    },
    { result: "text", quiet: false, verbose: false, ...settings },
    { stdout: plain, stderr: plain },
  );
  return { output, stdout, stderr };
}

const report = reportOf([failed]);
const result: CommandResult = {
  exitCode: 1,
  document: report,
  prose: true,
  text: (paint) => reportText(report, paint),
};
const registered = eventAt(1, { type: "revisionRegistered", service: "nginx", revision: "nginx:2" });

describe("the output", () => {
  test("keeps progress on standard error and the result on standard output", async () => {
    const { output, stdout, stderr } = captured();
    output.event(registered);
    await output.result({ exitCode: 0, document: {}, text: () => "done\n" });
    expect(stderr).toEqual(["10:00:01Z  nginx  registered nginx:2\n"]);
    expect(stdout).toEqual(["done\n"]);
  });

  test("prints one JSON document and nothing else on standard output with --output json", async () => {
    const { output, stdout } = captured({ result: "json" });
    output.event(eventAt(0, { type: "note", message: "hello" }));
    output.part({ document: { type: "logLine" }, text: () => "a line" });
    await output.result(result);
    expect(JSON.parse(stdout.join(""))).toMatchObject({ exitCode: 1, services: [{ outcome: "failed" }] });
  });

  test("prints an error as JSON too, with every problem and its place", () => {
    const { output, stdout } = captured({ result: "json" });
    const problem = { file: "a.json", line: 3, column: 5, path: "$.x", message: "Unknown field." };
    output.error(new InvalidInputError("The templates have a mistake:", [problem]));
    expect(JSON.parse(stdout.join(""))).toEqual({
      error: {
        code: "invalidInput",
        source: "user",
        exitCode: 2,
        message: "The templates have a mistake:",
        problems: [problem],
      },
    });
  });

  test("prints each event as a line of JSON as it came, and the result as the last line, with --events ndjson", async () => {
    const { output, stdout } = captured({ result: "ndjson" });
    for (const event of failingRun) output.event(event);
    await output.result(result);
    const lines = stdout.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(stdout.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(lines.slice(0, -1)).toEqual(failingRun);
    expect(lines.at(-1)).toMatchObject({ type: "result", exitCode: 1, services: [{ outcome: "failed" }] });
    expect(lines.every(({ at }) => typeof at === "string" && !Number.isNaN(Date.parse(at)))).toBe(true);
  });

  test("prints what a run stopped on as the last line with --events ndjson", () => {
    const { output, stdout } = captured({ result: "ndjson" });
    output.error(new RefusedError("Service nginx exists."));
    expect(JSON.parse(stdout.join(""))).toMatchObject({
      type: "error",
      code: "refused",
      exitCode: 4,
      message: "Service nginx exists.",
    });
  });

  test("keeps the type of the last line where the document has one of its own, or is a list", async () => {
    for (const document of [{ type: "service" }, [1, 2]]) {
      const { output, stdout } = captured({ result: "ndjson" });
      await output.result({ exitCode: 0, document, text: () => "" });
      expect(JSON.parse(stdout.join(""))).toMatchObject({ type: "result", exitCode: 0 });
    }
  });

  test("says nothing of progress with --quiet, and still tells warnings and errors", () => {
    const { output, stderr } = captured({ quiet: true });
    for (const event of failingRun) output.event(event);
    output.event(eventAt(70, { type: "warning", service: "nginx", message: "The lock is gone." }));
    output.error(new RefusedError("Service nginx exists."));
    expect(stderr).toEqual(["10:01:10Z  nginx   The lock is gone.\n", "error: Service nginx exists.\n"]);
  });

  test("wraps prose to the width of a terminal and leaves what is quoted as it is", async () => {
    const { output, stdout } = captured({}, { columns: 40 });
    await output.result(result);
    const lines = stdout.join("").split("\n");
    const prose = lines.filter((line) => !line.startsWith("    |") && !line.includes("./deploy"));
    expect(prose.every((line) => line.length <= 40)).toBe(true);
    expect(lines).toContain("    | log: cannot open /etc/app.conf");
    expect(lines.some((line) => line.endsWith("./deploy logs nginx"))).toBe(true);
  });

  test("does not wrap where nobody says how wide it may be", async () => {
    const { output, stdout } = captured();
    await output.result(result);
    expect(stdout.join("").split("\n", 1)).toEqual([
      "nginx: failed. Deployment ecs-svc/7 of nginx:7: ECS deployment circuit breaker: tasks failed to start.",
    ]);
  });

  test("goes on when the reader of a stream has left", () => {
    const listeners: ((error: Error) => void)[] = [];
    const stream = {
      write: () => true,
      on: (_: "error", listener: (error: Error) => void) => listeners.push(listener),
    };
    const plain = paintFor({}, false, {});
    createOutput(
      { stdout: stream, stderr: stream },
      { result: "text", quiet: false, verbose: false },
      { stdout: plain, stderr: plain },
    );
    expect(listeners.length).toBeGreaterThan(1);
    for (const listener of listeners) expect(() => listener(new Error("write EPIPE"))).not.toThrow();
  });
});

describe("text from outside", () => {
  const evil = "\u001B[2J\u001B]0;title\u0007\u009B31m\u202Eevil\r\u0000";

  test("can neither move the cursor nor clear the screen", async () => {
    const { output, stdout, stderr } = captured({}, { columns: 80 });
    output.event(eventAt(0, { type: "warning", service: `a${evil}\nb`, message: `x${evil}\ny` }));
    output.event(eventAt(0, { type: "serviceEvent", service: "nginx", message: evil }));
    await output.result({ exitCode: 0, document: {}, text: (paint) => `${paint.bad(evil)}\tx\n` });
    const shown = [...stderr, ...stdout].join("");
    expect(shown).toMatch(/evil/);
    expect(shown).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u);
  });

  test("can't begin a line that looks like another service's", () => {
    const { output, stderr } = captured();
    output.event(eventAt(0, { type: "note", message: "first\n10:00:00Z  nginx  completed" }));
    const [, second] = stderr.join("").split("\n");
    expect(second).toMatch(/^ {11}/);
  });

  test("is the same text in NDJSON, without a character that a terminal obeys", () => {
    const { output, stdout } = captured({ result: "ndjson" });
    output.event(eventAt(0, { type: "note", message: evil }));
    expect(stdout.join("")).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    expect(JSON.parse(stdout.join(""))).toMatchObject({ message: evil });
  });
});

describe("colours", () => {
  const red = (stream: object, wanted: boolean, variables: Record<string, string>): boolean =>
    paintFor(stream, wanted, variables).bad("x") !== "x";

  test("are shown on a terminal", () => {
    expect(red({ isTTY: true }, true, {})).toBe(true);
  });

  test.each<[object, boolean, Record<string, string>]>([
    [{ isTTY: false }, true, {}],
    [{ isTTY: true }, false, {}],
    [{ isTTY: true }, true, { NO_COLOR: "1" }],
    [{ isTTY: true }, true, { TERM: "dumb" }],
  ])("are left out for %j, wanted %s, with %j", (stream, wanted, variables) => {
    expect(red(stream, wanted, variables)).toBe(false);
  });
});
