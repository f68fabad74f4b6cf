import { describe, expect, test } from "@jest/globals";

import { historyIn, nextLookIn, type Look } from "../../../scripts/core/deployment/pace.ts";
import { deployment, service } from "../../helpers/ecs-json.ts";

const at = (seconds: number): Date => new Date(seconds * 1_000);
const event = (seconds: number, message: string): { id: string; createdAt: Date; message: string } => ({
  id: `e${seconds}`,
  createdAt: at(seconds),
  message: `(service nginx) ${message}`,
});

/** Newest first, as ECS lists them: a rollout that took 60 s to its first drain and drained for 320 s. */
const earlier = [
  event(400, "has reached a steady state."),
  event(390, "(deployment ecs-svc/1) deployment completed."),
  event(70, "has stopped 2 running tasks: (task x) (task y)."),
  event(10, "has started 2 tasks: (task a) (task b)."),
  event(1, "(deployment ecs-svc/0) deployment completed."),
];
const timeOf = (date: Date): number => date.getTime();
const history = { startingMs: 60_000, stoppingMs: 320_000 };

function look(seconds: number, overrides: Partial<Look> = {}): Look {
  return {
    service: service({ events: earlier }),
    deploymentId: "ecs-svc/2",
    nowMs: seconds * 1_000,
    beganMs: 1_000_000,
    timeOf,
    history,
    attended: false,
    failing: false,
    ...overrides,
  };
}

const rollingOut = (running: number, events = earlier): ReturnType<typeof service> =>
  service({
    events,
    deployments: [
      deployment("ecs-svc/2", { runningCount: running, rolloutState: "IN_PROGRESS" }),
      deployment("ecs-svc/1", { status: "ACTIVE" }),
    ],
  });
const draining = rollingOut(2, [event(1_060, "has stopped 2 running tasks: (task a) (task b)."), ...earlier]);

describe("the pace of looking at a rollout", () => {
  test("learns from the service's own events how long its last rollout took", () => {
    expect(historyIn(service({ events: earlier }), timeOf)).toEqual(history);
  });

  test("learns nothing from a rollout that has not ended, nor from one that drained nothing", () => {
    expect(historyIn(service({ events: earlier.slice(2) }), timeOf)).toEqual({});
    expect(
      historyIn(service({ events: [event(5, "(deployment ecs-svc/0) deployment completed.")] }), timeOf),
    ).toEqual({});
  });

  test("sleeps through most of a drain whose length is known, a minute at most", () => {
    expect(nextLookIn(look(1_070, { service: draining }))).toBe(60_000);
    expect(nextLookIn(look(1_350, { service: draining }))).toBe(27_000);
  });

  test("looks every second or two when the drain is about to end", () => {
    expect(nextLookIn(look(1_378, { service: draining }))).toBeLessThanOrEqual(1_500);
    expect(nextLookIn(look(1_395, { service: draining }))).toBeLessThanOrEqual(1_500);
  });

  test("counts a drain in AWS's time, whatever the machine's clock says", () => {
    expect(
      nextLookIn(look(5_378, { service: draining, timeOf: (date) => date.getTime() + 4_000_000 })),
    ).toBeLessThanOrEqual(1_500);
  });

  test("goes by the deregistration delay where no rollout has shown more, and by what comes after a drain", () => {
    const first = { service: draining, history: { leastStoppingMs: 300_000 } };
    expect(nextLookIn(look(1_020, { ...first, service: rollingOut(0) }))).toBe(15_000);
    expect(nextLookIn(look(1_070, first))).toBe(60_000);
    expect(nextLookIn(look(1_362, first))).toBe(5_000);
    expect(nextLookIn(look(1_410, first))).toBeLessThanOrEqual(1_500);
    expect(nextLookIn(look(1_460, first))).toBe(5_000);
  });

  test("looks rarer and rarer where this rollout takes longer than the last", () => {
    const quicker = { startingMs: 30_000, stoppingMs: 1_000 };
    const pauses = [1_065, 1_095, 1_150, 1_400].map((seconds) =>
      nextLookIn(look(seconds, { service: draining, history: quicker })),
    );
    expect(pauses).toEqual(pauses.toSorted((left, right) => left - right));
    expect(pauses[0]).toBeLessThanOrEqual(1_500);
    expect(pauses.at(-1)).toBe(15_000);
  });

  test("looks every second or two when all tasks run and no old one is left", () => {
    const nearlyDone = service({ deployments: [deployment("ecs-svc/2", { rolloutState: "IN_PROGRESS" })] });
    expect(nextLookIn(look(1_030, { service: nearlyDone, history: {} }))).toBeLessThanOrEqual(1_500);
  });

  test("looks often where tasks fail, and where a rollback is awaited", () => {
    const failing = service({
      deployments: [
        deployment("ecs-svc/2", { runningCount: 0, failedTasks: 1, rolloutState: "IN_PROGRESS" }),
      ],
    });
    expect(nextLookIn(look(1_020, { service: failing }))).toBeLessThanOrEqual(3_000);
    expect(nextLookIn(look(1_070, { service: draining, failing: true }))).toBeLessThanOrEqual(3_000);
  });

  test("never lets somebody who watches live wait for more than a few seconds", () => {
    expect(nextLookIn(look(1_070, { service: draining, attended: true }))).toBeLessThanOrEqual(2_500);
  });

  test("asks an ordinary update no oftener than the AWS CLI's waiter does in all", () => {
    let now = 1_003;
    let looks = 0;
    while (now < 1_380) {
      const running = now > 1_045 ? 2 : 0;
      const seen = now >= 1_060 ? draining : rollingOut(running);
      now += nextLookIn(look(now, { service: seen })) / 1_000;
      looks += 1;
    }
    expect(looks).toBeLessThan((1_380 - 1_000) / 15 / 2);
    expect(now).toBeLessThan(1_382);
  });
});
