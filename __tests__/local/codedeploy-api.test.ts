import { describe, expect, test } from "@jest/globals";

import { AppSpecError, parseAppSpec } from "../../scripts/local/codedeploy/app-spec.ts";
import { appSpec, CodeDeployWorld, send } from "../helpers/local-codedeploy.ts";
import { World } from "../helpers/local-world.ts";

const refused = (type: string, message?: unknown) =>
  expect.objectContaining({ type: `${type}Exception`, ...(message !== undefined && { message }) });

describe("a call without what it needs", () => {
  test.each([
    ["CreateApplication", {}, "ApplicationNameRequired"],
    ["CreateDeploymentGroup", { applicationName: "app" }, "DeploymentGroupNameRequired"],
    ["CreateDeployment", { applicationName: "app" }, "DeploymentGroupNameRequired"],
    ["CreateDeployment", { applicationName: "app", deploymentGroupName: "group" }, "RevisionRequired"],
    ["GetDeployment", {}, "DeploymentIdRequired"],
    ["ContinueDeployment", {}, "DeploymentIdRequired"],
    ["GetDeploymentConfig", {}, "DeploymentConfigNameRequired"],
    ["GetDeployment", { deploymentId: "nothing" }, "InvalidDeploymentId"],
    ["GetDeployment", { deploymentId: "d-ABCDEFGHI" }, "DeploymentDoesNotExist"],
    ["GetApplication", { applicationName: "x" }, "ApplicationDoesNotExist"],
    [
      "GetDeploymentGroup",
      { applicationName: "app", deploymentGroupName: "x" },
      "DeploymentGroupDoesNotExist",
    ],
    ["GetDeploymentConfig", { deploymentConfigName: "x" }, "DeploymentConfigDoesNotExist"],
    ["CreateApplication", { applicationName: "app", computePlatform: "ECS" }, "ApplicationAlreadyExists"],
    ["CreateApplication", { applicationName: "a b", computePlatform: "ECS" }, "InvalidApplicationName"],
    ["ListApplications", { nextToken: "x" }, "InvalidNextToken"],
    ["ListTagsForResource", { ResourceArn: "x" }, "InvalidArn"],
  ])("%s %j is a %sException", (name, input, type) => {
    expect(() => send(new CodeDeployWorld(), name, input)).toThrow(refused(type));
  });

  test("of another platform than ECS names the local AWS", () => {
    for (const computePlatform of [undefined, "Lambda"]) {
      expect(() => send(new World(), "CreateApplication", { applicationName: "a", computePlatform })).toThrow(
        refused("InvalidComputePlatform", expect.stringContaining("The local AWS")),
      );
    }
  });
});

describe("deployment configurations", () => {
  const custom = (trafficRoutingConfig: object) => ({
    deploymentConfigName: "mine",
    computePlatform: "ECS",
    trafficRoutingConfig,
  });
  const quarter = {
    type: "TimeBasedLinear",
    timeBasedLinear: { linearPercentage: 40, linearInterval: 2 },
  };

  test("are AWS's own five and those one makes, which shift as they say", () => {
    const world = new CodeDeployWorld();
    send(world, "CreateDeploymentConfig", custom(quarter));
    expect(send(world, "ListDeploymentConfigs", {})["deploymentConfigsList"]).toEqual([
      "CodeDeployDefault.ECSAllAtOnce",
      "CodeDeployDefault.ECSCanary10Percent15Minutes",
      "CodeDeployDefault.ECSCanary10Percent5Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
      "mine",
    ]);
    world.deploy("nginx:2", { deploymentConfigName: "mine" });
    world.passUntil(() => world.weights().green === 40);
    expect(world.passUntil(() => world.weights().green === 80)).toBe(120);
    expect(world.passUntil(() => world.weights().green === 100)).toBe(120);
  });

  test.each([
    [{ ...custom(quarter), deploymentConfigName: "CodeDeployDefault.Mine" }, "InvalidDeploymentConfigName"],
    [custom({ type: "TimeBasedCanary" }), "InvalidTrafficRoutingConfiguration"],
    [
      custom({ type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage: 100, canaryInterval: 1 } }),
      "InvalidTrafficRoutingConfiguration",
    ],
    [
      custom({ type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 1, linearInterval: 60 } }),
      "InvalidTrafficRoutingConfiguration",
    ],
    [custom({ ...quarter, type: "AllAtOnce" }), "InvalidTrafficRoutingConfiguration"],
  ])("%j is refused", (input, type) => {
    expect(() => send(new World(), "CreateDeploymentConfig", input)).toThrow(refused(type));
  });

  test("in use, or AWS's own, are not deleted", () => {
    const world = new CodeDeployWorld();
    send(world, "CreateDeploymentConfig", custom(quarter));
    const group = { applicationName: "app", currentDeploymentGroupName: "group" };
    send(world, "UpdateDeploymentGroup", { ...group, deploymentConfigName: "mine" });
    const remove = (deploymentConfigName: string) => () =>
      send(world, "DeleteDeploymentConfig", { deploymentConfigName });
    expect(remove("mine")).toThrow(refused("DeploymentConfigInUse"));
    expect(remove("CodeDeployDefault.ECSAllAtOnce")).toThrow(refused("InvalidOperation"));
  });
});

describe("a revision", () => {
  test("with another hash than its content's is refused", () => {
    const world = new CodeDeployWorld();
    const content = JSON.stringify(appSpec("web"));
    const revision = {
      revisionType: "AppSpecContent" as const,
      appSpecContent: { content, sha256: "0".repeat(64) },
    };
    expect(() => world.deploySpec("", { revision })).toThrow(refused("InvalidRevision"));
  });

  test("is found again by its hash, with its content and the group it went to", () => {
    const world = new CodeDeployWorld();
    const content = JSON.stringify(appSpec(world.register("nginx:2")));
    const id = world.deploySpec(content);
    const { revision } = world.deployment(id);
    expect(revision?.appSpecContent?.content).toBeUndefined();
    const found = send(world, "GetApplicationRevision", { applicationName: "app", revision });
    expect(found).toMatchObject({
      revision: { appSpecContent: { content } },
      revisionInfo: { deploymentGroups: ["group"] },
    });
    expect(send(world, "ListApplicationRevisions", { applicationName: "app" })["revisions"]).toEqual([
      revision,
    ]);
  });

  test.each([
    ["version: 0.0", /Resources|resources/i],
    ["{", /neither well-formed YAML nor JSON/],
    [JSON.stringify({ ...appSpec("web"), version: 2 }), /version/],
    [JSON.stringify(appSpec("web", [{ Install: "f" }])), /has a hook for install/],
  ])("%s fails its deployment with INVALID_REVISION", (content, message) => {
    const world = new CodeDeployWorld();
    const { status, errorInformation } = world.deployment(world.deploySpec(content));
    expect(status).toBe("Failed");
    expect(errorInformation?.code).toBe("INVALID_REVISION");
    expect(errorInformation?.message).toMatch(message);
  });
});

describe("an AppSpec", () => {
  test("is read from YAML with names in any case, with all that it may say", () => {
    const yaml = `
version: 0.0
resources:
  - TargetService:
      type: AWS::ECS::Service
      properties:
        taskDefinition: "web:7"
        loadBalancerInfo:
          containerName: web
          containerPort: "80"
        PlatformVersion: 1.4.0
        NetworkConfiguration:
          AwsvpcConfiguration: { Subnets: [subnet-1], SecurityGroups: [sg-1], AssignPublicIp: ENABLED }
        CapacityProviderStrategy:
          - { Base: 1, CapacityProvider: FARGATE, Weight: 2 }
hooks:
  - BeforeInstall: first
  - AfterAllowTraffic: last
`;
    expect(parseAppSpec(yaml)).toEqual({
      taskDefinition: "web:7",
      containerName: "web",
      containerPort: 80,
      platformVersion: "1.4.0",
      awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
      capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 2, base: 1 }],
      hooks: { BeforeInstall: "first", AfterAllowTraffic: "last" },
    });
  });

  test("with two services is none", () => {
    const [first] = appSpec("web").Resources;
    const two = { version: 0.0, Resources: [{ ...first, Second: first?.TargetService }] };
    expect(() => parseAppSpec(JSON.stringify(two))).toThrow(AppSpecError);
  });
});
