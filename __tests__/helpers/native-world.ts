import type { DeploymentLifecycleHook, ServiceDeployment } from "@aws-sdk/client-ecs";

import {
  describeServiceDeployments,
  listServiceDeployments,
} from "../../scripts/local/ecs/api/service-deployments.ts";
import { deleteService } from "../../scripts/local/ecs/api/services.ts";
import { takeHookAnswer } from "../../scripts/local/ecs/strategies/hooks.ts";
import { weightsOf } from "../../scripts/local/elb/shift.ts";
import type { Invocation } from "../../scripts/local/hooks/invoker.ts";
import type { Effect } from "../../scripts/local/world/effects.ts";
import { World, targetGroupArn } from "./local-world.ts";

const elb = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
export const alternateTargetGroupArn = `${elb}:targetgroup/web-alternate/2`;
export const productionListenerRule = `${elb}:listener-rule/app/lb/1/2/production`;
export const testListenerRule = `${elb}:listener-rule/app/lb/1/2/test`;
const roleArn = "arn:aws:iam::123456789012:role/ecs_load_balancers";

export const loadBalancers = [
  {
    targetGroupArn,
    containerName: "web",
    containerPort: 80,
    advancedConfiguration: { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn },
  },
];

type Strategy = "BLUE_GREEN" | "LINEAR" | "CANARY";
type Configuration = NonNullable<Parameters<World["create"]>[1]>["deploymentConfiguration"];
type HookEffect = Extract<Effect, { type: "deployment-hook" }>;

/** A world with a service that has a second target group, and rules for production and for test traffic. */
export class NativeWorld extends World {
  constructor(options: ConstructorParameters<typeof World>[0] = {}) {
    super({ hosts: 4, ...options });
    this.call(({ state }) => {
      const group = state.elb.targetGroups[targetGroupArn];
      if (group) state.elb.targetGroups[alternateTargetGroupArn] = { ...group, arn: alternateTargetGroupArn };
      const rule = (arn: string, weights: readonly [number, number]) => ({
        arn,
        isDefault: false,
        priority: 1,
        conditions: [],
        actions: [
          {
            Type: "forward" as const,
            ForwardConfig: {
              TargetGroups: [targetGroupArn, alternateTargetGroupArn].map((TargetGroupArn, index) => ({
                TargetGroupArn,
                Weight: weights[index] ?? 0,
              })),
            },
          },
        ],
      });
      state.elb.listeners["listener"]?.rules.unshift(
        rule(productionListenerRule, [1, 0]),
        rule(testListenerRule, [1, 0]),
      );
    });
  }

  /** Creates the service with an image and a strategy, and waits until it is steady. */
  start(image: string, strategy: Strategy, configuration: Configuration = {}): void {
    this.create(image, {
      loadBalancers,
      deploymentConfiguration: { strategy, ...configuration },
    });
    this.passUntil(() => this.isSteady(), 3600);
  }

  /** The newest service deployment as DescribeServiceDeployments tells it. */
  deployment(): ServiceDeployment {
    const [found] = this.deployments();
    if (!found) throw new Error("There is no service deployment.");
    return found;
  }

  /** All of them, newest first. */
  deployments(): ServiceDeployment[] {
    const listed = this.call((call) => listServiceDeployments(call, { cluster: "test", service: "web" }));
    const arns = listed.serviceDeployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
    return this.call((call) => describeServiceDeployments(call, { serviceDeploymentArns: arns }))
      .serviceDeployments;
  }

  /** Deletes the service with all of its tasks. */
  deleteService(): void {
    this.call((call) => deleteService(call, { cluster: "test", service: "web", force: true }));
  }

  passUntilStage(stage: string): number {
    return this.passUntil(() => this.course?.stage === stage, 3600);
  }

  passUntilStatus(status: string, withinSeconds = 3600): number {
    return this.passUntil(() => this.deployment().status === status, withinSeconds);
  }

  get course() {
    return this.state.ecs.serviceDeployments[this.service.serviceDeployments?.[0] ?? ""]?.course;
  }

  /** Per cent of a rule's requests that go to a target group. */
  share(rule: string, arn: string): number {
    const weights = weightsOf(this.state, rule);
    const total = weights.reduce((sum, { weight }) => sum + weight, 0);
    return (100 * (weights.find((group) => group.arn === arn)?.weight ?? 0)) / total;
  }

  /** Images of the tasks that are registered with a target group. */
  imagesIn(arn: string): string[] {
    const images = this.tasks
      .filter(
        ({ targets, lastStatus }) =>
          lastStatus === "RUNNING" && targets.some((target) => target.targetGroupArn === arn),
      )
      .map(({ containers }) => containers[0]?.image ?? "");
    return [...new Set(images)];
  }

  /** Images of the healthy tasks behind the production rule. */
  imagesServing(): string[] {
    const healthy = weightsOf(this.state, productionListenerRule)
      .filter(({ weight }) => weight > 0)
      .flatMap(({ arn }) => Object.values(this.state.elb.targets[arn] ?? {}))
      .filter(({ state }) => state === "healthy");
    const images = this.tasks
      .filter(({ targets }) =>
        targets.some(({ id, port }) => healthy.some((target) => target.id === id && target.port === port)),
      )
      .map(({ containers }) => containers[0]?.image ?? "");
    return [...new Set(images)];
  }

  /** The invocations of hooks so far. */
  hookCalls(): HookEffect[] {
    return this.effects.filter((effect) => effect.type === "deployment-hook");
  }

  /** Answers the newest invocation, or one of a function. */
  answerHook(invocation: Invocation, call: HookEffect | undefined = this.hookCalls().at(-1)): void {
    if (!call) throw new Error("No hook was called.");
    this.call((transaction) => {
      takeHookAnswer(transaction, call, invocation);
      return null;
    });
  }
}

/** A Lambda hook at some stages. */
export function lambdaHook(
  name: string,
  lifecycleStages: NonNullable<DeploymentLifecycleHook["lifecycleStages"]>,
  more: Partial<DeploymentLifecycleHook> = {},
): DeploymentLifecycleHook {
  return {
    hookTargetArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
    roleArn,
    lifecycleStages,
    ...more,
  };
}

/** What a function answers. */
export const answering = (hookStatus: string, more: Record<string, unknown> = {}): Invocation => ({
  ok: true,
  payload: { hookStatus, ...more },
});
