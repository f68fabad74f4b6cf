import { describe, expect, test } from "@jest/globals";

import { validateAgainst } from "../../scripts/core/aws-model/validate.ts";
import type { FilledObject } from "../../scripts/core/aws-model/values.ts";
import { lines } from "../helpers/violation-lines.ts";

const elb = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
const advancedConfiguration = {
  alternateTargetGroupArn: `${elb}:targetgroup/green/2`,
  productionListenerRule: `${elb}:listener-rule/app/lb/1/2/3`,
  testListenerRule: `${elb}:listener-rule/app/lb/1/2/4`,
  roleArn: "arn:aws:iam::123456789012:role/ecs/test_ecs_infrastructure",
};
const balancer = {
  targetGroupArn: `${elb}:targetgroup/blue/1`,
  containerName: "web",
  containerPort: 80,
  advancedConfiguration,
};
const { advancedConfiguration: _, ...plain } = balancer;

function service(deploymentConfiguration: FilledObject, fields: FilledObject = {}): readonly string[] {
  return lines(
    validateAgainst("Service", {
      serviceName: "web",
      loadBalancers: [balancer],
      deploymentConfiguration,
      ...fields,
    }),
  );
}

const blueGreen = { strategy: "BLUE_GREEN" };

describe("a service whose traffic ECS shifts", () => {
  test.each(["BLUE_GREEN", "LINEAR", "CANARY"])(
    "is good with strategy %s and all that it moves",
    (strategy) => {
      expect(service({ strategy })).toEqual([]);
    },
  );

  test("says of each load balancer what is to be moved", () => {
    expect(service(blueGreen, { loadBalancers: [plain] })).toEqual([
      expect.stringMatching(
        /^\$\.loadBalancers\[0\]\.advancedConfiguration: .* is missing\. ECS wants one .* BLUE_GREEN/,
      ),
    ]);
    const other = { ...plain, targetGroupArn: `${elb}:targetgroup/other/3` };
    expect(service({ strategy: "ROLLING" }, { loadBalancers: [balancer, other] })).toEqual([
      expect.stringMatching(/^\$\.loadBalancers\[1\]\.advancedConfiguration: .* Either all .* or none/),
    ]);
    expect(service({ strategy: "ROLLING" }, { loadBalancers: [plain] })).toEqual([]);
  });

  test.each([
    ["alternateTargetGroupArn", "green"],
    ["productionListenerRule", `${elb}:listener/app/lb/1/2`],
    ["testListenerRule", "rule"],
    ["roleArn", "role/ecs/x"],
  ])("gives %s the form of its ARN", (member, value) => {
    const wrong = { ...balancer, advancedConfiguration: { ...advancedConfiguration, [member]: value } };
    expect(service(blueGreen, { loadBalancers: [wrong] })).toEqual([
      expect.stringContaining(`$.loadBalancers[0].advancedConfiguration.${member}: ${JSON.stringify(value)}`),
    ]);
  });

  test("misses no member but the rule for test traffic", () => {
    const found = service(blueGreen, { loadBalancers: [{ ...balancer, advancedConfiguration: {} }] });
    expect(found.map((line) => line.split(":")[0])).toEqual([
      "$.loadBalancers[0].advancedConfiguration.alternateTargetGroupArn",
      "$.loadBalancers[0].advancedConfiguration.productionListenerRule",
      "$.loadBalancers[0].advancedConfiguration.roleArn",
    ]);
  });

  test("has no target group and no rule twice", () => {
    const same = {
      ...advancedConfiguration,
      alternateTargetGroupArn: balancer.targetGroupArn,
      testListenerRule: advancedConfiguration.productionListenerRule,
    };
    expect(service(blueGreen, { loadBalancers: [{ ...balancer, advancedConfiguration: same }] })).toEqual([
      expect.stringContaining("testListenerRule: productionListenerRule and testListenerRule are the same."),
      expect.stringContaining("alternateTargetGroupArn: The target group"),
    ]);
  });

  test("is deployed by ECS, and is no daemon", () => {
    expect(service(blueGreen, { deploymentController: { type: "CODE_DEPLOY" } })).toEqual([
      expect.stringContaining("is for services with deployment controller ECS; this one has CODE_DEPLOY"),
    ]);
    expect(service(blueGreen, { schedulingStrategy: "DAEMON" })).toEqual([
      expect.stringContaining("A daemon takes no strategy but ROLLING"),
    ]);
  });

  test.each([
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 2 } }, "stepPercent: 2"],
    [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 12.55 } }, "stepPercent: 12.55"],
    [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 0 } }, "canaryPercent: 0"],
    [{ strategy: "CANARY", canaryConfiguration: { canaryBakeTimeInMinutes: 1441 } }, "InMinutes: 1441"],
    [{ strategy: "BLUE_GREEN", bakeTimeInMinutes: -1 }, "bakeTimeInMinutes: -1"],
  ])("has shares and bake times that ECS takes: %j", (configuration, words) => {
    expect(service(configuration)).toEqual([expect.stringContaining(words)]);
  });
});

describe("lifecycle hooks", () => {
  const pause = { targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] };
  const lambda = {
    hookTargetArn: "arn:aws:lambda:us-east-1:123456789012:function:check",
    roleArn: advancedConfiguration.roleArn,
    lifecycleStages: ["PRODUCTION_TRAFFIC_SHIFT"],
  };
  const hooks = (...lifecycleHooks: FilledObject[]) => service({ ...blueGreen, lifecycleHooks });

  test("pause or call a function", () => {
    expect(hooks(pause, lambda)).toEqual([]);
  });

  test("pause at no stage that shifts traffic", () => {
    expect(hooks({ ...pause, lifecycleStages: ["PRE_SCALE_UP", "PRODUCTION_TRAFFIC_SHIFT"] })).toEqual([
      expect.stringMatching(
        /lifecycleHooks\[0\]\.lifecycleStages\[1\]: A deployment cannot be paused at PROD/,
      ),
    ]);
  });

  test("are ten of a type at most", () => {
    const many = Array.from({ length: 11 }, () => pause);
    expect(hooks(...many)).toEqual([expect.stringContaining("11 hooks of targetType PAUSE are given")]);
  });

  test("name the function that they call, and how long it may take", () => {
    expect(hooks({ lifecycleStages: ["PRE_SCALE_UP"] }).map((line) => line.split(":")[0])).toEqual([
      "$.deploymentConfiguration.lifecycleHooks[0].hookTargetArn",
      "$.deploymentConfiguration.lifecycleHooks[0].roleArn",
    ]);
    expect(hooks({ ...lambda, hookTargetArn: "check" })).toEqual([
      expect.stringContaining('"check" is not the ARN of a Lambda function'),
    ]);
    expect(hooks({ ...lambda, timeoutConfiguration: { timeoutInMinutes: 1441 } })).toEqual([
      expect.stringContaining("It takes 1 to 1440 minutes"),
    ]);
    expect(hooks({ ...pause, timeoutConfiguration: { timeoutInMinutes: 20_160 } })).toEqual([]);
  });
});
