import { describe, expect, test } from "@jest/globals";
import stringWidth from "string-width";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { frame } from "../../scripts/terminal/layout.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import {
  completed,
  crashed,
  eventAt,
  failed,
  failingRun,
  progress,
  runStart,
  runStarted,
  viewOf,
} from "../helpers/recorded-run.ts";

const plain = paintFor({}, false, {});

function framed(
  events: readonly DeploymentEvent[],
  { columns = 80, rows = 24, seconds = 30 } = {},
): readonly string[] {
  return frame(viewOf(events), { columns, rows }, runStart + seconds * 1_000, plain);
}

function until(seconds: number): readonly DeploymentEvent[] {
  return failingRun.filter(({ at }) => Date.parse(at) <= runStart + seconds * 1_000);
}

describe("the picture of a run", () => {
  test("shows of each service what it does, its tasks old and new, the last event and the time", () => {
    expect(framed(until(20))).toEqual([
      "update in test                                                  0 of 3 done  30s",
      "nginx   rolling out   nginx:7  1 of 4 running, 1 starting, 1 failed, 4 old   29s",
      "        autoscaling suspended; has started 2 tasks: (task a) (task b).",
      "api     rolling out   api:3  0 of 2 running, 2 starting, 2 old               28s",
      "worker  waits for     nginx, api",
    ]);
  });

  test("shows who goes back to which revision", () => {
    expect(framed(until(50), { columns: 100, seconds: 51 })[1]).toMatch(
      /^nginx {3}rolling back {2}ECS goes back to nginx:6 {2}1 of 4 running, 1 starting, 1 failed, 4 old +50s$/,
    );
  });

  test("shows how everything ended, and stops the time of what has", () => {
    expect(framed(failingRun, { seconds: 900 })).toEqual([
      "update in test                                                  3 of 3 done  15m",
      "nginx   failed        nginx:7; nginx:6 runs again                          1m 1s",
      `        3 tasks: ${crashed.cause}`,
      "api     completed     api:3                                                  39s",
      "worker  not begun",
    ]);
  });

  test("names the holder of the lock that is waited for", () => {
    const holder = { run: "r", owner: "ana@build-7", purpose: "update nginx", since: "10:02" };
    const [line] = framed([eventAt(0, { type: "waitingForLock", service: "nginx", holder })]);
    expect(line).toMatch(/^nginx {2}waits for {5}ana@build-7: update nginx, since 10:02 +30s$/);
  });

  test("counts each task that ECS calls unhealthy once", () => {
    const unhealthy = (task: string): DeploymentEvent =>
      eventAt(5, {
        type: "serviceEvent",
        service: "nginx",
        message: `(service nginx) (task ${task}) (port 80) is unhealthy in (target-group arn:x) due to (reason Health checks failed)`,
      });
    const events = [
      eventAt(0, progress("nginx", { desired: 4, running: 3 })),
      unhealthy("a"),
      unhealthy("b"),
      unhealthy("a"),
    ];
    expect(framed(events)[0]).toContain("3 of 4 running, 2 unhealthy");
  });
});

describe("a hundred services in 24 rows", () => {
  const names = Array.from({ length: 100 }, (_, index) => `service-${index}`);
  const endings = names
    .slice(0, 60)
    .map((service, index) =>
      index === 30
        ? eventAt(9, { type: "ended", ...failed, service })
        : eventAt(9, { type: "ended", ...completed, service }),
    );
  const rolling = names
    .slice(60, 75)
    .map((service) =>
      eventAt(5, progress(service, { desired: 2, running: 1, failed: service === "service-70" ? 1 : 0 })),
    );
  const lines = framed([eventAt(0, runStarted(...names)), ...rolling, ...endings]);

  test("show the failed and the moving ones in the order of the run, and sum up the rest", () => {
    expect(lines).toHaveLength(22);
    expect(lines[1]).toMatch(/^service-30 {2}failed/);
    expect(lines.slice(2, 17).map((line) => line.split(" ", 1)[0])).toEqual(names.slice(60, 75));
    expect(lines.at(-1)).toBe("and 80 more: 59 completed, 21 waiting");
  });
});

describe("any terminal", () => {
  const wide = "サービス";
  const events = [
    ...failingRun.filter(({ type }) => type !== "ended"),
    eventAt(5, progress(wide, { desired: 1000, running: 999, pending: 1, failed: 12, old: 1000 })),
    eventAt(6, { type: "warning", service: wide, message: "長い長い長い長い長い長い長い長い長い長い\nmore" }),
    eventAt(6, { type: "waitingForServices", service: "x".repeat(255), dependencies: ["y".repeat(255)] }),
  ];
  const sizes = [200, 80, 72, 71, 40, 32, 31, 20, 10, 3, 1].flatMap((columns) =>
    [50, 24, 10, 5, 3, 2, 1].map((rows) => ({ columns, rows })),
  );

  test.each(sizes)("of $columns columns and $rows rows holds the picture and the cursor", (size) => {
    const lines = framed(events, size);
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows - 2));
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(size.columns);
    expect(lines.join("")).not.toContain("\n");
  });

  test("of 40 columns shows figures", () => {
    expect(framed(until(20), { columns: 40, rows: 10 })).toEqual([
      "0 of 3 done  30s",
      "nginx  1/4 +1 1 failed 4 old         29s",
      "  autoscaling suspended; has started 2 …",
      "api    0/2 +2 2 old                  28s",
      "worker waits for nginx, api",
    ]);
  });

  test("of 20 columns still shows each service's tasks", () => {
    expect(framed(until(20), { columns: 20, rows: 6 })).toEqual([
      "0 of 3 done  30s",
      "nginx  1/4 +1 1 fai…",
      "api    0/2 +2 2 old",
      "worker waits for ng…",
    ]);
  });
});
