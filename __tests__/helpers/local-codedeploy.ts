import type {
  CreateDeploymentCommandInput,
  CreateDeploymentGroupCommandInput,
  DeploymentInfo,
  ECSTarget,
} from "@aws-sdk/client-codedeploy";

import { createApplication } from "../../scripts/local/codedeploy/api/applications.ts";
import { createDeployment, getDeployment } from "../../scripts/local/codedeploy/api/deployments.ts";
import { operations } from "../../scripts/local/codedeploy/api/operations.ts";
import { createDeploymentGroup } from "../../scripts/local/codedeploy/api/groups.ts";
import { getDeploymentTarget } from "../../scripts/local/codedeploy/api/targets.ts";
import { weightsOf } from "../../scripts/local/elb/shift.ts";
import { takeAlarms } from "../../scripts/local/alarms/sync.ts";
import type { TaskSetRecord } from "../../scripts/local/ecs/state.ts";
import { targetGroupArn as blueGroupArn, World } from "./local-world.ts";

export { targetGroupArn as blueGroupArn } from "./local-world.ts";
export const greenGroupArn = blueGroupArn.replace("/web/1", "/green/2");

/** Calls an operation as it comes over the wire. */
export function send(world: World, name: string, input: unknown): Record<string, unknown> {
  const operation = operations.get(name);
  if (!operation) throw new Error(`There is no ${name}.`);
  return JSON.parse(world.call((call) => operation(call, JSON.stringify(input)))) as Record<string, unknown>;
}

type Group = Partial<CreateDeploymentGroupCommandInput>;

/** An AppSpec for a task definition, as a value. */
export function appSpec(taskDefinition: string, hooks: Record<string, string>[] = []) {
  return {
    version: 0.0,
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: taskDefinition,
            LoadBalancerInfo: { ContainerName: "web", ContainerPort: 80 },
          },
        },
      },
    ],
    ...(hooks.length > 0 && { Hooks: hooks }),
  };
}

/** What every group of these tests has, but for what one asks for. */
export function groupInput(): CreateDeploymentGroupCommandInput {
  return {
    applicationName: "app",
    deploymentGroupName: "group",
    serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    ecsServices: [{ clusterName: "test", serviceName: "web" }],
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
      terminateBlueInstancesOnDeploymentSuccess: {
        action: "TERMINATE",
        terminationWaitTimeInMinutes: 5,
      },
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: [{ name: "web" }, { name: "green" }],
          prodTrafficRoute: { listenerArns: ["listener"] },
          testTrafficRoute: { listenerArns: ["test-listener"] },
        },
      ],
    },
    autoRollbackConfiguration: {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    },
  };
}

/** A world with service `web` under CODE_DEPLOY, a second target group and a test listener, and a group for them. */
export class CodeDeployWorld extends World {
  constructor(group: Group = {}, image = "nginx:1") {
    super();
    this.call(({ state }) => {
      const blue = state.elb.targetGroups[blueGroupArn];
      const production = state.elb.listeners["listener"];
      if (!blue || !production) throw new Error("The world has no target group.");
      state.elb.targetGroups[greenGroupArn] = { ...blue, arn: greenGroupArn, name: "green" };
      state.elb.listeners["test-listener"] = {
        ...production,
        arn: "test-listener",
        port: 8080,
        rules: production.rules.map((rule) => ({ ...rule, arn: "test-rule" })),
      };
      return null;
    });
    this.create(image, { deploymentController: { type: "CODE_DEPLOY" } });
    this.call((call) => createApplication(call, { applicationName: "app", computePlatform: "ECS" }));
    this.call((call) => createDeploymentGroup(call, { ...groupInput(), ...group }));
    this.passUntil(() => this.service.steady);
  }

  /** Deploys an image, and says the deployment's id. */
  deploy(
    image: string,
    input: Partial<CreateDeploymentCommandInput> = {},
    hooks: Record<string, string>[] = [],
  ): string {
    return this.deploySpec(JSON.stringify(appSpec(this.register(image), hooks)), input);
  }

  deploySpec(content: string, input: Partial<CreateDeploymentCommandInput> = {}): string {
    const { deploymentId } = this.call((call) =>
      createDeployment(call, {
        applicationName: "app",
        deploymentGroupName: "group",
        revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        ...input,
      }),
    );
    return deploymentId;
  }

  deployment(id: string): DeploymentInfo {
    return this.call((call) => getDeployment(call, { deploymentId: id })).deploymentInfo;
  }

  target(id: string): ECSTarget {
    const { deploymentTarget } = this.call((call) =>
      getDeploymentTarget(call, { deploymentId: id, targetId: "test:web" }),
    );
    if (!deploymentTarget.ecsTarget) throw new Error("The deployment has no target.");
    return deploymentTarget.ecsTarget;
  }

  /** The statuses of a deployment's lifecycle events, in their order. */
  events(id: string): Record<string, string | undefined> {
    const events = this.target(id).lifecycleEvents ?? [];
    return Object.fromEntries(
      events.map(({ lifecycleEventName = "", status }) => [lifecycleEventName, status]),
    );
  }

  passUntilStatus(id: string, status: string, withinSeconds = 3600): number {
    return this.passUntil(() => this.state.codedeploy.deployments[id]?.status === status, withinSeconds);
  }

  /** The share of a listener's traffic that each target group gets. */
  weights(listener: "listener" | "test-listener" = "listener"): { blue: number; green: number } {
    const weights = weightsOf(this.state, listener);
    const of = (arn: string) => weights.find((group) => group.arn === arn)?.weight ?? 0;
    return { blue: of(blueGroupArn), green: of(greenGroupArn) };
  }

  get taskSets(): TaskSetRecord[] {
    return this.service.taskSets;
  }

  /** Brings an alarm into a state, as CloudWatch would. */
  alarm(name: string, state: "OK" | "ALARM"): void {
    this.call((call) => {
      takeAlarms(call, [{ name, state, spanMs: 60_000 }]);
      return null;
    });
  }

  /** The id of the rollback of a deployment, once it is over. */
  rollbackOf(id: string): string {
    const rollback = this.deployment(id).rollbackInfo?.rollbackDeploymentId ?? "";
    this.passUntilStatus(rollback, "Succeeded");
    return rollback;
  }

  /** Lets time pass until everything is as if there had been no deployment but the service's own tasks. */
  passUntilOriginalOnly(): void {
    this.passUntil(
      () =>
        this.service.steady &&
        this.taskSets.length === 1 &&
        this.taskSets[0]?.status === "PRIMARY" &&
        this.taskSets[0].externalId === null &&
        this.weights().green === 0 &&
        this.running().length === 2 &&
        this.running("nginx:1").length === 2,
    );
  }

  /** The functions that were called so far. */
  hookCalls() {
    return this.effects.flatMap((effect) => (effect.type === "codedeploy-hook" ? [effect] : []));
  }
}
