import { CodeDeployClient, CreateApplicationCommand } from "@aws-sdk/client-codedeploy";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateListenerCommand,
  CreateRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreatePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { LocalProcess } from "../../scripts/bench/local-process.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { createGroup } from "./blue-green-groups.ts";
import { createAlarm } from "./example-surroundings.ts";
import { account, allow, policyOf, trusting } from "./local-iam.ts";

/** Where images of our own are. */
export const registry = `${account}.dkr.ecr.us-east-1.amazonaws.com`;

const targetGroup = { healthCheck: { path: "/health", intervalSeconds: 10 }, deregistrationDelaySeconds: 5 };

/** The environments file: one environment with a service of each way to deploy. @param pay more of CodeDeploy's */
export function everyWayEnvironments(hostedZoneId: string, pay: object = {}): object {
  const service = (blueGreen: object) => ({ containerPort: 8080, networkMode: "awsvpc", blueGreen });
  const environment = {
    region: "us-east-1",
    network: { cidr: "10.9.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    domain: { name: "example.com", hostedZoneId },
    loadBalancers: { external: { testListenerPort: 8080 } },
    cluster: { ec2: { instanceType: "m5.xlarge", min: 0, desired: 2, max: 4 } },
    services: {
      web: { containerPort: 80, networkMode: "bridge" },
      shop: service({ by: "stage", targetGroup, keep: 0, listener: { port: 81 } }),
      pay: service({ by: "codeDeploy", priority: 40_010, targetGroup, approvalMinutes: 2_880, ...pay }),
      api: service({ by: "ecs", priority: 40_020, targetGroup }),
    },
  };
  return { environments: { test: environment } };
}

/** Makes what the stacks would make of it. */
export async function prepareEveryWay(local: LocalProcess): Promise<{ readonly hostedZoneId: string }> {
  const { settings } = local;
  const { outputs, ipTargetGroupArn } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 2,
    instanceType: "m5.xlarge",
  });
  const elb = new ElasticLoadBalancingV2Client(settings);
  const { LoadBalancers: [balancer] = [] } = await elb.send(
    new DescribeLoadBalancersCommand({ Names: ["test-external"] }),
  );
  const LoadBalancerArn = balancer?.LoadBalancerArn;
  const { Listeners: [production] = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { Listeners: [testing] = [] } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port: 8080,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: ipTargetGroupArn }],
    }),
  );
  const listeners = [production?.ListenerArn, testing?.ListenerArn];
  const published: Record<string, string | undefined> = {
    "alb-external-arn": LoadBalancerArn,
    "alb-external-zone-id": balancer?.CanonicalHostedZoneId ?? "Z35SXDOTRQ7X7K",
    "alb-external-listener-arn": listeners[0],
    "alb-external-test-listener-arn": listeners[1],
    "codedeploy-application": "test",
    "codedeploy-role-arn": `arn:aws:iam::${account}:role/ecs/traffic/test_codedeploy`,
    "ecs-infrastructure-role-arn": `arn:aws:iam::${account}:role/ecs/traffic/test_ecs_infrastructure`,
    "task-boundary-arn": `arn:aws:iam::${account}:policy/ecs/test_task_boundary`,
  };
  const site = { local, elb, listeners, vpcId: outputs.get("vpc-id") };
  Object.assign(published, await makePair(site, "pay", 40_010), await makePair(site, "api", 40_020));
  await makeRoles(local);
  const ssm = new SSMClient(settings);
  for (const [output, Value] of Object.entries(published)) {
    const Name = `/slipway/test/${output}`;
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
  }
  await makeSecretsAndImage(local, ssm);
  const codeDeploy = new CodeDeployClient(settings);
  await codeDeploy.send(new CreateApplicationCommand({ applicationName: "test", computePlatform: "ECS" }));
  const { HostedZone } = await new Route53Client(settings).send(
    new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "test" }),
  );
  return { hostedZoneId: (HostedZone?.Id ?? "").replace("/hostedzone/", "") };
}

interface PairSite {
  readonly local: LocalProcess;
  readonly elb: ElasticLoadBalancingV2Client;
  /** Production, then test. */
  readonly listeners: readonly (string | undefined)[];
  readonly vpcId: string | undefined;
}

/** Two target groups, a rule on each listener, and an alarm. @returns the outputs */
async function makePair({ local, elb, listeners, vpcId }: PairSite, name: string, Priority: number) {
  const groups: string[] = [];
  for (const colour of ["blue", "green"]) {
    groups.push(
      await createGroup(elb, { Name: `test-${name}-${colour}`, TargetType: "ip", VpcId: vpcId }, 5),
    );
  }
  const [blue, green] = groups;
  // ECS takes only target groups that a rule names; CodeDeploy adds the second one itself.
  const TargetGroups: TargetGroupTuple[] =
    name === "pay"
      ? [{ TargetGroupArn: blue }]
      : [
          { TargetGroupArn: blue, Weight: 1 },
          { TargetGroupArn: green, Weight: 0 },
        ];
  const rules: (string | undefined)[] = [];
  for (const ListenerArn of listeners) {
    const { Rules: [rule] = [] } = await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority,
        Conditions: [{ Field: "host-header", Values: [`${name}.example.com`] }],
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    );
    rules.push(rule?.RuleArn);
  }
  await createAlarm(local, `test-${name}-errors`);
  return {
    [`service-${name}-blue-target-group-arn`]: blue,
    [`service-${name}-blue-target-group-name`]: `test-${name}-blue`,
    [`service-${name}-green-target-group-arn`]: green,
    [`service-${name}-green-target-group-name`]: `test-${name}-green`,
    [`service-${name}-production-rule-arn`]: rules[0],
    [`service-${name}-test-rule-arn`]: rules[1],
    [`service-${name}-alarm-names`]: `test-${name}-errors`,
  };
}

/** Roles that runs look at, and the boundary of those that they make. */
async function makeRoles({ settings }: LocalProcess): Promise<void> {
  const iam = new IAMClient(settings);
  const role = (RoleName: string, Path: string, Service: string) =>
    iam.send(
      new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: policyOf(trusting({ Service })) }),
    );
  await role("test_default_task", "/ecs/", "ecs-tasks.amazonaws.com");
  await role("test_ecs_lb_role", "/ecs/", "ecs.amazonaws.com");
  await role("test_codedeploy", "/ecs/traffic/", "codedeploy.amazonaws.com");
  await role("test_ecs_infrastructure", "/ecs/traffic/", "ecs.amazonaws.com");
  const statement = allow("ssm:GetParameters", "*");
  await iam.send(
    new CreatePolicyCommand({
      PolicyName: "test_task_boundary",
      Path: "/ecs/",
      PolicyDocument: policyOf(statement),
    }),
  );
  iam.destroy();
}

/** What the task definition of `web` refers to. */
async function makeSecretsAndImage({ settings }: LocalProcess, ssm: SSMClient): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name: "/test/mode", Value: "fast", Type: "SecureString" }));
  await new SecretsManagerClient(settings).send(
    new CreateSecretCommand({ Name: "test/database", SecretString: "hunter2" }),
  );
  const ecr = new ECRClient(settings);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: "web" }));
  // One that is for one platform says so in its configuration, which is a layer.
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 1, digest: digest("c") },
    layers: [
      { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 1, digest: digest("d") },
    ],
  });
  await ecr.send(new PutImageCommand({ repositoryName: "web", imageTag: "1", imageManifest }));
  ecr.destroy();
}
