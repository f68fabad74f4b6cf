import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreatePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CodeDeployClient, CreateApplicationCommand } from "@aws-sdk/client-codedeploy";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { account, allow, policyOf, root, settings, trusting, userWith, type Keys } from "./local-iam.ts";

/** Tags as Elastic Load Balancing takes them. */
export function tags(pairs: Readonly<Record<string, string>>) {
  return Object.entries(pairs).map(([Key, Value]) => ({ Key, Value }));
}

/** The tag of an environment. */
export const of = (environment: string) => tags({ "slipway:environment": environment });

/** A policy of little. */
export const readingPolicy = policyOf(allow("ssm:GetParameter", "*"));

/** Lets tasks assume a role. */
export const trustPolicy = policyOf(trusting({ Service: "ecs-tasks.amazonaws.com" }));

/** The ARN of a policy or a role of this account. */
export const iamArn = (resource: string) => `arn:aws:iam::${account}:${resource}`;

/**
 * Environments `live` and `preview` on one load balancer, with a rule and a target group of each, and a key that has
 * nothing but what the deployer of `live` gets for moving traffic.
 */
export async function trafficOfTwo(local: LocalAws) {
  const { targetGroupArn } = await createQuickEnvironment(local, {
    name: "live",
    hosts: 0,
    instanceType: "t3.small",
  });
  const elb = new ElasticLoadBalancingV2Client(settings(local, root));
  const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { Listeners: [listener] = [] } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
  );
  const vpcId = balancer?.VpcId;
  const targetGroup = async (Name: string, environment: string) => {
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({ Name, Protocol: "HTTP", Port: 80, VpcId: vpcId, Tags: of(environment) }),
    );
    return TargetGroups?.[0]?.TargetGroupArn ?? "";
  };
  const rule = async (Priority: number, Tags: ReturnType<typeof tags>) => {
    const { Rules } = await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener?.ListenerArn,
        Priority,
        Conditions: [{ Field: "host-header", Values: [`h${Priority}.example.com`] }],
        Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
        Tags,
      }),
    );
    return Rules?.[0]?.RuleArn ?? "";
  };
  const other = await elb.send(
    new CreateLoadBalancerCommand({
      Name: "other-external",
      Subnets: balancer?.AvailabilityZones?.map(({ SubnetId = "" }) => SubnetId) ?? [],
    }),
  );
  const { Listeners: [otherListener] = [] } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: other.LoadBalancers?.[0]?.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
    }),
  );

  const zones = new Route53Client(settings(local, root));
  const zone = async (Name: string) => {
    const { HostedZone } = await zones.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
    return HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
  };
  const zoneId = await zone("example.com");

  const iam = new IAMClient(settings(local, root));
  const AssumeRolePolicyDocument = trustPolicy;
  await iam.send(
    new CreateRoleCommand({ RoleName: "live_plain_task", Path: "/ecs/", AssumeRolePolicyDocument }),
  );
  for (const environment of ["live", "preview"]) {
    const PolicyName = `${environment}_task_boundary`;
    await iam.send(new CreatePolicyCommand({ PolicyName, Path: "/ecs/", PolicyDocument: readingPolicy }));
    for (const part of ["codedeploy", "ecs_infrastructure"]) {
      const RoleName = `${environment}_${part}`;
      const Path = "/ecs/traffic/";
      await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument }));
    }
    const codeDeploy = new CodeDeployClient(settings(local, root));
    await codeDeploy.send(
      new CreateApplicationCommand({ applicationName: environment, computePlatform: "ECS" }),
    );
  }
  return {
    vpcId,
    targetGroupArn,
    balancerArn: balancer?.LoadBalancerArn ?? "",
    listenerArn: listener?.ListenerArn ?? "",
    otherListenerArn: otherListener?.ListenerArn ?? "",
    ownRule: await rule(1001, of("live")),
    foreignRule: await rule(1002, of("preview")),
    terraformRule: await rule(1003, tags({ "slipway:environment": "live", "slipway:stack": "live-x" })),
    ownGroup: await targetGroup("live-own", "live"),
    foreignGroup: await targetGroup("preview-own", "preview"),
    foreignGroupInOwnName: await targetGroup("live-lent", "preview"),
    zoneId,
    otherZoneId: await zone("example.org"),
    deployer: await deployerOfLive(local, zoneId),
  };
}

async function deployerOfLive(local: LocalAws, zoneId: string): Promise<Keys> {
  const fixture = path.join(projectRoot(), "__tests__/fixtures/environments/blue-green.jsonc");
  const parsed = parseEnvironments(await readFile(fixture, "utf8"));
  const live = parsed.ok ? parsed.environments.get("live") : undefined;
  if (live?.domain === undefined) throw new Error("The environments of the test are not valid.");
  const environment = { ...live, domain: { ...live.domain, hostedZoneId: zoneId } };
  return userWith(local, ...deployerStatements([environment], { partition: "aws", id: account }));
}
