import { describe, expect, test } from "@jest/globals";

import { createWatcher, type Watch, type Watched } from "../../../scripts/commands/rollout/watcher.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";
import type { EcsPort } from "../../../scripts/core/ports.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock, sequence } from "../../helpers/fake-ecs.ts";

const watch: Watch = { service: "nginx", cluster: "test", deploymentId: "ecs-svc/2", timeoutMs: 60_000 };
const moving = (running: number): ReturnType<typeof service> =>
  service({
    deployments: [
      deployment("ecs-svc/2", {
        runningCount: running,
        rolloutState: "IN_PROGRESS",
        taskDefinition: revisionArn("nginx:2"),
      }),
      deployment("ecs-svc/1", { status: "ACTIVE" }),
    ],
  });
const done = service({ deployments: [deployment("ecs-svc/2", { taskDefinition: revisionArn("nginx:2") })] });

interface Seen {
  readonly ended: Watched;
  readonly events: DeploymentEventBody[];
  readonly sleeps: readonly number[];
}

async function watched(
  describeServices: EcsPort["describeServices"],
  {
    signal = new AbortController().signal,
    attended = false,
    ...settings
  }: Partial<Watch> & {
    signal?: AbortSignal;
    attended?: boolean;
  } = {},
): Promise<Seen> {
  const events: DeploymentEventBody[] = [];
  const clock = jumpingClock();
  const emit = (event: DeploymentEventBody): void => void events.push(event);
  const watcher = createWatcher({ ecs: fakeEcs({ describeServices }), clock, emit, signal, attended });
  return { ended: await watcher.watch({ ...watch, ...settings }), events, sleeps: clock.sleeps };
}

describe("watching a deployment", () => {
  test("ends as soon as it has completed, with the time it took", async () => {
    const { ended, sleeps } = await watched(sequence([[moving(0)], [moving(1)], [done]]));
    expect(ended.verdict).toEqual({ kind: "completed" });
    expect(ended.seconds * 1_000).toBe(sleeps.reduce((sum, sleep) => sum + sleep, 0));
  });

  test("tells each change of the counts once", async () => {
    const { events } = await watched(sequence([[moving(0)], [moving(0)], [moving(1)], [moving(1)], [done]]));
    const running = events.flatMap((event) => (event.type === "progress" ? [event.running] : []));
    expect(running).toEqual([0, 1, 2]);
  });

  test("tells the service's new events in their order, and none from before", async () => {
    const event = (id: string): { id: string; message: string } => ({ id, message: `(service nginx) ${id}` });
    const before = { ...moving(0), events: [event("old")] };
    const looks = [
      [{ ...moving(0), events: [event("a"), event("old")] }],
      [{ ...done, events: [event("c"), event("b"), event("a"), event("old")] }],
    ];
    const { events } = await watched(sequence(looks), { before });
    const messages = events.flatMap((one) => (one.type === "serviceEvent" ? [one.message] : []));
    expect(messages).toEqual(["(service nginx) a", "(service nginx) b", "(service nginx) c"]);
  });

  test("ends as timed out at the time-out, not before", async () => {
    const { ended, sleeps } = await watched(sequence([[moving(1)]]), { timeoutMs: 45_500 });
    expect(ended).toMatchObject({ verdict: { kind: "timedOut" }, seconds: 45.5 });
    expect(sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBe(45_500);
  });

  test("ends as interrupted after Ctrl-C", async () => {
    const { ended } = await watched(sequence([[moving(1)]]), { signal: AbortSignal.abort() });
    expect(ended.verdict).toEqual({ kind: "interrupted" });
  });

  test("looks often where somebody watches it live", async () => {
    const { sleeps } = await watched(sequence([[moving(1)]]), { attended: true });
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(2_500);
  });

  test("fails with AWS's own error when AWS can no longer be asked", async () => {
    const refused = () => Promise.reject(new AwsCallError("ExpiredTokenException", "expired"));
    await expect(watched(refused)).rejects.toThrow("expired");
  });

  test("asks for ten services of a cluster in one call", async () => {
    const calls: (readonly string[])[] = [];
    const describeServices: EcsPort["describeServices"] = (_, names) => {
      calls.push(names);
      return Promise.resolve(
        names.map((name) => service({ serviceName: name, deployments: [deployment("ecs-svc/2")] })),
      );
    };
    const watcher = createWatcher({
      ecs: fakeEcs({ describeServices }),
      clock: jumpingClock(),
      emit: () => undefined,
      signal: new AbortController().signal,
      attended: false,
    });
    const names = Array.from({ length: 10 }, (_, index) => `service-${index}`);
    const ended = await Promise.all(names.map((name) => watcher.watch({ ...watch, service: name })));
    expect(ended.map(({ verdict }) => verdict.kind)).toEqual(names.map(() => "completed"));
    expect(calls.flat().length).toBeLessThanOrEqual(names.length);
    expect(calls.length).toBeLessThanOrEqual(2);
  });

  test("goes on with one that begins at whatever moment after the last one has ended", async () => {
    const ends: unknown[] = [];
    for (let ticks = 0; ticks < 12; ticks += 1) {
      const watcher = createWatcher({
        ecs: fakeEcs({ describeServices: sequence([[done]]) }),
        clock: jumpingClock(),
        emit: () => undefined,
        signal: new AbortController().signal,
        attended: false,
      });
      await watcher.watch(watch);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      const forgotten = new Promise((resolve) => setImmediate(resolve, `forgotten after ${ticks} ticks`));
      ends.push(await Promise.race([watcher.watch(watch).then(({ verdict }) => verdict.kind), forgotten]));
    }
    expect(new Set(ends)).toEqual(new Set(["completed"]));
  });
});
