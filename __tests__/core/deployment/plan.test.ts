import { describe, expect, test } from "@jest/globals";

import { planCreate, planUpdate, type Observed, type Plan } from "../../../scripts/core/deployment/plan.ts";
import { registeredRevisionMarker } from "../../../scripts/core/deployment/registered-revision.ts";
import { planRollback } from "../../../scripts/core/deployment/rollback.ts";
import { planRestart } from "../../../scripts/core/deployment/simple-plans.ts";
import { RefusedError } from "../../../scripts/core/errors.ts";
import { definition, deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";

const names = { serviceName: "nginx", cluster: "test" };

function update(observed: Observed, input: object = {}, image = "nginx:alpine"): Plan {
  return planUpdate(observed, {
    ...names,
    taskDefinition: definition(image),
    service: { service: "nginx", ...input },
  });
}

function create(observed: Observed): Plan {
  return planCreate(
    observed,
    {
      ...names,
      taskDefinition: definition(),
      service: { serviceName: "nginx", taskDefinition: registeredRevisionMarker, desiredCount: 2 },
    },
    { service: "nginx", taskDefinition: registeredRevisionMarker, desiredCount: 2 },
  );
}

const kinds = (plan: Plan): string[] => plan.steps.map(({ kind }) => kind);

describe("the plan of an update", () => {
  test("registers a revision and updates the service once when the image is new", () => {
    const plan = update({ service: service(), currentRevision: registered() }, {}, "nginx:1.27");
    expect(kinds(plan)).toEqual(["registerTaskDefinition", "updateService", "waitForDeployment"]);
    expect(plan.steps[1]).toMatchObject({
      revision: { kind: "registered" },
      input: { cluster: "test", service: "nginx", taskDefinition: registeredRevisionMarker },
    });
    expect(plan.previousRevisionArn).toBe(revisionArn("nginx:1"));
  });

  test("does nothing when the definition and the service are as the templates ask", () => {
    const plan = update({ service: service(), currentRevision: registered() }, { desiredCount: 2 });
    expect(plan.steps).toEqual([]);
  });

  test("updates the service without a new revision when only the service template asks for something new", () => {
    const plan = update({ service: service(), currentRevision: registered() }, { desiredCount: 3 });
    expect(kinds(plan)).toEqual(["updateService", "waitForDeployment"]);
    expect(plan.steps[0]).toMatchObject({
      input: { cluster: "test", service: "nginx", desiredCount: 3 },
      changes: [{ member: "desiredCount", from: 2, to: 3 }],
    });
    expect(plan.steps[0]).not.toHaveProperty("input.taskDefinition");
  });

  test("uses the revision that a killed run has left behind instead of registering it again", () => {
    const plan = update(
      {
        service: service(),
        currentRevision: registered(),
        latestRevision: registered("nginx:1.27", 2),
      },
      {},
      "nginx:1.27",
    );
    expect(kinds(plan)).toEqual(["updateService", "waitForDeployment"]);
    expect(plan.steps[0]).toMatchObject({ input: { taskDefinition: revisionArn("nginx:2") } });
  });

  test("never points a service at a revision that was deregistered, even when it means the same", () => {
    const inactive = registered("nginx:1.27", 2);
    const plan = update(
      {
        service: service(),
        currentRevision: registered(),
        latestRevision: { ...inactive, taskDefinition: { ...inactive.taskDefinition, status: "INACTIVE" } },
      },
      {},
      "nginx:1.27",
    );
    expect(kinds(plan)).toContain("registerTaskDefinition");
  });

  test("waits for a rollout of the same revision that has not ended yet", () => {
    const running = service({ deployments: [deployment("ecs-svc/7", { rolloutState: "IN_PROGRESS" })] });
    const plan = update({ service: running, currentRevision: registered() });
    expect(plan.steps).toEqual([
      { kind: "waitForDeployment", work: "watchDeployment", deploymentId: "ecs-svc/7" },
    ]);
  });

  test("forces a deployment when the last one of the same revision failed, and says so", () => {
    const failed = service({ deployments: [deployment("ecs-svc/7", { rolloutState: "FAILED" })] });
    const plan = update({ service: failed, currentRevision: registered() });
    expect(plan.steps[0]).toMatchObject({
      kind: "updateService",
      input: { forceNewDeployment: true },
      forcedBecause: "the last deployment of this revision failed",
    });
  });

  test.each([undefined, "INACTIVE", "DRAINING"])(
    "is refused when the service is %s, naming create",
    (status) => {
      const observed = status === undefined ? {} : { service: service({ status }) };
      expect(() => update(observed)).toThrow(RefusedError);
      expect(() => update(observed)).toThrow("./deploy create nginx");
    },
  );

  test("is refused when the template asks for another launch type, naming both", () => {
    const observed = { service: service(), currentRevision: registered() };
    const desired = {
      ...names,
      taskDefinition: definition(),
      service: { service: "nginx" },
      fixedAtCreation: { launchType: "FARGATE" as const },
    };
    expect(() => planUpdate(observed, desired)).toThrow(
      "launchType is EC2 and the template asks for FARGATE",
    );
  });
});

const codeDeploys = service({ deploymentController: { type: "CODE_DEPLOY" } });

test.each([
  ["an update of a service", () => update({ service: codeDeploys })],
  ["a rollback of one", () => planRollback({ service: codeDeploys }, names, undefined)],
  ["a restart of one", () => planRestart({ service: codeDeploys }, names)],
  [
    "a create from a template",
    () =>
      planCreate(
        {},
        {
          ...names,
          taskDefinition: definition(),
          service: { serviceName: "nginx", deploymentController: { type: "CODE_DEPLOY" } },
        },
        { service: "nginx" },
      ),
  ],
])("%s with another deployment controller is refused by name", (_, plan) => {
  expect(plan).toThrow(RefusedError);
  expect(plan).toThrow("deployment controller CODE_DEPLOY");
});

describe("the plan of a create", () => {
  test.each([
    ["has never been there", {}],
    ["is INACTIVE", { service: service({ status: "INACTIVE" }) }],
  ])("registers a revision and creates the service when it %s", (_, observed) => {
    const plan = create(observed);
    expect(kinds(plan)).toEqual(["registerTaskDefinition", "createService", "waitForDeployment"]);
    expect(plan.steps[1]).toMatchObject({
      input: { cluster: "test", serviceName: "nginx", desiredCount: 2 },
    });
  });

  test("uses the family's newest revision when it means the same", () => {
    const plan = create({ latestRevision: registered() });
    expect(kinds(plan)).toEqual(["createService", "waitForDeployment"]);
    expect(plan.steps[0]).toMatchObject({ revision: { kind: "existing", arn: revisionArn("nginx:1") } });
  });

  test("is refused when the service exists, naming update", () => {
    expect(() => create({ service: service() })).toThrow(RefusedError);
    expect(() => create({ service: service() })).toThrow("./deploy update nginx");
  });

  test("is refused while the old service drains, saying when it can be created", () => {
    expect(() => create({ service: service({ status: "DRAINING" }) })).toThrow("still DRAINING");
  });
});
