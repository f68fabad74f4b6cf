import { describe, expect, test } from "@jest/globals";

import { deployOnce } from "../../../scripts/commands/code-deploy/once.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { CodeDeployPort } from "../../../scripts/core/ports/code-deploy.ts";
import { jumpingClock } from "../../helpers/fake-ecs.ts";

const request = {
  application: "test",
  group: "web",
  appSpec: "{}",
  description: "slipway:0toupgk2dsss replaces web:1; update web to nginx:2",
  rollback: true,
};
const lost = () =>
  new AwsCallError("ECONNRESET", "codedeploy:CreateDeployment: no answer", { effectUnknown: true });
const occupied = () =>
  new AwsCallError(
    "DeploymentLimitExceededException",
    "codedeploy:CreateDeployment: The Deployment Group 'web' already has an active Deployment 'd-1'",
  );

/** A CodeDeploy that lists what was made from the n-th look on, and answers each create with the next of `answers`. */
function codeDeploy(
  answers: readonly (() => Error)[],
  listedFrom: number,
  description = request.description,
) {
  let creates = 0;
  let looks = 0;
  const port = {
    create: () => {
      const answer = answers[creates];
      creates += 1;
      return answer === undefined ? Promise.resolve(`d-${creates}`) : Promise.reject(answer());
    },
    list: () => {
      looks += 1;
      return Promise.resolve(looks >= listedFrom ? ["d-1"] : []);
    },
    describe: (ids: readonly string[]) =>
      Promise.resolve(ids.map((deploymentId) => ({ deploymentId, description }))),
  };
  // Only what making a deployment calls.
  return { port: port as unknown as CodeDeployPort, creates: () => creates };
}

describe("a deployment whose answer was lost", () => {
  test("is found again by its description, and none is made beside it", async () => {
    const { port, creates } = codeDeploy([lost], 1);
    expect(await deployOnce(request, { port, clock: jumpingClock() })).toBe("d-1");
    expect(creates()).toBe(1);
  });

  test("is found where CodeDeploy lists it only after it has refused a second one", async () => {
    const { port, creates } = codeDeploy([lost, occupied], 4);
    expect(await deployOnce(request, { port, clock: jumpingClock() })).toBe("d-1");
    expect(creates()).toBe(2);
  });

  test("is made where nothing had come of the first try", async () => {
    const { port, creates } = codeDeploy([lost], Infinity);
    expect(await deployOnce(request, { port, clock: jumpingClock() })).toBe("d-2");
    expect(creates()).toBe(2);
  });

  test("is not mistaken for another one that occupies the group, which is said in AWS's words at once", async () => {
    const clock = jumpingClock();
    const { port } = codeDeploy([occupied], 1, "somebody else's");
    await expect(deployOnce(request, { port, clock })).rejects.toThrow("already has an active Deployment");
    expect(clock.sleeps).toEqual([]);
  });

  test("gives up, where another one occupies the group after an answer was lost, within a minute", async () => {
    const clock = jumpingClock();
    const { port } = codeDeploy([lost, occupied], 1, "somebody else's");
    await expect(deployOnce(request, { port, clock })).rejects.toThrow("already has an active Deployment");
    expect(clock.now()).toBeLessThan(60_000);
  });
});
