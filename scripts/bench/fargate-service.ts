import {
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  type CreateServiceCommandInput,
  type ECSClient,
  type LoadBalancer,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { BenchWorld } from "./bench-world.ts";

/** A service of two Fargate tasks, behind a load balancer or not. */
export interface FargateService {
  readonly name: string;
  readonly subnets: readonly string[];
  readonly targetGroupArn?: string;
  /** From SIGTERM to the end of its tasks: rollouts of different length meet whoever looks at different moments. */
  readonly stopMs: number;
}

/** Its task definition with an image. */
export function definitionOf(
  { name, stopMs }: FargateService,
  image: string,
): RegisterTaskDefinitionCommandInput {
  return {
    family: name,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      {
        name: "web",
        image,
        essential: true,
        portMappings: [{ containerPort: 80 }],
        environment: [{ name: "SLIPWAY_BEHAVIOUR", value: `stop=${stopMs}ms` }],
      },
    ],
  };
}

/** Its service template, which is CreateService's input but for the revision. */
export function serviceOf({ name, subnets, targetGroupArn }: FargateService) {
  const loadBalancers: LoadBalancer[] =
    targetGroupArn === undefined ? [] : [{ targetGroupArn, containerName: "web", containerPort: 80 }];
  return {
    cluster: "test",
    serviceName: name,
    desiredCount: 2,
    launchType: "FARGATE",
    networkConfiguration: { awsvpcConfiguration: { subnets: [...subnets] } },
    ...(loadBalancers.length === 0 ? {} : { loadBalancers }),
  } as const satisfies CreateServiceCommandInput;
}

/** Creates it with its first revision, of image `<name>:1`. */
export async function createService(ecs: ECSClient, service: FargateService): Promise<void> {
  await ecs.send(new RegisterTaskDefinitionCommand(definitionOf(service, `${service.name}:1`)));
  await ecs.send(new CreateServiceCommand({ ...serviceOf(service), taskDefinition: service.name }));
}

/** Throws unless all are steady. */
export async function checkSteady(ecs: ECSClient, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += 10) {
    const services = names.slice(from, from + 10);
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: "test", services }));
    for (const { serviceName = "", deployments = [] } of answer.services ?? []) {
      const [only, ...others] = deployments;
      if (only?.rolloutState !== "COMPLETED" || others.length > 0)
        throw new Error(`${serviceName} is not steady.`);
    }
  }
}

/** A target group for tasks, with a rule on the environment's listener that brings it requests of `/<name>`. */
export async function createTargetGroup(
  { settings, environment }: BenchWorld,
  name: string,
  { index, drainSeconds }: TargetGroupSettings,
): Promise<string> {
  const elb = new ElasticLoadBalancingV2Client(settings);
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: name,
      Protocol: "HTTP",
      Port: 80,
      VpcId: environment.outputs.get("vpc-id"),
      TargetType: "ip",
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
    }),
  );
  const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
  if (TargetGroupArn === undefined) throw new Error(`There is no target group ${name}.`);
  if (drainSeconds !== undefined) {
    const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: String(drainSeconds) }];
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  }
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: ["test-external"] }));
  const { Listeners } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn }),
  );
  await elb.send(
    new CreateRuleCommand({
      ListenerArn: Listeners?.[0]?.ListenerArn,
      Priority: index + 1,
      Conditions: [{ Field: "path-pattern", Values: [`/${name}`] }],
      Actions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  return TargetGroupArn;
}

export interface TargetGroupSettings {
  /** Gives its rule a priority of its own. */
  readonly index: number;
  /** @default AWS's own, 300 */
  readonly drainSeconds?: number;
}
