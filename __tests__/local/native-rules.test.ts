import type { AdvancedConfiguration } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { targetGroupArn } from "../helpers/local-world.ts";
import {
  NativeWorld,
  alternateTargetGroupArn,
  lambdaHook,
  loadBalancers,
  productionListenerRule,
  testListenerRule,
} from "../helpers/native-world.ts";

type Input = NonNullable<Parameters<NativeWorld["create"]>[1]>;
type Configuration = NonNullable<Input["deploymentConfiguration"]>;

const advancedConfiguration = loadBalancers[0]?.advancedConfiguration;
const [loadBalancer = {}] = loadBalancers;
const listenerArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb/1/2";

function create(input: Partial<Input>) {
  return () => {
    new NativeWorld().create("nginx:1", { loadBalancers, ...input });
  };
}

const withStrategy = (configuration: Partial<Configuration>, more: Partial<Input> = {}) =>
  create({ deploymentConfiguration: { strategy: "BLUE_GREEN", ...configuration }, ...more });

const withAdvanced = (change: AdvancedConfiguration) =>
  withStrategy(
    {},
    { loadBalancers: [{ ...loadBalancer, advancedConfiguration: { ...advancedConfiguration, ...change } }] },
  );

describe("load balancers of a strategy that moves traffic", () => {
  test.each([
    [
      "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
      withStrategy({}, { loadBalancers: [{ ...loadBalancer, advancedConfiguration: undefined }] }),
    ],
    [
      `productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${listenerArn}`,
      withAdvanced({ productionListenerRule: listenerArn }),
    ],
    ["testListenerRule has an invalid ARN format.", withAdvanced({ testListenerRule: "rule" })],
    [
      `The following rules cannot be used as both production and test listener rules: ${productionListenerRule}`,
      withAdvanced({ testListenerRule: productionListenerRule }),
    ],
    [
      `Duplicate targetGroupArn found: ${targetGroupArn}`,
      withAdvanced({ alternateTargetGroupArn: targetGroupArn }),
    ],
    ["roleArn can not be blank.", withAdvanced({ roleArn: "" })],
    [
      "advancedConfiguration field is not allowed with ELBv1 loadBalancers",
      withStrategy(
        {},
        {
          loadBalancers: [
            { loadBalancerName: "classic", containerName: "web", containerPort: 80, advancedConfiguration },
          ],
        },
      ),
    ],
    [
      "All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 (defining targetGroupArn)",
      create({
        loadBalancers: [
          ...loadBalancers,
          { loadBalancerName: "classic", containerName: "web", containerPort: 80 },
        ],
      }),
    ],
    [
      "Either all or none of the provided loadBalancers must have advancedConfiguration defined",
      create({ loadBalancers: [...loadBalancers, { ...loadBalancer, advancedConfiguration: undefined }] }),
    ],
  ])("are refused: %s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });

  test("need a test rule where the production rule has one of the two target groups only", () => {
    const world = new NativeWorld();
    world.call(({ state }) => {
      for (const rule of state.elb.listeners["listener"]?.rules ?? []) {
        if (rule.arn === productionListenerRule) {
          rule.actions = [{ Type: "forward", TargetGroupArn: targetGroupArn }];
        }
      }
      return null;
    });
    const { testListenerRule: _rule, ...one } = advancedConfiguration ?? {};
    const input = (advanced: AdvancedConfiguration) => ({
      loadBalancers: [{ ...loadBalancer, advancedConfiguration: advanced }],
      deploymentConfiguration: { strategy: "BLUE_GREEN" as const },
    });
    expect(() => {
      world.create("nginx:1", input(one));
    }).toThrow("For Application LoadBalancer, testListenerRule is required when");
    world.create("nginx:1", input({ ...one, testListenerRule }));
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.passUntil(() => world.isSteady());
    expect(world.share(productionListenerRule, alternateTargetGroupArn)).toBe(100);
  });
});

describe("numbers and hooks of a strategy", () => {
  const hooks = (count: number, hook = lambdaHook("check", ["PRE_SCALE_UP"])) =>
    Array.from({ length: count }, () => hook);
  const pause = { targetType: "PAUSE" as const, lifecycleStages: ["PRE_SCALE_UP" as const] };
  const timeout = (timeoutInMinutes: number) => ({
    timeoutConfiguration: { timeoutInMinutes, action: "ROLLBACK" as const },
  });

  test.each([
    [{ bakeTimeInMinutes: 1441 }],
    [{ bakeTimeInMinutes: -1 }],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 2.9 } }],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 33.33 } }],
    [{ strategy: "LINEAR" as const, linearConfiguration: { stepBakeTimeInMinutes: 1441 } }],
    [{ strategy: "CANARY" as const, canaryConfiguration: { canaryPercent: 0 } }],
    [{ strategy: "CANARY" as const, canaryConfiguration: { canaryPercent: 100.1 } }],
    [{ lifecycleHooks: hooks(11) }],
    [{ lifecycleHooks: [...hooks(10), ...Array.from({ length: 11 }, () => pause)] }],
    [{ lifecycleHooks: [lambdaHook("check", [])] }],
    [{ lifecycleHooks: [{ ...lambdaHook("check", ["PRE_SCALE_UP"]), hookTargetArn: undefined }] }],
    [{ lifecycleHooks: [lambdaHook("check", ["PRE_SCALE_UP"], timeout(1441))] }],
    [{ lifecycleHooks: [{ ...pause, ...timeout(20_161) }] }],
    [{ lifecycleHooks: [{ ...pause, ...timeout(0) }] }],
  ])("%j are refused", (configuration) => {
    expect(withStrategy(configuration)).toThrow(
      expect.objectContaining({ type: "InvalidParameterException" }),
    );
  });

  test.each(["TEST_TRAFFIC_SHIFT" as const, "PRODUCTION_TRAFFIC_SHIFT" as const])(
    "a pause at %s is refused",
    (stage) => {
      expect(withStrategy({ lifecycleHooks: [{ ...pause, lifecycleStages: [stage] }] })).toThrow(
        "Invalid lifecycle stage provided for Pause Hook",
      );
    },
  );

  test("come back with AWS's defaults filled in", () => {
    const world = new NativeWorld();
    world.create("nginx:1", {
      loadBalancers,
      deploymentConfiguration: {
        strategy: "LINEAR",
        linearConfiguration: { stepPercent: 20 },
        lifecycleHooks: [
          ...hooks(10),
          ...Array.from({ length: 10 }, () => ({ ...pause, ...timeout(20_160) })),
        ],
      },
    });
    const { deploymentConfiguration } = world.describe();
    expect(deploymentConfiguration).toMatchObject({
      linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 6 },
    });
    expect(deploymentConfiguration?.lifecycleHooks?.[0]).toMatchObject({
      targetType: "AWS_LAMBDA",
      timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK" },
    });
  });
});

describe("strategies that cannot be", () => {
  test.each([
    [{ deploymentController: { type: "CODE_DEPLOY" as const } }],
    [{ deploymentController: { type: "EXTERNAL" as const } }],
    [{ schedulingStrategy: "DAEMON" as const, desiredCount: undefined }],
  ])("are refused with %j", (more) => {
    expect(withStrategy({}, more)).toThrow(/BLUE_GREEN deployment strategy/);
  });

  test("hooks of a ROLLING service are refused, since nothing would call them", () => {
    expect(
      create({ deploymentConfiguration: { lifecycleHooks: [lambdaHook("check", ["PRE_SCALE_UP"])] } }),
    ).toThrow("The local AWS does not run lifecycle hooks with deployment strategy ROLLING.");
  });

  test("a refused update changes nothing", () => {
    const world = new NativeWorld();
    world.create("nginx:1", { loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }] });
    expect(() => {
      world.change({ deploymentConfiguration: { strategy: "CANARY" } });
    }).toThrow("advancedConfiguration field is required");
    expect(world.describe().deploymentConfiguration?.strategy).toBe("ROLLING");
  });
});
