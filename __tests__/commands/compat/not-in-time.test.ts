import { expect, test } from "@jest/globals";

import { notInTime, wentBack } from "../../../scripts/commands/compat/not-in-time.ts";
import { AwsCallError, InterruptedError, RefusedError } from "../../../scripts/core/errors.ts";
import { completed, reportOf } from "../../helpers/recorded-run.ts";

const timedOut = {
  ...{ service: "web", cluster: "prod", revision: "web:7" },
  ...{ outcome: "timedOut" as const, deploymentId: "ecs-svc/7", seconds: 90 },
};

test("a rollback that came about is what runs now", async () => {
  const { problem, interrupted } = await wentBack(() => Promise.resolve(reportOf([completed])));
  expect({ problem, interrupted }).toEqual({ problem: undefined, interrupted: false });
  expect(notInTime(timedOut, "web:6", problem)).toMatchObject({ outcome: "failed", rolledBackTo: "web:6" });
});

test("a rollback that was not in time either is told in a sentence", async () => {
  const { problem } = await wentBack(() => Promise.resolve(reportOf([timedOut], { exitCode: 3 })));
  expect(problem).toBe("Waited for 1m 30s. Deployment ecs-svc/7 of web:7 goes on.");
});

test.each([
  [new RefusedError("run 0abc holds web"), false],
  [new AwsCallError("AccessDenied", "ecs:UpdateService: no"), false],
  [new InterruptedError("Interrupted."), true],
])("a rollback that is refused, %s, does not hide that the rollout was begun", async (error, interrupted) => {
  const back = await wentBack(() => Promise.reject(error));
  expect(back).toEqual({ problem: error.message, interrupted });
  expect(notInTime(timedOut, "web:6", back.problem)).toMatchObject({
    outcome: "failed",
    failedRevision: "web:7",
    rollbackProblem: error.message,
  });
});

test("a bug of ours is thrown", async () => {
  await expect(wentBack(() => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
});
