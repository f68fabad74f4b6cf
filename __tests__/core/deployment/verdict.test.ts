import { describe, expect, test } from "@jest/globals";

import { judge, unseen, type WatchMemory } from "../../../scripts/core/deployment/verdict.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";

const ours = "ecs-svc/2";
const fresh = { status: "PRIMARY", taskDefinition: revisionArn("nginx:2") };
const earlier = {
  deploymentId: ours,
  earlierDeployments: new Set(["ecs-svc/1"]),
  earlierEvents: new Set(["old"]),
};
const look = (
  seen: Parameters<typeof judge>[0],
  memory: WatchMemory = {},
  nowMs = 0,
): ReturnType<typeof judge> => judge(seen, earlier, memory, nowMs);
const verdictOn = (seen: Parameters<typeof judge>[0], memory?: WatchMemory, nowMs?: number) =>
  look(seen, memory, nowMs).verdict;

describe("the verdict on our deployment", () => {
  test("is completed when ECS says so and every task runs", () => {
    const seen = service({ deployments: [deployment(ours, fresh)] });
    expect(verdictOn(seen)).toEqual({ kind: "completed" });
  });

  test("is not completed by a COMPLETED that is older than the desired count", () => {
    const seen = service({ deployments: [deployment(ours, { ...fresh, desiredCount: 3 })] });
    expect(verdictOn(seen).kind).toBe("inProgress");
  });

  test("is in progress right after UpdateService, when the old deployment is still COMPLETED", () => {
    const seen = service({
      deployments: [
        deployment(ours, { ...fresh, desiredCount: 2, runningCount: 0, rolloutState: "IN_PROGRESS" }),
        deployment("ecs-svc/1", { status: "ACTIVE" }),
      ],
    });
    expect(verdictOn(seen).kind).toBe("inProgress");
  });

  test("is rolling back, then failed, when the circuit breaker puts the old deployment back", () => {
    const failed = deployment(ours, {
      status: "ACTIVE",
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
    });
    const during = service({
      deployments: [deployment("ecs-svc/1", { rolloutState: "IN_PROGRESS" }), failed],
    });
    const first = look(during);
    expect(first.verdict).toMatchObject({ kind: "rollingBack", to: { id: "ecs-svc/1" } });

    const afterwards = service({ deployments: [deployment("ecs-svc/1")] });
    expect(verdictOn(afterwards, first.memory)).toMatchObject({
      kind: "failed",
      reason: "ECS deployment circuit breaker: tasks failed to start.",
      rolledBackTo: { id: "ecs-svc/1" },
    });
  });

  test("is failed, and never superseded, when the whole rollback happened between two looks", () => {
    const seen = service({
      deployments: [deployment("ecs-svc/1")],
      events: [
        {
          id: "e",
          message: `(service nginx) (deployment ${ours}) deployment failed: tasks failed to start.`,
        },
      ],
    });
    expect(verdictOn(seen)).toMatchObject({ kind: "failed", rolledBackTo: { id: "ecs-svc/1" } });
  });

  test("is failed at once when nothing can be rolled back to", () => {
    const seen = service({ deployments: [deployment(ours, { ...fresh, rolloutState: "FAILED" })] });
    expect(verdictOn(seen)).toMatchObject({ kind: "failed" });
    expect(verdictOn(seen)).not.toHaveProperty("rolledBackTo");
  });

  test("waits a bounded time for a rollback that the circuit breaker promises", () => {
    const seen = service({
      deployments: [
        deployment(ours, { ...fresh, rolloutState: "FAILED" }),
        deployment("ecs-svc/1", { status: "ACTIVE" }),
      ],
    });
    const first = look(seen, {}, 1_000);
    expect(first.verdict.kind).toBe("inProgress");
    expect(verdictOn(seen, first.memory, 60_000).kind).toBe("inProgress");
    expect(verdictOn(seen, first.memory, 61_000).kind).toBe("failed");
  });

  test("is in progress while AWS does not list yet what it has just answered with", () => {
    const lagging = service({ deployments: [deployment("ecs-svc/1")] });
    expect(verdictOn(lagging, unseen(0), 5_000).kind).toBe("inProgress");
    expect(verdictOn(lagging, unseen(0), 31_000)).toMatchObject({ kind: "failed" });
  });

  test("is in progress when one look is older than the one before it, and failed when it stays so", () => {
    const lagging = service({ deployments: [deployment("ecs-svc/1")] });
    const first = look(lagging, {}, 100_000);
    expect(first.verdict.kind).toBe("inProgress");
    const later = service({ deployments: [deployment(ours, fresh)] });
    expect(verdictOn(later, first.memory, 101_000).kind).toBe("completed");
    expect(verdictOn(lagging, first.memory, 131_000)).toMatchObject({ kind: "failed" });
  });

  test("is in progress while AWS lists another one that ours has just superseded", () => {
    const lagging = service({
      deployments: [deployment("ecs-svc/somebodys", { rolloutState: "IN_PROGRESS" })],
    });
    expect(verdictOn(lagging, unseen(0), 5_000).kind).toBe("inProgress");
    expect(verdictOn(lagging, unseen(0), 31_000).kind).toBe("superseded");
  });

  test.each([undefined, service({ status: "INACTIVE", deployments: [] })])(
    "is in progress while AWS does not know the service yet that it has just created",
    (lagging) => {
      expect(verdictOn(lagging, unseen(0), 5_000).kind).toBe("inProgress");
      expect(verdictOn(lagging, unseen(0), 31_000).kind).toBe("gone");
    },
  );

  test("is failed when ECS goes back to the deployment before, although nothing says why", () => {
    const seen = service({ deployments: [deployment("ecs-svc/1", { rolloutState: "IN_PROGRESS" })] });
    expect(verdictOn(seen)).toMatchObject({ kind: "rollingBack", to: { id: "ecs-svc/1" } });
  });

  const failing = (failedTasks: number, desiredCount: number) =>
    service({
      deploymentConfiguration: {},
      deployments: [
        deployment(ours, {
          ...fresh,
          desiredCount,
          runningCount: 0,
          failedTasks,
          rolloutState: "IN_PROGRESS",
        }),
        deployment("ecs-svc/1", { status: "ACTIVE" }),
      ],
    });

  test.each([
    [2, 2, "inProgress"],
    [3, 2, "hopeless"],
    [5, 12, "inProgress"],
    [6, 12, "hopeless"],
  ])("without a circuit breaker, %i failed tasks of %i desired are %s", (failed, desired, kind) => {
    expect(verdictOn(failing(failed, desired)).kind).toBe(kind);
  });

  test("leaves the counting to the circuit breaker where there is one", () => {
    const seen = {
      ...failing(50, 2),
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
    };
    expect(verdictOn(seen).kind).toBe("inProgress");
  });

  test("is superseded, naming the other, when somebody else's deployment is the primary one", () => {
    const seen = service({
      deployments: [
        deployment("ecs-svc/3"),
        deployment(ours, { status: "ACTIVE", rolloutState: "IN_PROGRESS" }),
      ],
    });
    expect(verdictOn(seen)).toMatchObject({ kind: "superseded", by: { id: "ecs-svc/3" } });
  });

  const completedBefore = (id: string) =>
    service({
      deployments: [deployment("ecs-svc/3", { rolloutState: "IN_PROGRESS" })],
      events: [{ id, message: `(service nginx) (deployment ${ours}) deployment completed.` }],
    });

  test("is completed when somebody else's deployment began only after ours was over", () => {
    expect(verdictOn(completedBefore("new")).kind).toBe("completed");
  });

  test("is superseded although the same deployment had completed before this run changed its count", () => {
    expect(verdictOn(completedBefore("old")).kind).toBe("superseded");
  });

  test.each([
    [undefined, "MISSING"],
    [service({ status: "DRAINING" }), "DRAINING"],
  ])("is gone when the service was deleted meanwhile", (seen, status) => {
    expect(verdictOn(seen)).toEqual({ kind: "gone", status });
  });

  test("is completed for a desired count of zero", () => {
    const seen = service({ deployments: [deployment(ours, { ...fresh, desiredCount: 0, runningCount: 0 })] });
    expect(verdictOn(seen).kind).toBe("completed");
  });
});
