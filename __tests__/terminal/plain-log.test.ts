import { describe, expect, test } from "@jest/globals";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { emptyLog, logEvent, logRest, logTime, type PlainLog } from "../../scripts/terminal/plain-log.ts";
import { withEvent } from "../../scripts/terminal/run-view.ts";
import { eventAt, failingRun, progress, runStart, runStarted } from "../helpers/recorded-run.ts";

const plain = paintFor({}, false, {});

function logged(events: readonly DeploymentEvent[]): { log: PlainLog; lines: readonly string[] } {
  const lines: string[] = [];
  let log = emptyLog;
  for (const event of events) {
    const said = logEvent(log, event, withEvent(log.view, event), plain);
    log = said.log;
    lines.push(...said.lines);
  }
  return { log, lines };
}

const at = (seconds: number): number => runStart + seconds * 1_000;

describe("the log of a run", () => {
  test("tells a failing fleet line by line, with time and service in columns", () => {
    expect(logged(failingRun).lines).toEqual([
      "10:00:00Z  update of 3 services in environment test (us-east-1)",
      "10:00:00Z  worker  waits for nginx, api",
      "10:00:01Z  nginx   registered nginx:7",
      "10:00:01Z  nginx   autoscaling is suspended during the rollout",
      "10:00:02Z  nginx   rollout of nginx:7 started (ecs-svc/7)",
      "10:00:02Z  api     rollout of api:3 started (ecs-svc/3)",
      "10:00:03Z  nginx   0 of 4 running, 2 starting, 4 old still running",
      "10:00:03Z  api     0 of 2 running, 2 starting, 2 old still running",
      "10:00:04Z  nginx   ECS: has started 2 tasks: (task a) (task b).",
      "10:00:20Z  nginx   1 of 4 running, 1 starting, 1 failed, 4 old still running",
      "10:00:41Z  api     completed in 41.3s",
      "10:00:50Z  nginx   the rollout failed: ECS deployment circuit breaker: tasks failed to start. ECS goes back to nginx:6",
      "10:01:00Z  nginx   3 tasks: The container nginx exited with code 1.",
      "10:01:01Z  nginx   autoscaling is resumed",
      "10:01:02Z  nginx   failed, and was rolled back to nginx:6",
      "10:01:02Z  worker  not begun, since nginx failed",
    ]);
  });

  test("holds back counts that come too soon after others, and prints the newest of them later", () => {
    const { log, lines } = logged([
      eventAt(0, progress("nginx", { desired: 9, running: 0 })),
      eventAt(1, progress("nginx", { desired: 9, running: 1 })),
      eventAt(2, progress("nginx", { desired: 9, running: 2 })),
    ]);
    expect(lines).toEqual(["10:00:00Z  nginx  0 of 9 running"]);
    expect(logTime(log, at(5), plain).lines).toEqual([]);
    const later = logTime(log, at(10), plain);
    expect(later.lines).toEqual(["10:00:10Z  nginx  2 of 9 running"]);
    expect(logTime(later.log, at(20), plain).lines).toEqual([]);
    expect(logRest(log, at(6), plain)).toEqual(["10:00:06Z  nginx  2 of 9 running"]);
  });

  test("forgets held counts that have gone back to what was printed", () => {
    const { log } = logged([
      eventAt(0, progress("nginx", { desired: 9, running: 1 })),
      eventAt(1, progress("nginx", { desired: 9, running: 2 })),
      eventAt(2, progress("nginx", { desired: 9, running: 1 })),
    ]);
    expect(logTime(log, at(30), plain).lines).toEqual([]);
  });

  test.each([
    ["a task that failed", { desired: 9, running: 1, failed: 1 }],
    ["the last task that was awaited", { desired: 9, running: 9 }],
  ])("tells %s at once", (_, counts) => {
    const { lines } = logged([
      eventAt(0, progress("nginx", { desired: 9, running: 1 })),
      eventAt(1, progress("nginx", counts)),
    ]);
    expect(lines).toHaveLength(2);
  });

  test("prints the last counts before the end that they led to", () => {
    const { lines } = logged([
      eventAt(0, progress("nginx", { desired: 9, running: 0, old: 9 })),
      eventAt(1, progress("nginx", { desired: 9, running: 8, old: 1 })),
      eventAt(2, {
        type: "ended",
        service: "nginx",
        cluster: "test",
        outcome: "timedOut",
        deploymentId: "ecs-svc/7",
        seconds: 2,
      }),
    ]);
    expect(lines.slice(1)).toEqual([
      "10:00:02Z  nginx  8 of 9 running, 1 old still running",
      "10:00:02Z  nginx  timed out after 2s; the rollout goes on",
    ]);
  });

  test("leaves a check that failed to the refusal, which tells it in full", () => {
    const check = { name: "room on the hosts", status: "failed", reason: "none", remedy: "a host" } as const;
    const { lines } = logged([eventAt(0, { type: "checked", service: "nginx", check })]);
    expect(lines).toEqual([]);
  });

  test("says what ECS repeats once", () => {
    const stuck = "(service nginx) was unable to place a task.";
    const { lines } = logged(
      [0, 10, 20].map((second) =>
        eventAt(second, { type: "serviceEvent", service: "nginx", message: stuck }),
      ),
    );
    expect(lines).toEqual(["10:00:00Z  nginx  ECS: was unable to place a task."]);
  });

  test("gives a sign of life each minute in which nothing moves, and names what is waited for", () => {
    const { log } = logged([
      eventAt(0, runStarted("nginx", "api", "worker")),
      eventAt(0, progress("nginx", { desired: 2, running: 1, pending: 1 })),
      eventAt(0, {
        type: "waitingForLock",
        service: "api",
        holder: { run: "r", owner: "ana@build-7", purpose: "update api", since: "2026-01-01T09:00:00Z" },
      }),
      eventAt(0, { type: "waitingForServices", service: "worker", dependencies: ["nginx"] }),
    ]);
    expect(logTime(log, at(59), plain).lines).toEqual([]);
    const first = logTime(log, at(60), plain);
    expect(first.lines).toEqual([
      "10:01:00Z  still waiting: nginx 1 of 2 running, 1 starting (1m); api for ana@build-7 (1m); worker for nginx",
    ]);
    expect(logTime(first.log, at(119), plain).lines).toEqual([]);
    expect(logTime(first.log, at(120), plain).lines).toHaveLength(1);
  });

  test("is silent when every service has ended", () => {
    expect(logTime(logged(failingRun).log, at(3_600), plain).lines).toEqual([]);
  });
});
