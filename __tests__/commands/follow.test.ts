import { describe, expect, test } from "@jest/globals";

import { follow, type Watch } from "../../scripts/commands/follow.ts";
import { AwsCallError } from "../../scripts/core/errors.ts";
import type { DeploymentEventBody, ServiceOutcome } from "../../scripts/core/events.ts";
import type { EcsPort } from "../../scripts/core/ports.ts";
import { deployment, revisionArn, service } from "../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock, sequence } from "../helpers/fake-ecs.ts";

const watch: Watch = {
  service: "nginx",
  cluster: "test",
  deploymentId: "ecs-svc/2",
  revision: "nginx:2",
  images: ["nginx:1.27"],
  earlierEvents: new Set(["old"]),
};
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

async function followed(
  ecs: Partial<EcsPort>,
  { timeoutMs = 60_000, signal = new AbortController().signal } = {},
): Promise<{ outcomes: readonly ServiceOutcome[]; events: DeploymentEventBody[]; sleeps: number[] }> {
  const events: DeploymentEventBody[] = [];
  const clock = jumpingClock();
  const outcomes = await follow(
    [watch],
    { ecs: fakeEcs(ecs), clock, emit: (event) => events.push(event) },
    { timeoutMs, signal },
  );
  return { outcomes, events, sleeps: clock.sleeps };
}

describe("following a deployment", () => {
  test("ends as soon as it has completed, with the time it took", async () => {
    const { outcomes } = await followed({ describeServices: sequence([[moving(0)], [moving(1)], [done]]) });
    expect(outcomes).toMatchObject([{ outcome: "completed", revision: "nginx:2", seconds: 2 }]);
  });

  test("tells each change of the counts once", async () => {
    const { events } = await followed({
      describeServices: sequence([[moving(0)], [moving(0)], [moving(1)], [moving(1)], [done]]),
    });
    const running = events.flatMap((event) => (event.type === "progress" ? [event.running] : []));
    expect(running).toEqual([0, 1, 2]);
  });

  test("tells the service's new events in their order, and none from before", async () => {
    const event = (id: string): { id: string; message: string } => ({ id, message: `(service nginx) ${id}` });
    const looks = [
      [{ ...moving(0), events: [event("a"), event("old")] }],
      [{ ...done, events: [event("c"), event("b"), event("a"), event("old")] }],
    ];
    const { events } = await followed({ describeServices: sequence(looks) });
    const messages = events.flatMap((one) => (one.type === "serviceEvent" ? [one.message] : []));
    expect(messages).toEqual(["(service nginx) a", "(service nginx) b", "(service nginx) c"]);
  });

  test("ends as timed out at the time-out, not before", async () => {
    const { outcomes, sleeps } = await followed(
      { describeServices: sequence([[moving(1)]]) },
      { timeoutMs: 45_500 },
    );
    expect(outcomes).toMatchObject([{ outcome: "timedOut", deploymentId: "ecs-svc/2", seconds: 45.5 }]);
    expect(sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBe(45_500);
  });

  test("looks less often when nothing has moved for a while", async () => {
    const { sleeps } = await followed({ describeServices: sequence([[moving(1)]]) }, { timeoutMs: 60_000 });
    expect(sleeps[0]).toBeLessThan(sleeps.at(-2) ?? 0);
  });

  test("ends as interrupted after Ctrl-C", async () => {
    const { outcomes } = await followed(
      { describeServices: sequence([[moving(1)]]) },
      { signal: AbortSignal.abort() },
    );
    expect(outcomes).toMatchObject([{ outcome: "interrupted", deploymentId: "ecs-svc/2" }]);
  });

  test("explains a failure by its stopped tasks, leaving out those that the rollback stopped", async () => {
    const failed = service({
      deployments: [
        deployment("ecs-svc/1"),
        deployment("ecs-svc/2", { status: "ACTIVE", rolloutState: "FAILED", rolloutStateReason: "breaker" }),
      ],
    });
    const crashed = {
      stopCode: "EssentialContainerExited" as const,
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "nginx", exitCode: 1 }],
    };
    const { outcomes } = await followed({
      describeServices: sequence([[failed]]),
      stoppedTasks: () =>
        Promise.resolve([
          crashed,
          crashed,
          { stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)" },
        ]),
    });
    expect(outcomes).toMatchObject([
      {
        outcome: "failed",
        rolledBackTo: "nginx:1",
        causes: [{ tasks: 2, cause: "Essential container in task exited; container nginx: exit code 1" }],
      },
    ]);
  });

  test("keeps the verdict when the stopped tasks may not be read", async () => {
    const failed = service({ deployments: [deployment("ecs-svc/2", { rolloutState: "FAILED" })] });
    const { outcomes } = await followed({
      describeServices: sequence([[failed]]),
      stoppedTasks: () => Promise.reject(new AwsCallError("AccessDeniedException", "ecs:ListTasks: no")),
    });
    expect(outcomes).toMatchObject([
      { outcome: "failed", causes: [{ cause: "The stopped tasks could not be read (ecs:ListTasks: no)" }] },
    ]);
  });
});
