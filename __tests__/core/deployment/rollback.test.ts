import { describe, expect, test } from "@jest/globals";

import { goBackTo, planRollback } from "../../../scripts/core/deployment/rollback.ts";
import { registered, revisionArn, service } from "../../helpers/ecs-json.ts";

/** Deployments, newest first: `3`, or `3!` for one that did not succeed. */
const past = (...revisions: string[]) =>
  revisions.map((text) => ({
    taskDefinitionArn: revisionArn(`nginx:${text.replace("!", "")}`),
    succeeded: !text.endsWith("!"),
  }));
const from = (current: number, ...revisions: string[]) =>
  goBackTo(revisionArn(`nginx:${current}`), past(...revisions));
const to = (revision: number) => ({ kind: "revision", arn: revisionArn(`nginx:${revision}`) });

describe("going back", () => {
  test("leads to the revision that was last deployed with success, not to the last registered one", () => {
    expect(from(5, "5", "3", "2")).toEqual(to(3));
  });

  test("skips deployments that failed or were rolled back", () => {
    expect(from(5, "5", "4!", "3!", "2")).toEqual(to(2));
    expect(from(5, "5!", "4")).toEqual(to(4));
  });

  test("skips forced deployments of the revision that runs", () => {
    expect(from(5, "5", "5", "4")).toEqual(to(4));
  });

  test("is done already when the service has gone back, so that a second run changes nothing", () => {
    expect(from(2, "2", "3", "2")).toEqual({ kind: "alreadyBack" });
    expect(from(2, "2!", "3", "2", "1")).toEqual({ kind: "alreadyBack" });
  });

  test("has nowhere to go after the first deployment", () => {
    expect(from(1, "1")).toEqual({ kind: "nothingBefore" });
    expect(from(1)).toEqual({ kind: "nothingBefore" });
  });

  test("goes on to the one before after ECS itself has rolled a failed deployment back", () => {
    expect(from(2, "3!", "2", "1")).toEqual(to(1));
  });
});

describe("the plan of a rollback", () => {
  const address = { serviceName: "nginx", cluster: "test" };

  test("is one UpdateService to the revision, and the wait for it", () => {
    const plan = planRollback(
      { service: service({ taskDefinition: revisionArn("nginx:2") }) },
      address,
      registered("nginx:alpine", 1),
    );
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["updateService", "waitForDeployment"]);
    expect(plan.steps[0]).toMatchObject({ input: { taskDefinition: revisionArn("nginx:1") } });
  });

  test("is nothing where the service is there already", () => {
    expect(planRollback({ service: service() }, address, registered()).steps).toEqual([]);
    expect(planRollback({ service: service() }, address, undefined).steps).toEqual([]);
  });

  test("is refused for a revision that was deregistered, saying how to choose another", () => {
    const gone = registered("nginx:alpine", 1);
    const inactive = { ...gone, taskDefinition: { ...gone.taskDefinition, status: "INACTIVE" as const } };
    const running = service({ taskDefinition: revisionArn("nginx:2") });
    expect(() => planRollback({ service: running }, address, inactive)).toThrow(
      /nginx:1.*deregistered.*--to/,
    );
  });
});
