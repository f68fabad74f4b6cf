import { describe, expect, test } from "@jest/globals";

import { blueGroupArn, CodeDeployWorld, greenGroupArn, groupInput } from "../helpers/local-codedeploy.ts";

const gradual = (deploymentConfigName: string) => ({ deploymentConfigName });
const succeeded = [
  ["BeforeInstall", "Succeeded"],
  ["Install", "Succeeded"],
  ["AfterInstall", "Succeeded"],
  ["AllowTestTraffic", "Succeeded"],
  ["AfterAllowTestTraffic", "Succeeded"],
  ["BeforeAllowTraffic", "Succeeded"],
  ["AllowTraffic", "Succeeded"],
  ["AfterAllowTraffic", "Succeeded"],
];

/** Every share of production traffic that the replacement had, with the second it got it. */
function greenShares(world: CodeDeployWorld, id: string): [number, number][] {
  const shares: [number, number][] = [];
  for (let second = 0; world.state.codedeploy.deployments[id]?.status !== "Succeeded"; second += 1) {
    if (second > 7200) throw new Error("The deployment did not succeed.");
    const { green } = world.weights();
    if (shares.at(-1)?.[1] !== green) shares.push([second, green]);
    world.pass(1);
  }
  return shares;
}

describe("an all-at-once deployment", () => {
  test("runs its eight events in order, moves the test listener first, and ends with one task set", () => {
    const world = new CodeDeployWorld();
    const [blue] = world.taskSets;
    const id = world.deploy("nginx:2");
    expect(world.deployment(id)).toMatchObject({
      status: "Created",
      creator: "user",
      computePlatform: "ECS",
    });
    expect(world.deployment(id).deploymentOverview).toBeUndefined();

    world.passUntil(() => world.weights("test-listener").green === 100);
    expect(world.weights()).toEqual({ blue: 1, green: 0 });
    expect(world.running("nginx:2")).toHaveLength(2);
    world.passUntil(() => world.weights().green === 100);
    expect(world.weights()).toEqual({ blue: 0, green: 100 });

    world.pass(60);
    const [green] = world.taskSets.filter(({ status }) => status === "PRIMARY");
    expect(green).toMatchObject({ externalId: id, startedBy: "CODE_DEPLOY", stability: "STEADY_STATE" });
    expect(world.taskSets.find(({ id: own }) => own === blue?.id)).toMatchObject({
      status: "ACTIVE",
      scalePercent: 100,
    });
    // The original waits for its end, and the deployment with it, though every event is over.
    expect(world.deployment(id)).toMatchObject({
      status: "InProgress",
      instanceTerminationWaitTimeStarted: true,
    });
    expect(Object.entries(world.events(id))).toEqual(succeeded);

    world.passUntilStatus(id, "Succeeded");
    expect(world.taskSets.find(({ id: own }) => own === blue?.id)).toMatchObject({
      status: "DRAINING",
      scalePercent: 0,
    });
    expect(world.deployment(id).deploymentOverview).toMatchObject({ Succeeded: 1, Failed: 0 });
    world.passUntil(() => world.taskSets.length === 1 && world.service.steady);
    expect(world.running().map(({ containers }) => containers[0]?.image)).toEqual(["nginx:2", "nginx:2"]);
    expect(world.describe()).toMatchObject({ deployments: [], runningCount: 2 });
    expect(world.describe().taskDefinition).toMatch(/web:2$/);
  });

  test("does not ask for health where no listener forwards to the replacement before the shift", () => {
    const [pair] = groupInput().loadBalancerInfo?.targetGroupPairInfoList ?? [];
    const world = new CodeDeployWorld({
      loadBalancerInfo: { targetGroupPairInfoList: [{ ...pair, testTrafficRoute: undefined }] },
    });
    const id = world.deploy("nginx:unhealthy");
    world.passUntilStatus(id, "Succeeded");
    expect(world.weights()).toEqual({ blue: 0, green: 100 });
  });

  test("goes back to the first target group the next time", () => {
    const world = new CodeDeployWorld();
    world.passUntilStatus(world.deploy("nginx:2"), "Succeeded");
    world.passUntil(() => world.service.steady);
    const id = world.deploy("nginx:3");
    world.passUntilStatus(id, "Succeeded");
    expect(world.weights()).toEqual({ blue: 100, green: 0 });
    expect(world.weights("test-listener")).toEqual({ blue: 100, green: 0 });
    const primary = world.taskSets.find(({ status }) => status === "PRIMARY");
    expect(primary?.revision.loadBalancers[0]?.targetGroupArn).toBe(blueGroupArn);
    expect(world.deployment(id).previousRevision?.revisionType).toBe("AppSpecContent");
  });

  test("tells both task sets with their labels, counts and traffic", () => {
    const world = new CodeDeployWorld(gradual("CodeDeployDefault.ECSCanary10Percent5Minutes"));
    const id = world.deploy("nginx:2");
    world.passUntil(() => world.weights().green === 10);
    expect(world.target(id)).toMatchObject({
      targetId: "test:web",
      targetArn: world.service.arn,
      status: "InProgress",
      taskSetsInfo: [
        { taskSetLabel: "Blue", status: "PRIMARY", trafficWeight: 90, runningCount: 2, desiredCount: 2 },
        { taskSetLabel: "Green", status: "ACTIVE", trafficWeight: 10, targetGroup: { name: "green" } },
      ],
    });
  });
});

describe("a gradual deployment", () => {
  test("has both target groups behind the production listener from the group's creation on", () => {
    const world = new CodeDeployWorld(gradual("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
    expect(world.weights()).toEqual({ blue: 100, green: 0 });
    expect(JSON.stringify(world.state.elb.listeners["listener"])).toContain(greenGroupArn);
    expect(JSON.stringify(world.state.elb.listeners["test-listener"])).not.toContain(greenGroupArn);
  });

  test("by ten percent a minute moves all traffic in nine minutes after the first step", () => {
    const world = new CodeDeployWorld(gradual("CodeDeployDefault.ECSLinear10PercentEvery1Minutes"));
    const shares = greenShares(world, world.deploy("nginx:2"));
    expect(shares.map(([, share]) => share)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    const times = shares.slice(1).map(([second]) => second);
    expect(times.map((second) => second - (times[0] ?? 0))).toEqual([
      0, 60, 120, 180, 240, 300, 360, 420, 480, 540,
    ]);
  });

  test("with a canary moves ten percent, then the rest after its interval", () => {
    const world = new CodeDeployWorld(gradual("CodeDeployDefault.ECSCanary10Percent15Minutes"));
    const shares = greenShares(world, world.deploy("nginx:2"));
    expect(shares.map(([, share]) => share)).toEqual([0, 10, 100]);
    expect((shares[2]?.[0] ?? 0) - (shares[1]?.[0] ?? 0)).toBe(15 * 60);
  });

  test("can be asked of a group that is otherwise all-at-once", () => {
    const world = new CodeDeployWorld();
    const id = world.deploy("nginx:2", gradual("CodeDeployDefault.ECSCanary10Percent5Minutes"));
    expect(greenShares(world, id).map(([, share]) => share)).toEqual([0, 10, 100]);
    expect(world.deployment(id).deploymentConfigName).toBe("CodeDeployDefault.ECSCanary10Percent5Minutes");
  });

  test("moves every rule of the listener that forwards to the original, and no other", () => {
    const world = new CodeDeployWorld();
    world.call(({ state }) => {
      const rules = state.elb.listeners["listener"]?.rules ?? [];
      const condition = { conditions: [], isDefault: false };
      rules.unshift(
        {
          ...condition,
          arn: "path",
          priority: 1,
          actions: [{ Type: "forward", TargetGroupArn: blueGroupArn }],
        },
        { ...condition, arn: "fixed", priority: 2, actions: [{ Type: "fixed-response" }] },
      );
      return null;
    });
    world.passUntilStatus(world.deploy("nginx:2"), "Succeeded");
    const rules = world.state.elb.listeners["listener"]?.rules ?? [];
    const weightOf = (arn: string) =>
      rules
        .find((rule) => rule.arn === arn)
        ?.actions[0]?.ForwardConfig?.TargetGroups?.find((group) => group.TargetGroupArn === greenGroupArn)
        ?.Weight;
    expect([weightOf("path"), weightOf("rule")]).toEqual([100, 100]);
    expect(rules.find(({ arn }) => arn === "fixed")?.actions).toEqual([{ Type: "fixed-response" }]);
  });
});

describe("the original task set", () => {
  test("stays where it is to be kept alive, and goes with the next deployment's replacement", () => {
    const blueGreenDeploymentConfiguration = {
      terminateBlueInstancesOnDeploymentSuccess: { action: "KEEP_ALIVE" as const },
    };
    const world = new CodeDeployWorld({ blueGreenDeploymentConfiguration });
    world.passUntilStatus(world.deploy("nginx:2"), "Succeeded");
    world.pass(600);
    expect(world.taskSets.map(({ status }) => status)).toEqual(["ACTIVE", "PRIMARY"]);
    world.passUntilStatus(world.deploy("nginx:3"), "Succeeded");
    world.passUntil(() => world.service.steady);
    expect(world.running("nginx:1")).toEqual([]);
    expect(world.running("nginx:3")).toHaveLength(2);
  });
});
