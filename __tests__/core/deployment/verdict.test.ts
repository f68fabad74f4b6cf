import { describe, expect, test } from "@jest/globals";

import { freshMemory, judge } from "../../../scripts/core/deployment/verdict.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";

const ours = "ecs-svc/2";
const fresh = { status: "PRIMARY", taskDefinition: revisionArn("nginx:2") };
const verdictOn = (
  seen: Parameters<typeof judge>[0],
  memory = freshMemory,
): ReturnType<typeof judge>["verdict"] => judge(seen, ours, memory).verdict;

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
    const first = judge(during, ours, freshMemory);
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

  test("waits a bounded number of looks for a rollback that the circuit breaker promises", () => {
    const seen = service({
      deployments: [
        deployment(ours, { ...fresh, rolloutState: "FAILED" }),
        deployment("ecs-svc/1", { status: "ACTIVE" }),
      ],
    });
    let memory = freshMemory;
    const kinds: string[] = [];
    for (let look = 0; look < 40; look += 1) {
      const judged = judge(seen, ours, memory);
      memory = judged.memory;
      kinds.push(judged.verdict.kind);
    }
    expect(kinds[0]).toBe("inProgress");
    expect(kinds.at(-1)).toBe("failed");
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
