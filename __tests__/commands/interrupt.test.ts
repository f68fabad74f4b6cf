import { EventEmitter } from "node:events";

import { describe, expect, test } from "@jest/globals";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { onInterrupt } from "../../scripts/commands/interrupt.ts";
import { eventAt, failingRun, progress, viewOf } from "../helpers/recorded-run.ts";

class Left extends Error {}

function interruptible(events: readonly DeploymentEvent[], resumable = true) {
  const told: string[] = [];
  let code: number | undefined;
  let last: unknown;
  const host = Object.assign(new EventEmitter(), {
    exit(given: number): never {
      code = given;
      throw new Left();
    },
  });
  const interrupt = onInterrupt(
    host,
    {
      event: (event) => told.push(event.type === "warning" ? event.message : event.type),
      view: () => viewOf(events),
      error: (error) => {
        last = error;
      },
    },
    resumable,
  );
  return { host, interrupt, told, left: () => ({ code, last }) };
}

const begun = failingRun.slice(0, 8);

describe("the first Ctrl-C", () => {
  test("says what goes on without us, what was not begun and how to take it up again, and asks the run to end", () => {
    const { host, interrupt, told, left } = interruptible(begun);
    host.emit("SIGINT");
    expect(told).toEqual([
      [
        "Interrupted: the call under way is finished, then this run says how things stand and ends.",
        "nginx: deployment ecs-svc/7 of nginx:7 (0 of 4 running, 2 starting, 4 old still running) goes on in ECS without us.",
        "api: deployment ecs-svc/3 of api:3 (0 of 2 running, 2 starting, 2 old still running) goes on in ECS without us.",
        "No rollout was started yet for worker; this run starts none.",
        "The same command takes it up again.",
        "Ctrl-C again leaves at once.",
      ].join("\n"),
    ]);
    expect(interrupt.signal.aborted).toBe(true);
    expect(left()).toEqual({ code: undefined, last: undefined });
  });

  test("of a run whose command would start anew says so, and where to look", () => {
    const { host, told } = interruptible(begun, false);
    host.emit("SIGINT");
    expect(told[0]).toContain("would start a rollout of its own; ./deploy status");
    expect(told[0]).not.toContain("takes it up again");
  });

  test("tells a rollback that goes on", () => {
    const { host, told } = interruptible(failingRun.slice(0, 12));
    host.emit("SIGTERM");
    expect(told[0]).toContain("nginx is being rolled back to nginx:6 by ECS (");
    expect(told[0]).not.toContain("api:");
  });

  test("names five rollouts of a fleet and counts the rest", () => {
    const events = Array.from({ length: 30 }, (_, index) =>
      eventAt(0, progress(`service-${index}`, { desired: 1, running: 0 })),
    );
    const { host, told } = interruptible(events);
    host.emit("SIGINT");
    expect(told[0]?.split("\n")).toHaveLength(9);
    expect(told[0]).toContain("25 more rollouts go on in ECS as well.");
  });

  test("before anything is known claims nothing", () => {
    const { host, told } = interruptible([]);
    host.emit("SIGINT");
    expect(told[0]).not.toMatch(/goes on|takes it up/);
  });
});

describe("the second Ctrl-C", () => {
  test("leaves at once with 130, and says as the run's last word what stays suspended", () => {
    const { host, left } = interruptible(begun);
    host.emit("SIGINT");
    expect(() => host.emit("SIGINT")).toThrow(Left);
    const message = expect.stringContaining("Autoscaling of nginx is still suspended");
    expect(left()).toMatchObject({ code: 130, last: { code: "interrupted", exitCode: 130, message } });
  });
});

describe("a run that is over", () => {
  test("leaves signals to the machine again", () => {
    const { host, interrupt } = interruptible([]);
    interrupt.release();
    expect(["SIGINT", "SIGTERM", "SIGHUP"].map((name) => host.listenerCount(name))).toEqual([0, 0, 0]);
  });
});
