import type { AutoRollbackConfiguration } from "@aws-sdk/client-codedeploy";
import { describe, expect, test } from "@jest/globals";

import { stopDeployment } from "../../scripts/local/codedeploy/api/deployments.ts";
import { deleteService } from "../../scripts/local/ecs/api/services.ts";
import { CodeDeployWorld } from "../helpers/local-codedeploy.ts";

const canary = { deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes" };
const noRollback: AutoRollbackConfiguration = { enabled: false };

describe("an alarm in the middle of the shift", () => {
  test("stops the deployment, and a rollback of its own id brings the traffic back without new tasks", () => {
    const alarmConfiguration = { enabled: true, alarms: [{ name: "errors" }] };
    const world = new CodeDeployWorld({ ...canary, alarmConfiguration });
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.weights().green === 10);
    const tasks = world.tasks.length;
    world.alarm("errors", "ALARM");
    expect(world.deployment(id)).toMatchObject({
      status: "Stopped",
      errorInformation: {
        code: "ALARM_ACTIVE",
        message:
          "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <errors>",
      },
    });
    const rollback = world.rollbackOf(id);
    expect(world.events(id)).toMatchObject({
      BeforeAllowTraffic: "Succeeded",
      AllowTraffic: "Failed",
      AfterAllowTraffic: "Skipped",
    });
    expect(world.deployment(id).rollbackInfo).toEqual({
      rollbackDeploymentId: rollback,
      rollbackMessage: `Deployment ${id} terminated. Automatic rollback is triggered with a DeploymentId ${rollback}.`,
    });
    expect(world.deployment(rollback)).toMatchObject({
      creator: "codeDeployRollback",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      rollbackInfo: {
        rollbackTriggeringDeploymentId: id,
        rollbackMessage: `Deployment ${rollback} is triggered to roll back deployment ${id}.`,
      },
    });
    world.passUntilOriginalOnly();
    expect(world.tasks).toHaveLength(tasks);
  });

  test("that is not one of the deployment's changes nothing", () => {
    const alarmConfiguration = { enabled: true, alarms: [{ name: "errors" }] };
    const world = new CodeDeployWorld({ ...canary, alarmConfiguration });
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.weights().green === 10);
    world.alarm("others", "ALARM");
    world.passUntilStatus(id, "Succeeded");
  });

  test("already in ALARM before the deployment stops it at its start", () => {
    const world = new CodeDeployWorld({
      alarmConfiguration: { enabled: true, alarms: [{ name: "errors" }] },
    });
    world.alarm("errors", "ALARM");
    const id = world.deploy("nginx:2");
    world.passUntilStatus(id, "Stopped", 60);
    expect(new Set(Object.values(world.events(id)))).toEqual(new Set(["Skipped"]));
  });
});

describe("a replacement that never gets healthy", () => {
  test.each(["nginx:crash", "nginx:missing", "nginx:unhealthy"])(
    "%s fails Install after an hour",
    (image) => {
      const world = new CodeDeployWorld(canary);
      const id = world.deploy(image);
      const seconds = world.passUntilStatus(id, "Failed", 4000);
      expect(seconds).toBeGreaterThanOrEqual(3600);
      expect(world.deployment(id).errorInformation).toEqual({
        code: "TIMEOUT",
        message:
          "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.",
      });
      expect(world.events(id)).toMatchObject({ Install: "Failed", AfterInstall: "Skipped" });
      world.rollbackOf(id);
      world.passUntilOriginalOnly();
    },
  );

  test("cannot be made of a container that the task definition has not", () => {
    const world = new CodeDeployWorld();
    const task = world.register("nginx:2");
    const spec = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: ${task}
        LoadBalancerInfo: { ContainerName: app, ContainerPort: 80 }`;
    const id = world.deploySpec(spec);
    world.passUntilStatus(id, "Failed", 60);
    const { code, message } = world.deployment(id).errorInformation ?? {};
    expect(code).toBe("ECS_UPDATE_ERROR");
    expect(message).toMatch(
      /^The ECS service cannot be updated due to an unexpected error: The container app does not exist in the task definition\. \(Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: .*\)\. Check your ECS service status\.$/,
    );
  });
});

describe("a deployment without automatic rollback", () => {
  test("that is stopped leaves traffic and tasks where they are, until the next one clears up", () => {
    const world = new CodeDeployWorld({ ...canary, autoRollbackConfiguration: noRollback });
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.weights().green === 10);
    const answer = world.call((call) => stopDeployment(call, { deploymentId: id }));
    expect(answer.status).toBe("Succeeded");
    expect(world.deployment(id)).toMatchObject({
      status: "Stopped",
      errorInformation: { code: "MANUAL_STOP" },
    });
    expect(world.deployment(id).rollbackInfo).toBeUndefined();
    world.pass(900);
    expect(world.weights()).toEqual({ blue: 90, green: 10 });
    expect(world.running("nginx:2")).toHaveLength(2);

    world.passUntilStatus(world.deploy("nginx:3"), "Succeeded");
    world.passUntil(() => world.service.steady && world.taskSets.length === 1);
    expect(world.running("nginx:3")).toHaveLength(2);
    expect(world.running()).toHaveLength(2);
  });

  test("is rolled back all the same when the stop asks for it, even after the shift", () => {
    const world = new CodeDeployWorld({ autoRollbackConfiguration: noRollback });
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.events(id)["AfterAllowTraffic"] === "Succeeded");
    expect(world.weights().green).toBe(100);
    world.call((call) => stopDeployment(call, { deploymentId: id, autoRollbackEnabled: true }));
    world.rollbackOf(id);
    expect(world.weights("test-listener")).toEqual({ blue: 100, green: 0 });
    world.passUntilOriginalOnly();
    expect(() => world.call((call) => stopDeployment(call, { deploymentId: id }))).toThrow(
      expect.objectContaining({ type: "DeploymentAlreadyCompletedException" }),
    );
  });
});

describe("a group", () => {
  test("takes one deployment at a time, a rollback included", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2");
    expect(() => world.deploy("nginx:3")).toThrow(
      expect.objectContaining({
        type: "DeploymentLimitExceededException",
        message: `The Deployment Group 'group' already has an active Deployment '${id}'`,
      }),
    );
    world.call((call) => stopDeployment(call, { deploymentId: id, autoRollbackEnabled: true }));
    expect(() => world.deploy("nginx:3")).toThrow(/already has an active Deployment/);
    world.rollbackOf(id);
    world.passUntilStatus(world.deploy("nginx:3"), "Succeeded");
  });

  test("whose original is behind no production rule fails its deployment", () => {
    const world = new CodeDeployWorld();
    world.call(({ state }) => {
      const [rule] = state.elb.listeners["listener"]?.rules ?? [];
      if (rule) rule.actions = [{ Type: "fixed-response" }];
      return null;
    });
    const id = world.deploy("nginx:2");
    world.passUntilStatus(id, "Failed", 60);
    expect(world.deployment(id).errorInformation?.message).toBe(
      "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener listener",
    );
  });
});

describe("what the deployment stands on goes in the middle of it", () => {
  test.each(["Install", "AllowTraffic", "termination-wait"])(
    "a service that is deleted in %s fails it, and nothing is rolled back",
    (stage) => {
      const world = new CodeDeployWorld(canary);
      const id = world.deploy("nginx:2");
      world.passUntil(() => world.state.codedeploy.deployments[id]?.stage === stage);
      world.call((call) => deleteService(call, { cluster: "test", service: "web", force: true }));
      world.passUntilStatus(id, "Failed");
      const rollback = world.deployment(id).rollbackInfo?.rollbackDeploymentId ?? "";
      world.passUntilStatus(rollback, "Failed");
      expect(world.deployment(id).errorInformation?.code).toBe("INVALID_ECS_SERVICE");
      world.passUntil(() => world.service.status === "INACTIVE");
      expect(world.taskSets).toEqual([]);
    },
  );

  test("a production listener that is deleted fails it", () => {
    const world = new CodeDeployWorld(canary);
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.weights().green === 10);
    world.call(({ state }) => {
      Reflect.deleteProperty(state.elb.listeners, "listener");
    });
    world.passUntilStatus(id, "Failed");
    expect(world.deployment(id).errorInformation?.code).toBe("ELASTIC_LOAD_BALANCING_INVALID");
  });
});
