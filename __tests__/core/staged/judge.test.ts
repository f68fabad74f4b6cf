import { expect, test } from "@jest/globals";

import { faultText, judge, type Look } from "../../../scripts/core/staged/judge.ts";

const well: Look = {
  alarms: [{ name: "errors", state: "OK" }],
  targets: ["healthy", "healthy"],
  runningCount: 2,
  rolloutState: "COMPLETED",
};

test("a version whose alarms are quiet, whose targets are healthy and whose tasks run is well", () => {
  expect(judge(well, 2)).toBeUndefined();
  expect(judge({ ...well, alarms: [{ name: "errors", state: "INSUFFICIENT_DATA" }] }, 2)).toBeUndefined();
});

test("an alarm comes before everything else", () => {
  const fault = judge({ ...well, alarms: [{ name: "errors", state: "ALARM" }], targets: ["unhealthy"] }, 2);
  expect(fault).toEqual({ kind: "alarm", alarm: "errors" });
});

test("one target that turned unhealthy is enough", () => {
  expect(judge({ ...well, targets: ["healthy", "unhealthy"] }, 2)).toEqual({
    kind: "targets",
    unhealthy: 1,
    healthy: 1,
  });
});

test("a target that is new or leaves is none that turned unhealthy", () => {
  expect(judge({ ...well, targets: ["healthy", "initial", "draining"] }, 2)).toBeUndefined();
});

test("a version without a healthy target is bad, whatever its targets are instead", () => {
  expect(judge({ ...well, targets: ["draining"] }, 2)).toEqual({ kind: "targets", unhealthy: 0, healthy: 0 });
  expect(judge({ ...well, targets: [] }, 2)?.kind).toBe("targets");
});

test("fewer tasks than at the beginning are a fault, more are not", () => {
  expect(judge({ ...well, runningCount: 1 }, 2)).toEqual({ kind: "tasks", running: 1, before: 2 });
  expect(judge({ ...well, runningCount: 3 }, 2)).toBeUndefined();
});

test("a deployment that ECS gives up is a fault", () => {
  expect(judge({ ...well, rolloutState: "FAILED" }, 2)).toEqual({ kind: "rollout" });
});

test("each fault has words that end a sentence", () => {
  expect(faultText({ kind: "alarm", alarm: "errors" })).toBe("alarm errors fired");
  expect(faultText({ kind: "targets", unhealthy: 1, healthy: 1 })).toBe(
    "1 target turned unhealthy, 1 still healthy",
  );
  expect(faultText({ kind: "targets", unhealthy: 2, healthy: 0 })).toBe("none of its targets is healthy");
  expect(faultText({ kind: "tasks", running: 1, before: 2 })).toBe("only 1 of its 2 tasks still run");
});
