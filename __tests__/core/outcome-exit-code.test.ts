import { describe, expect, test } from "@jest/globals";

import type { ServiceOutcome } from "../../scripts/core/events.ts";
import { exitCodeOf, type Ended } from "../../scripts/core/outcome-exit-code.ts";
import { completed, failed } from "../helpers/recorded-run.ts";

const base = { service: "nginx", cluster: "test" };
const deploymentId = "ecs-svc/7";
const outcomes = {
  planned: { ...base, outcome: "planned", steps: [] },
  nothingToDo: { ...base, outcome: "nothingToDo" },
  started: { ...base, outcome: "started", deploymentId },
  scaled: { ...completed, autoscaling: { result: "set" } },
  notScaled: { ...completed, autoscaling: { result: "notSet", problem: "denied" } },
  completed,
  failed,
  rollbackProblem: { ...failed, rollbackProblem: "denied" },
  putBack: { ...base, outcome: "putBack", deploymentId, because: "api failed" },
  superseded: { ...base, outcome: "superseded", deploymentId, by: "ecs-svc/8", byRevision: "nginx:8" },
  gone: { ...base, outcome: "gone", deploymentId, status: "INACTIVE" },
  timedOut: { ...base, outcome: "timedOut", deploymentId, seconds: 600 },
  interrupted: { ...base, outcome: "interrupted" },
  skipped: { ...base, outcome: "skipped", because: "api failed" },
  stopped: { ...base, outcome: "stopped", reason: "denied", changed: [] },
  activated: { outcome: "activated" },
  rolledBack: { outcome: "rolledBack" },
  tornDown: { outcome: "tornDown" },
  refused: { outcome: "refused" },
  notBegun: { outcome: "notBegun" },
  deleted: { outcome: "deleted" },
} satisfies Record<string, ServiceOutcome | Ended>;

describe("the exit code of a run", () => {
  test.each<[number, readonly (keyof typeof outcomes)[]]>([
    [0, []],
    [0, ["planned"]],
    [0, ["nothingToDo"]],
    [0, ["started"]],
    [0, ["completed"]],
    [0, ["completed", "nothingToDo", "started"]],
    [0, ["scaled"]],
    // It was deployed, and not all is there that was asked for.
    [5, ["notScaled", "completed"]],
    [1, ["notScaled", "failed"]],
    [1, ["failed"]],
    [1, ["rollbackProblem"]],
    [1, ["putBack", "failed"]],
    [1, ["superseded"]],
    [1, ["gone"]],
    [3, ["timedOut"]],
    [5, ["stopped"]],
    [130, ["interrupted"]],
    // One code speaks for all: the worst.
    [1, ["completed", "failed", "timedOut"]],
    [1, ["stopped", "failed"]],
    [5, ["timedOut", "stopped", "completed"]],
    [130, ["failed", "interrupted"]],
    // What was not begun waited for something that has a code.
    [1, ["failed", "skipped"]],
    [3, ["timedOut", "skipped"]],
    [5, ["stopped", "skipped"]],
    [130, ["interrupted", "skipped"]],
    // Not all was done as asked, whatever kept it.
    [1, ["completed", "skipped"]],
    // A teardown's: 4 would say that nothing was changed.
    [1, ["tornDown", "refused"]],
    [1, ["notBegun"]],
    [5, ["stopped", "notBegun"]],
    [0, ["tornDown", "deleted", "activated", "rolledBack"]],
  ])("is %d after %j, in any order", (code, names) => {
    const all = names.map((name) => outcomes[name]);
    expect(exitCodeOf(all)).toBe(code);
    expect(exitCodeOf([...all].reverse())).toBe(code);
  });
});
