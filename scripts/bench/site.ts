import type { ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  type CreateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { retry } from "zx";

import type { QuickEnvironment } from "../rehearsal/without-terraform.ts";
import type { LocalProcess } from "./local-process.ts";

/** A load balancer of its own with two target groups, for one service. */
export interface Site {
  readonly name: string;
  readonly listenerArn: string;
  /** The rule for requests of `productionPath`. */
  readonly productionRuleArn: string;
  readonly targetGroupArns: readonly [string, string];
  readonly subnets: string[];
  /** Where the load balancer answers on this machine. */
  readonly url: string;
}

/** The path of the rule that ECS-native deployments move; everything else meets the listener's default rule. */
export const productionPath = "/production";

/** Seconds on AWS that a leaving task's connections get. */
const drainSeconds = "20";

/** Makes a load balancer whose one listener forwards everything to the first of two target groups. */
export async function createSite(
  local: LocalProcess,
  { outputs }: QuickEnvironment,
  name: string,
): Promise<Site> {
  const elb = new ElasticLoadBalancingV2Client(local.settings);
  const subnets = (outputs.get("private-subnet-ids") ?? "").split(",");
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: subnets }));
  const first = await createTargetGroup(elb, `${name}-1`, outputs.get("vpc-id"));
  const second = await createTargetGroup(elb, `${name}-2`, outputs.get("vpc-id"));
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [{ Type: "forward", TargetGroupArn: first }],
    }),
  );
  const listenerArn = Listeners?.[0]?.ListenerArn ?? "";
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", Values: [productionPath] }],
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: first, Weight: 1 },
              { TargetGroupArn: second, Weight: 0 },
            ],
          },
        },
      ],
    }),
  );
  const productionRuleArn = Rules?.[0]?.RuleArn ?? "";
  const status = (await (await fetch(`${local.endpoint}/_slipway/status`)).json()) as {
    listeners: { listenerArn: string; url: string }[];
  };
  const url = status.listeners.find((listener) => listener.listenerArn === listenerArn)?.url ?? "";
  return { name, listenerArn, productionRuleArn, targetGroupArns: [first, second], subnets, url };
}

async function createTargetGroup(
  elb: ElasticLoadBalancingV2Client,
  name: string,
  vpcId: string | undefined,
): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: "HTTP",
      Port: 80,
      VpcId: vpcId,
      TargetType: "ip",
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
    }),
  );
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: drainSeconds }];
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes }));
  return arn;
}

/** Registers the next revision of the site's family. @returns its ARN */
export async function register(ecs: ECSClient, { name }: Site, image: string): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "web", image, portMappings: [{ containerPort: 80 }] }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

/** Creates the site's service with four tasks of an image, and waits until it is steady. */
export async function createService(
  ecs: ECSClient,
  site: Site,
  image: string,
  more: Partial<CreateServiceCommandInput> = {},
): Promise<void> {
  const taskDefinition = await register(ecs, site, image);
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: site.name,
      taskDefinition,
      desiredCount: 4,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: site.subnets } },
      loadBalancers: [{ targetGroupArn: site.targetGroupArns[0], containerName: "web", containerPort: 80 }],
      ...more,
    }),
  );
  await retry(600, "100ms", async () => {
    const response = await fetch(site.url);
    const answer = await response.text();
    if (!response.ok || !answer.startsWith(image)) throw new Error(`${site.url} answers ${answer}`);
  });
  await untilSteady(ecs, site);
}

/** Waits until the service has all its tasks, and its deployment, or primary task set, is where it should be. */
export async function untilSteady(ecs: ECSClient, site: Site): Promise<void> {
  await retry(1200, "100ms", async () => {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: [site.name] }),
    );
    const service = services?.[0];
    const { deployments = [], taskSets = [] } = service ?? {};
    const settled =
      taskSets.length > 0
        ? taskSets.length === 1 && taskSets[0]?.stabilityStatus === "STEADY_STATE"
        : deployments.length === 1 && deployments[0]?.rolloutState === "COMPLETED";
    if (!settled || service?.runningCount !== service?.desiredCount) {
      throw new Error(`${site.name} is not steady: ${deployments[0]?.rolloutStateReason ?? ""}`);
    }
  });
}
