import { describe, expect, test } from "@jest/globals";

import { InvalidInputError, RefusedError } from "../../scripts/core/errors.ts";
import type { ServiceOutcome } from "../../scripts/core/events.ts";
import type { RunReport } from "../../scripts/core/report.ts";
import { createOutput, type Output, type OutputSettings } from "../../scripts/terminal/output.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";

function captured(settings: Partial<OutputSettings> = {}): {
  output: Output;
  stdout: string[];
  stderr: string[];
} {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const plain = paintFor({ isTTY: false }, true, {});
  const output = createOutput(
    { stdout: { write: (text) => stdout.push(text) }, stderr: { write: (text) => stderr.push(text) } },
    { result: "text", quiet: false, verbose: false, ...settings },
    { stdout: plain, stderr: plain },
  );
  return { output, stdout, stderr };
}

const failure: ServiceOutcome = {
  service: "nginx",
  cluster: "test",
  outcome: "failed",
  deploymentId: "ecs-svc/2",
  failedRevision: "nginx:2",
  revision: "nginx:1",
  rolledBackTo: "nginx:1",
  reason: "ECS deployment circuit breaker: tasks failed to start.",
  causes: [{ tasks: 3, cause: "Essential container in task exited; container nginx: exit code 1" }],
};
const report = (outcome: ServiceOutcome): RunReport => ({
  command: "update",
  environment: "test",
  region: "us-east-1",
  deploymentId: "abc",
  exitCode: 1,
  services: [outcome],
});
const at = "2026-01-01T00:00:00.000Z";

describe("the output", () => {
  test("tells a failure with its reason, what runs now and why the tasks died", () => {
    const { output, stdout } = captured();
    output.result(report(failure));
    expect(stdout.join("")).toBe(
      `nginx: failed. Deployment ecs-svc/2 of nginx:2: ECS deployment circuit breaker: tasks failed to start.
  It was rolled back: cluster test runs nginx:1 again.
  3 × Essential container in task exited; container nginx: exit code 1
`,
    );
  });

  test("says plainly that nothing was put back when nothing was", () => {
    const { output, stdout } = captured();
    const { rolledBackTo: _, ...stuck } = failure;
    output.result(report(stuck));
    expect(stdout.join("")).toContain("Nothing was rolled back: the service still points at nginx:2.");
  });

  test("keeps progress on standard error and the result on standard output", () => {
    const { output, stdout, stderr } = captured();
    output.event({ at, type: "revisionRegistered", service: "nginx", revision: "nginx:2" });
    output.result(report({ service: "nginx", cluster: "test", outcome: "nothingToDo", revision: "nginx:1" }));
    expect(stderr).toEqual(["nginx  registered nginx:2\n"]);
    expect(stdout).toEqual(["nginx: nothing to do. Cluster test already runs nginx:1.\n"]);
  });

  test("prints one JSON document and nothing else on standard output with --output json", () => {
    const { output, stdout } = captured({ result: "json" });
    output.event({ at, type: "note", message: "hello" });
    output.result(report(failure));
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

  test("prints each event as a line of JSON with --events ndjson", () => {
    const { output, stdout } = captured({ result: "ndjson" });
    output.event({ at, type: "revisionRegistered", service: "nginx", revision: "nginx:2" });
    output.result(report(failure));
    expect(stdout).toEqual([
      `{"at":"${at}","type":"revisionRegistered","service":"nginx","revision":"nginx:2"}\n`,
    ]);
  });

  test("says nothing of progress with --quiet, and still tells errors", () => {
    const { output, stderr } = captured({ quiet: true });
    output.event({ at, type: "revisionRegistered", service: "nginx", revision: "nginx:2" });
    output.error(new RefusedError("Service nginx exists."));
    expect(stderr).toEqual(["error: Service nginx exists.\n"]);
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
