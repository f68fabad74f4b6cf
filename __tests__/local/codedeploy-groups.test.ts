import { describe, expect, test } from "@jest/globals";

import { CodeDeployWorld, groupInput, send } from "../helpers/local-codedeploy.ts";

const refused = (type: string, message?: unknown) =>
  expect.objectContaining({ type: `${type}Exception`, ...(message !== undefined && { message }) });

describe("a deployment group", () => {
  const again = (over: object) => ({ ...groupInput(), deploymentGroupName: "second", ...over });
  const pair = (over: object) => ({
    loadBalancerInfo: {
      targetGroupPairInfoList: [{ ...groupInput().loadBalancerInfo?.targetGroupPairInfoList?.[0], ...over }],
    },
  });

  test.each([
    [
      { deploymentStyle: undefined },
      "InvalidDeploymentStyle",
      "For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL.",
    ],
    [
      { loadBalancerInfo: undefined },
      "InvalidLoadBalancerInfo",
      "For ECS deployment group, loadBalancerInfo must be specified",
    ],
    [
      { loadBalancerInfo: { elbInfoList: [{ name: "x" }] } },
      "InvalidLoadBalancerInfo",
      "For ECS deployment group, loadBalancerInfo must not contain elbInfo list",
    ],
    [
      { blueGreenDeploymentConfiguration: undefined },
      "InvalidBlueGreenDeploymentConfiguration",
      "For ECS deployment group, blueGreenDeploymentConfiguration must be specified",
    ],
    [
      {
        blueGreenDeploymentConfiguration: {
          deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 5 },
        },
      },
      "InvalidBlueGreenDeploymentConfiguration",
      "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified",
    ],
    [pair({ targetGroups: [{ name: "web" }] }), "InvalidTargetGroupPair", undefined],
    [pair({ targetGroups: [{ name: "web" }, { name: "nobody" }] }), "InvalidTargetGroupPair", undefined],
    [pair({ prodTrafficRoute: { listenerArns: ["nobody"] } }), "InvalidTargetGroupPair", undefined],
    [{ serviceRoleArn: "role" }, "InvalidRole", undefined],
    [{ deploymentConfigName: "nobody" }, "DeploymentConfigDoesNotExist", undefined],
    [{ ecsServices: [{ clusterName: "test", serviceName: "nobody" }] }, "InvalidECSService", undefined],
    [{}, "ECSServiceMappingLimitExceeded", undefined],
    [{ autoRollbackConfiguration: { enabled: true } }, "InvalidAutoRollbackConfig", undefined],
    [{ alarmConfiguration: { enabled: true, alarms: [] } }, "InvalidAlarmConfig", undefined],
    [{ deploymentGroupName: "group" }, "DeploymentGroupAlreadyExists", undefined],
  ])("with %j is refused", (over, type, message) => {
    const world = new CodeDeployWorld();
    // The service is another group's already, so each of these is found before that, or is just that.
    const free = type === "InvalidAutoRollbackConfig" || type === "InvalidAlarmConfig";
    if (free) send(world, "DeleteDeploymentGroup", { applicationName: "app", deploymentGroupName: "group" });
    expect(() => send(world, "CreateDeploymentGroup", again(over))).toThrow(refused(type, message));
  });

  test("wants a service under CODE_DEPLOY", () => {
    const world = new CodeDeployWorld();
    world.createOf(world.register("nginx:1"), { serviceName: "rolling" });
    const ecsServices = [{ clusterName: "test", serviceName: "rolling" }];
    expect(() => send(world, "CreateDeploymentGroup", again({ ecsServices }))).toThrow(
      refused(
        "InvalidECSService",
        "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
      ),
    );
  });

  test("of a Network Load Balancer shifts all at once or not at all", () => {
    const world = new CodeDeployWorld();
    world.call(({ state }) => {
      const arn = state.elb.listeners["listener"]?.loadBalancerArn ?? "";
      const address = { dnsName: "lb", scheme: "internal" };
      state.elb.loadBalancers[arn] = { arn, name: "lb", type: "network", ...address };
      return null;
    });
    expect(() =>
      send(world, "UpdateDeploymentGroup", {
        ...groupInput(),
        currentDeploymentGroupName: "group",
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
      }),
    ).toThrow(
      refused(
        "InvalidTrafficRoutingConfiguration",
        "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group.",
      ),
    );
  });

  test("is told with all that it was made of, and after a deployment with its revision", () => {
    const world = new CodeDeployWorld();
    world.passUntilStatus(world.deploy("nginx:2"), "Succeeded");
    const names = { applicationName: "app", deploymentGroupName: "group" };
    const { deploymentGroupInfo } = send(world, "GetDeploymentGroup", names);
    const { deploymentConfigName: _name, ...input } = groupInput();
    expect(deploymentGroupInfo).toMatchObject({
      ...input,
      computePlatform: "ECS",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      outdatedInstancesStrategy: "UPDATE",
      lastSuccessfulDeployment: { status: "Succeeded" },
      targetRevision: { revisionType: "AppSpecContent" },
    });
    expect(JSON.stringify(deploymentGroupInfo)).not.toContain('"content"');
  });

  test("can be renamed with its deployments and tags, and deleted once none goes on", () => {
    const world = new CodeDeployWorld({ tags: [{ Key: "team", Value: "web" }] });
    const id = world.deploy("nginx:2");
    const old = { applicationName: "app", deploymentGroupName: "group" };
    expect(() => send(world, "DeleteDeploymentGroup", old)).toThrow(refused("InvalidOperation"));
    const rename = { currentDeploymentGroupName: "group", newDeploymentGroupName: "renamed" };
    send(world, "UpdateDeploymentGroup", { applicationName: "app", ...rename });
    world.passUntilStatus(id, "Succeeded");
    const listed = { applicationName: "app", deploymentGroupName: "renamed" };
    expect(send(world, "ListDeployments", listed)).toEqual({ deployments: [id] });
    const ResourceArn = "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:app/renamed";
    expect(send(world, "ListTagsForResource", { ResourceArn })).toEqual({
      Tags: [{ Key: "team", Value: "web" }],
    });
    send(world, "DeleteDeploymentGroup", listed);
    expect(send(world, "ListDeploymentGroups", { applicationName: "app" })).toMatchObject({
      deploymentGroups: [],
    });
  });
});
