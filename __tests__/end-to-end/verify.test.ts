import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  EC2Client,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
} from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { ECSClient, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { deploy, type Finished } from "../helpers/deploy-command.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import { allow, root, settings, userWith, type Keys } from "../helpers/local-iam.ts";

const minutes = 60_000;
const speed = 100;
const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

let local: LocalForTests;
let folder: string;
let environment: QuickEnvironment;
let iam: IAMClient;
let secretArn: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-verify-"));
  local = await startLocalForTests({ speed, enforceIam: true });
  environment = await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.large" });
  const client = settings(local, root);
  iam = new IAMClient(client);
  await role("test_default_task", "ecs-tasks.amazonaws.com");
  const ecr = new ECRClient(client);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: "shop" }));
  await pushIndex(ecr, "both", ["amd64", "arm64"]);
  await pushIndex(ecr, "arm", ["arm64"]);
  const secret = await new SecretsManagerClient(client).send(
    new CreateSecretCommand({ Name: "shop-database", SecretString: "hunter2" }),
  );
  secretArn = secret.ARN ?? "";
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

async function role(RoleName: string, Service: string, Condition?: object): Promise<string> {
  const Statement = [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole", Condition }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const made = await iam.send(new CreateRoleCommand({ RoleName, Path: "/ecs/", AssumeRolePolicyDocument }));
  return made.Role?.Arn ?? "";
}

async function pushIndex(ecr: ECRClient, imageTag: string, architectures: readonly string[]): Promise<void> {
  const manifests = architectures.map((architecture, index) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${String(index).repeat(64)}`,
    size: 1,
    platform: { os: "linux", architecture },
  }));
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  await ecr.send(new PutImageCommand({ repositoryName: "shop", imageTag, imageManifest }));
}

/** Templates of a service on the hosts, in a folder of its own. */
async function templates(
  name: string,
  {
    container = {},
    definition = {},
    service = {},
  }: { container?: object; definition?: object; service?: object },
): Promise<string> {
  const parent = path.join(folder, `templates-${name}`);
  await mkdir(path.join(parent, name), { recursive: true });
  const containerDefinitions = [{ name: "app", image: "@@VERSION@@", memory: 64, ...container }];
  const write = (file: string, content: object): Promise<void> =>
    writeFile(path.join(parent, name, file), JSON.stringify(content));
  await write("task-definition.json", { family: name, containerDefinitions, ...definition });
  await write("service.json", {
    serviceName: name,
    cluster: "test",
    launchType: "EC2",
    desiredCount: 2,
    ...service,
  });
  return parent;
}

function run(args: readonly string[], image?: string, keys?: Keys): Promise<Finished> {
  const variables = keys && {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  return deploy(args, {
    endpoint: local.endpoint,
    speed,
    ...(image !== undefined && { image }),
    ...(variables && { variables }),
  });
}

interface Report {
  readonly exitCode: number;
  readonly services: readonly {
    readonly service: string;
    readonly checks: readonly { name: string; status: string; reason: string; remedy?: string }[];
  }[];
}

async function verified(
  args: readonly string[],
  image: string,
  keys?: Keys,
): Promise<Report & { stderr: string }> {
  const { stdout, stderr, exitCode } = await run(
    ["verify", "--output", "json", "--verbose", ...args],
    image,
    keys,
  );
  const report = JSON.parse(stdout) as Report;
  if (exitCode !== report.exitCode) throw new Error(`Exit ${exitCode ?? "?"}: ${stdout}`);
  return { ...report, stderr };
}

/** Names of a report's checks with a status. */
function named({ services }: Report, status: string): string[] {
  return services.flatMap(({ checks }) =>
    checks.filter((check) => check.status === status).map(({ name }) => name),
  );
}

function reasonOf({ services }: Report, name: string): string {
  return services.flatMap(({ checks }) => checks).find((check) => check.name === name)?.reason ?? "";
}

/** The calls of a run with `--verbose`. */
function callsOf(stderr: string): string[] {
  return stderr.split("\n").flatMap((line) => /^([\w-]+:\w+) \d+ ms/.exec(line)?.[1] ?? []);
}

describe("./deploy verify", () => {
  test(
    "finds nothing wrong with the example services, asks for each thing once and changes nothing",
    async () => {
      const report = await verified(["--all"], `${registry}/shop:both`);
      expect(named(report, "failed")).toEqual([]);
      expect(report.exitCode).toBe(0);
      expect(reasonOf(report, `image ${registry}/shop:both`)).toContain("linux/amd64, linux/arm64");
      const calls = callsOf(report.stderr);
      expect(calls.length).toBeGreaterThan(8);
      expect(calls.filter((call) => !/:(Describe|List|Get|BatchGet|Simulate)/.test(call))).toEqual([]);
      const once = ["DescribeClusters", "DescribeTargetGroups", "DescribeLoadBalancers", "DescribeLogGroups"];
      for (const operation of once) {
        expect(calls.filter((call) => call.endsWith(`:${operation}`))).toHaveLength(1);
      }
      expect(calls.filter((call) => call === "iam:GetRole")).toHaveLength(2);
    },
    minutes,
  );

  test(
    "names everything that would break a rollout on hosts, with what to do, and exits with 4",
    async () => {
      const untrusting = await role("untrusting", "lambda.amazonaws.com");
      const elsewhere = await role("elsewhere", "ecs-tasks.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": "999999999999" },
      });
      const cloudwatch = new CloudWatchClient(settings(local, root));
      await cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: "errors",
          MetricName: "Errors",
          Namespace: "Shop",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
          Statistic: "Sum",
        }),
      );
      await cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: "errors", StateValue: "ALARM", StateReason: "test" }),
      );
      const loose = await targetGroup("loose", "instance");
      const folderOf = await templates("broken", {
        container: {
          portMappings: [{ containerPort: 80, hostPort: 0 }],
          secrets: [
            { name: "A", valueFrom: `arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf` },
            { name: "B", valueFrom: "/shop/none" },
            { name: "C", valueFrom: `${secretArn}:password:AWSPREVIOUS:` },
            { name: "D", valueFrom: `${secretArn}:password::` },
          ],
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": "/none", "awslogs-region": "us-east-1" },
          },
        },
        definition: { taskRoleArn: untrusting, executionRoleArn: elsewhere },
        service: {
          loadBalancers: [
            { targetGroupArn: environment.ipTargetGroupArn, containerName: "app", containerPort: 80 },
            { targetGroupArn: loose, containerName: "app", containerPort: 80 },
          ],
          deploymentConfiguration: {
            alarms: { alarmNames: ["errors", "none"], enable: true, rollback: true },
          },
        },
      });
      const report = await verified(["--templates", folderOf], `${registry}/shop:arm`);
      expect(named(report, "failed").toSorted()).toEqual(
        [
          `image ${registry}/shop:arm`,
          "task role untrusting",
          "execution role elsewhere",
          "secret none-AbCdEf",
          "parameter /shop/none",
          `secret ${secretArn.split(":")[6] ?? ""}:password:AWSPREVIOUS`,
          "log group /none",
          "target group test-ip: target type",
          "target group loose",
          "alarm errors",
          "alarm none",
        ].toSorted(),
      );
      expect(reasonOf(report, `image ${registry}/shop:arm`)).toBe(
        "it is for linux/arm64, and the tasks run on linux/amd64.",
      );
      expect(reasonOf(report, "execution role elsewhere")).toContain(
        "999999999999, and here it is 123456789012",
      );
      expect(JSON.stringify(report)).not.toContain("hunter2");
      for (const { status, remedy } of report.services.flatMap(({ checks }) => checks)) {
        expect(remedy === undefined).toBe(status !== "failed");
      }
      const text = await run(["verify", "--templates", folderOf], `${registry}/shop:none`);
      expect(text.stdout).toMatch(
        /FAILED +image .*shop:none: repository shop \(account 123456789012,\s+us-east-1\)\s+has no image with tag\s+none\./,
      );
      expect(text.stdout).toMatch(
        /\nA rollout of broken would not go well: \d+ OK, 11 FAILED, \d+ SKIPPED\./,
      );
    },
    minutes,
  );

  test(
    "follows the path of a Fargate service from its load balancer, and knows what Fargate runs",
    async () => {
      const ec2 = new EC2Client(settings(local, root));
      const groupOf = async (GroupName: string): Promise<string> => {
        const VpcId = environment.outputs.get("vpc-id") ?? "";
        const made = await ec2.send(
          new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }),
        );
        return made.GroupId ?? "";
      };
      const [balancerGroup, taskGroup] = [await groupOf("balancer"), await groupOf("guarded")];
      const targets = await targetGroup("guarded", "ip");
      const subnets = (environment.outputs.get("private-subnet-ids") ?? "").split(",");
      const elb = new ElasticLoadBalancingV2Client(settings(local, root));
      const { LoadBalancers } = await elb.send(
        new CreateLoadBalancerCommand({ Name: "guarded", Subnets: subnets, SecurityGroups: [balancerGroup] }),
      );
      await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn ?? "",
          Protocol: "HTTP",
          Port: 80,
          DefaultActions: [{ Type: "forward", TargetGroupArn: targets }],
        }),
      );
      const folderOf = await templates("guarded", {
        container: { portMappings: [{ containerPort: 8080 }] },
        definition: { networkMode: "awsvpc", cpu: "256", memory: "777" },
        service: {
          launchType: "FARGATE",
          networkConfiguration: {
            awsvpcConfiguration: { subnets: [...subnets, "subnet-none"], securityGroups: [taskGroup] },
          },
          loadBalancers: [{ targetGroupArn: targets, containerName: "app", containerPort: 8080 }],
        },
      });
      const way = "path from guarded to target group guarded";
      const closed = await verified(["--templates", folderOf], "shop:1");
      expect(named(closed, "failed").toSorted()).toEqual([
        "Fargate cpu and memory",
        way,
        "subnet subnet-none",
      ]);
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: taskGroup,
          IpPermissions: [
            {
              IpProtocol: "tcp",
              FromPort: 8000,
              ToPort: 8090,
              UserIdGroupPairs: [{ GroupId: balancerGroup }],
            },
          ],
        }),
      );
      const open = await verified(["--templates", folderOf], "shop:1");
      expect(named(open, "ok")).toContain(way);
    },
    minutes,
  );

  test(
    "skips what it may not ask, in AWS's words, and does not call that a failure",
    async () => {
      const guest = await userWith(local, allow(["ecs:DescribeServices", "ssm:GetParameters"], "*"));
      const report = await verified(["--all"], `${registry}/shop:both`, guest);
      expect(report.exitCode).toBe(0);
      expect(named(report, "failed")).toEqual([]);
      expect(reasonOf(report, "cluster test")).toMatch(
        /^ecs:DescribeClusters: AccessDeniedException: .*user\/user-/,
      );
      expect(named(report, "skipped").length).toBeGreaterThan(10);
    },
    minutes,
  );

  test(
    "does not call a service that it may not look at a new one",
    async () => {
      const guest = await userWith(local, allow(["ssm:GetParameters"], "*"));
      const report = await verified(["nginx"], "nginx:1", guest);
      expect(report.exitCode).toBe(0);
      expect(report.services[0]).not.toHaveProperty("exists");
      expect(reasonOf(report, "service nginx")).toMatch(/^ecs:DescribeServices: AccessDeniedException: /);
      const asText = await run(["verify", "nginx"], "nginx:1", guest);
      expect(asText.stdout).not.toContain("does not have it yet");

      const withoutImage = await run(["verify", "nginx"], undefined, guest);
      expect(withoutImage).toMatchObject({
        exitCode: 5,
        stderr: expect.stringContaining("ecs:DescribeServices: AccessDeniedException"),
      });
    },
    minutes,
  );

  test(
    "may ask everything with the policy that the stacks give the deployer",
    async () => {
      const parsed = parseEnvironments(
        await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8"),
      );
      if (!parsed.ok) throw new Error("The environments of the project are not valid.");
      const statements = deployerStatements([...parsed.environments.values()], {
        partition: "aws",
        id: "123456789012",
      });
      const deployer = await userWith(local, ...statements);
      const report = await verified(["--all"], `${registry}/shop:both`, deployer);
      expect(report.exitCode).toBe(0);
      expect(JSON.stringify(report)).not.toContain("AccessDenied");
      expect(JSON.stringify(report)).not.toContain("UnauthorizedOperation");
    },
    minutes,
  );
});

async function revisionsOf(family: string): Promise<number> {
  const ecs = new ECSClient(settings(local, root));
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: family }),
  );
  return taskDefinitionArns.length;
}

/** Halves at a time may stop, and the rollout ends when nothing can be placed. */
const half = { deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 } };
const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };

describe("create, update, restart and scale, before their first write", () => {
  test.each<[string, object, object]>([
    ["a fixed port on every host", { portMappings: [{ containerPort: 80, hostPort: 7001 }] }, {}],
    ["memory for one task a host", { memory: 4500 }, {}],
    ["a host for each task alone", {}, { placementConstraints: [{ type: "distinctInstance" }] }],
  ])(
    "refuse a rollout that %s would leave stuck, which by --force it is, and which half a minimum gets through",
    async (kind, container, service) => {
      const name = `stuck-${kind.split(" ")[1] ?? ""}`;
      const stuck = { ...service, deploymentConfiguration: breaker };
      const args = ["--templates", await templates(name, { container, service: stuck })];
      expect(await run(["create", ...args], "app:1")).toMatchObject({ exitCode: 0 });

      const refused = await run(["update", ...args], "app:2");
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain("the rollout would get stuck: 0 of 2 new tasks find room");
      expect(refused.stderr).toContain("minimumHealthyPercent 50 instead of 100");
      expect(await revisionsOf(name)).toBe(1);
      expect(await run(["restart", ...args], "app:1")).toMatchObject({ exitCode: 4 });
      expect(await run(["scale", "--count", "3", ...args], "app:1")).toMatchObject({ exitCode: 4 });
      expect(await run(["verify", ...args], "app:2")).toMatchObject({ exitCode: 4 });

      const forced = await run(["update", "--force", "--timeout", "30m", ...args], "app:2");
      expect(forced.exitCode).toBe(1);
      expect(forced.stderr).toContain("Goes on by --force");

      await templates(name, { container, service: { ...service, ...half } });
      expect(await run(["update", ...args], "app:3")).toMatchObject({ exitCode: 0 });
    },
    3 * minutes,
  );

  test(
    "refuse an image that is not in ECR and a target group that nobody forwards to, and name both",
    async () => {
      const unused = await targetGroup("unused", "instance");
      const folderOf = await templates("absent", {
        container: { portMappings: [{ containerPort: 80, hostPort: 0 }] },
        service: { loadBalancers: [{ targetGroupArn: unused, containerName: "app", containerPort: 80 }] },
      });
      const refused = await run(["create", "--templates", folderOf], `${registry}/shop:none`);
      expect(refused.exitCode).toBe(4);
      expect(refused.stderr).toContain("has no image with tag none");
      expect(refused.stderr).toContain("no listener and no rule of a load balancer forwards to it");
      expect(await revisionsOf("absent")).toBe(0);
    },
    minutes,
  );

  test(
    "ask for nothing more on Fargate, and four times on hosts",
    async () => {
      const calls = async (name: string, parts: Parameters<typeof templates>[1]): Promise<string[]> => {
        const args = ["--templates", await templates(name, parts)];
        expect(await run(["create", ...args], "app:1")).toMatchObject({ exitCode: 0 });
        const updated = await run(["update", "--verbose", ...args], "app:2");
        expect(updated.exitCode).toBe(0);
        const all = callsOf(updated.stderr);
        return all.slice(0, all.indexOf("ecs:RegisterTaskDefinition"));
      };
      const subnets = (environment.outputs.get("private-subnet-ids") ?? "").split(",");
      const before = await calls("on-fargate", {
        definition: {
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          cpu: "256",
          memory: "512",
        },
        service: { launchType: "FARGATE", networkConfiguration: { awsvpcConfiguration: { subnets } } },
      });
      const looks = [
        "ecs:ListContainerInstances",
        "ecs:DescribeContainerInstances",
        "ecs:ListTasks",
        "ecs:DescribeTasks",
      ];
      expect(before.filter((call) => looks.includes(call) || !/^(ecs|ssm):/.test(call))).toEqual([]);
      const onHosts = await calls("on-hosts", {});
      expect(onHosts.filter((call) => !before.includes(call)).toSorted()).toEqual(looks.toSorted());
    },
    2 * minutes,
  );
});

async function targetGroup(Name: string, TargetType: "ip" | "instance"): Promise<string> {
  const { TargetGroups } = await new ElasticLoadBalancingV2Client(settings(local, root)).send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: "HTTP",
      Port: 80,
      VpcId: environment.outputs.get("vpc-id") ?? "",
      TargetType,
    }),
  );
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}
