/** Rollouts that really fail on a local AWS, all side by side, and what is said of each. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateClusterCommand, type ContainerDefinition } from "@aws-sdk/client-ecs";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { deploy } from "../helpers/deploy-command.ts";
import type { Diagnosis } from "../../scripts/core/diagnosis.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { FailingRollouts, type Rollout } from "../helpers/failing-rollouts.ts";
import {
  allow,
  policyOf,
  root,
  roleWith,
  settings,
  trusting,
  userWith,
  type Keys,
} from "../helpers/local-iam.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;

let folder: string;
let local: LocalForTests;
let rollouts: FailingRollouts;
let environment: QuickEnvironment;
let executionRole: string;
let untrustingRole: { readonly arn: string; readonly name: string };
let secretArn: string;
let guest: Keys;
let cloudWatch: CloudWatchClient;

/** By name: each rollout runs from the start of the file, and its test waits for it. */
const explanations = new Map<string, Promise<readonly Diagnosis[]>>();

const accountId = "123456789012";
const judgeArn = `arn:aws:lambda:us-east-1:${accountId}:function:judge`;

/** Container log in the environment's log group, or another. */
function logs(group = "/ecs/test"): Pick<ContainerDefinition, "logConfiguration"> {
  const options = {
    "awslogs-group": group,
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "shop",
  };
  return { logConfiguration: { logDriver: "awslogs", options } };
}

function onFargate(): Pick<Rollout, "definition" | "service"> {
  const subnets = environment.outputs.get("private-subnet-ids")?.split(",") ?? [];
  return {
    definition: { requiresCompatibilities: ["FARGATE"], executionRoleArn: executionRole },
    service: {
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets } },
      ...breaker,
    },
  };
}

const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

/** Behind the load balancer, on the hosts. */
function behindLoadBalancer(): Pick<Rollout, "container" | "service"> {
  const { targetGroupArn } = environment;
  return {
    container: { portMappings: [{ containerPort: 8080 }], ...logs() },
    service: {
      loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 8080 }],
      ...breaker,
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-explained-"));
  const images = path.join(folder, "images.jsonc");
  await writeFile(
    images,
    JSON.stringify({
      "hostile:1": {
        behaviour: "crash=5",
        logs: ["\u001b[2J\u001b]0;owned\u0007password=hunter2hunter2", "x".repeat(5_000), "\u202egnp.exe"],
      },
      "arm:1": { behaviour: "crash=1", logs: ["exec /usr/local/bin/server: exec format error"] },
    }),
  );
  local = await startLocalForTests({
    speed: 100,
    throttle: false,
    enforceIam: true,
    images,
    hooks: { judge: () => ({ hookStatus: "FAILED" }) },
  });
  environment = await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  rollouts = new FailingRollouts(local, "test");
  await rollouts.ecs.send(new CreateClusterCommand({ clusterName: "empty" }));
  const iam = new IAMClient(settings(local, root));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "test_execution",
      PolicyName: "secrets",
      PolicyDocument: policyOf(
        allow("ssm:GetParameters", `arn:aws:ssm:us-east-1:${accountId}:parameter/shop/*`),
        allow(
          "secretsmanager:GetSecretValue",
          `arn:aws:secretsmanager:us-east-1:${accountId}:secret:shop-none-*`,
        ),
      ),
    }),
  );
  const secrets = new SecretsManagerClient(settings(local, root));
  const secret = await secrets.send(new CreateSecretCommand({ Name: "shop-database", SecretString: "{}" }));
  secretArn = secret.ARN ?? "";
  executionRole = `arn:aws:iam::${accountId}:role/ecs/test_execution`;
  untrustingRole = await roleWith(local, trusting({ Service: "ec2.amazonaws.com" }));
  guest = await userWith(local, allow("ecs:DescribeServices", "*"));
  cloudWatch = new CloudWatchClient(settings(local, root));
  await putAlarms();
  for (const rollout of allRollouts()) {
    const explanation = rollouts.explained(rollout);
    // A test that waits for it gets the error; one that is left out should not end the file.
    explanation.catch(() => undefined);
    explanations.set(rollout.name, explanation);
  }
}, 2 * minutes);

afterAll(async () => {
  await Promise.allSettled(explanations.values());
  rollouts.ecs.destroy();
  cloudWatch.destroy();
  await local.stop();
  await rm(folder, { recursive: true, force: true });
}, 2 * minutes);

/** What fails, each in its own way. */
function allRollouts(): readonly Rollout[] {
  const executionRoleArn = executionRole;
  const secret = (valueFrom: string): Pick<Rollout, "container" | "definition"> => ({
    container: { secrets: [{ name: "PASSWORD", valueFrom }] },
    definition: { executionRoleArn },
  });
  return [
    { name: "image-missing", image: "shop:1.0-missing" },
    { name: "crashing", image: "shop:1.0-crash", after: "shop:1.0", container: logs() },
    { name: "crashing-unseen", image: "shop:1.0-crash" },
    { name: "command-missing", image: "shop:1.0-crash-exit-code-127", container: logs() },
    { name: "segfault", image: "shop:1.0-crash-exit-code-139", ...onFargate() },
    { name: "wrong-platform", image: "arm:1", container: logs() },
    { name: "finished", image: "shop:1.0-exit", container: logs() },
    { name: "memory-hungry", image: "shop:1.0-memory-kill", container: logs() },
    {
      name: "check-failing",
      image: "shop:1.0-unhealthy",
      container: {
        portMappings: [{ containerPort: 8080 }],
        healthCheck: {
          command: ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"],
          interval: 10,
          retries: 2,
        },
        ...logs(),
      },
    },
    { name: "answering-503", image: "shop:1.0-unhealthy", ...behindLoadBalancer() },
    // Above the two seconds of real time that a check waits at the least.
    { name: "answering-late", image: "shop:1.0-latency-600s", ...behindLoadBalancer() },
    { name: "not-listening", image: "shop:1.0-slow-start-6000", ...behindLoadBalancer() },
    { name: "crashing-behind-balancer", image: "shop:1.0-crash-25", ...behindLoadBalancer() },
    { name: "parameter-missing", image: "shop:1.0", ...secret("/shop/none") },
    {
      name: "secret-missing",
      image: "shop:1.0",
      ...secret(`arn:aws:secretsmanager:us-east-1:${accountId}:secret:shop-none-AbCdEf`),
    },
    { name: "secret-denied", image: "shop:1.0", ...secret(secretArn) },
    {
      name: "role-untrusting",
      image: "shop:1.0",
      container: { secrets: [{ name: "PASSWORD", valueFrom: secretArn }] },
      definition: { executionRoleArn: untrustingRole.arn },
    },
    { name: "log-missing", image: "shop:1.0", container: logs("/ecs/none") },
    { name: "log-missing-on-fargate", image: "shop:1.0", container: logs("/ecs/none"), ...onFargate() },
    { name: "no-hosts", image: "shop:1.0", service: { cluster: "empty", ...breaker } },
    { name: "too-much-memory", image: "shop:1.0", container: { memory: 60_000 } },
    { name: "too-much-cpu", image: "shop:1.0", container: { cpu: 10_000 } },
    {
      name: "port-taken",
      image: "shop:2.0",
      after: "shop:1.0",
      container: { portMappings: [{ containerPort: 80, hostPort: 7777 }] },
      service: { desiredCount: 2, ...breaker },
    },
    {
      name: "constrained",
      image: "shop:1.0",
      service: {
        placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type == m9.huge" }],
        ...breaker,
      },
    },
    {
      name: "alarmed",
      image: "shop:1.0",
      service: {
        deploymentConfiguration: {
          alarms: { alarmNames: ["shop-errors", "shop-latency"], enable: true, rollback: true },
        },
      },
      meanwhile: () => ring("shop-errors"),
    },
    {
      name: "judged",
      image: "shop:1.0",
      service: {
        deploymentConfiguration: {
          strategy: "BLUE_GREEN",
          lifecycleHooks: [
            {
              hookTargetArn: judgeArn,
              roleArn: `arn:aws:iam::${accountId}:role/ecs/hooks`,
              lifecycleStages: ["POST_SCALE_UP"],
            },
          ],
        },
      },
    },
    {
      name: "stuck",
      image: "shop:2.0",
      after: "shop:1.0",
      service: { deploymentConfiguration: { minimumHealthyPercent: 60, maximumPercent: 150 } },
      failed: (_, { events = [] }) =>
        events.some(({ message = "" }) => message.includes("deployment configuration")),
    },
    {
      name: "without-breaker",
      image: "shop:1.0-crash",
      container: logs(),
      service: { deploymentConfiguration: {} },
      failed: ({ failedTasks = 0 }) => failedTasks >= 2,
    },
    {
      name: "migration-failing",
      image: "shop:1.0",
      container: { dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }], ...logs() },
      otherContainers: [
        { name: "migrate", image: "migrate:1.0-crash-exit-code-3", essential: false, memory: 64, ...logs() },
      ],
    },
    { name: "hostile", image: "hostile:1", container: logs() },
    {
      name: "many",
      image: "shop:1.0-crash",
      ...onFargate(),
      service: { ...onFargate().service, desiredCount: 120 },
    },
  ];
}

/** Alarms that look back so far that a deployment is watched for as long as the test may take. */
async function putAlarms(): Promise<void> {
  for (const AlarmName of ["shop-errors", "shop-latency"]) {
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        MetricName: "Errors",
        Namespace: "shop",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 200,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
  }
}

async function ring(AlarmName: string): Promise<void> {
  const change = { AlarmName, StateValue: "ALARM", StateReason: "Threshold crossed" } as const;
  await cloudWatch.send(new SetAlarmStateCommand(change));
}

/** The first cause that is told of a rollout. */
async function causeOf(name: string): Promise<Diagnosis> {
  const [first] = (await explanations.get(name)) ?? [];
  if (first === undefined) throw new Error(`rollout ${name} was not explained`);
  return first;
}

const text = (part: string) => expect.stringContaining(part) as unknown as string;

describe("the explanation of a failed rollout", () => {
  test.each<[string, string, Partial<Diagnosis>]>([
    [
      "an image that the registry does not have",
      "image-missing",
      { kind: "imageNotFound", cause: text("shop:1.0-missing") },
    ],
    [
      "a crash, with the code and its last words",
      "crashing",
      {
        kind: "crashed",
        cause: text(
          'exited with code 1 (an error of the application itself); it last said "panic: shop:1.0-crash',
        ),
      },
    ],
    [
      "a crash that keeps no log",
      "crashing-unseen",
      { kind: "crashed", remedy: text("logConfiguration with awslogs") },
    ],
    [
      "a command that the image does not have",
      "command-missing",
      { kind: "crashed", cause: text("code 127 (its command was not found in the image)") },
    ],
    [
      "a segmentation fault on Fargate",
      "segfault",
      { kind: "crashed", cause: text("code 139 (a segmentation fault (SIGSEGV))") },
    ],
    [
      "an image for another processor, by what the kernel says",
      "wrong-platform",
      { kind: "imagePlatform", cause: text("arm:1 (container app) is not built for linux/amd64") },
    ],
    [
      "a process that ends with success",
      "finished",
      { kind: "exitedCleanly", cause: text("exited with code 0") },
    ],
    [
      "a container above its memory limit",
      "memory-hungry",
      { kind: "outOfMemory", cause: text("its memory limit is 64 MiB") },
    ],
    [
      "a container health check, with its command",
      "check-failing",
      {
        kind: "containerHealthCheck",
        cause: text("curl -f http://localhost:8080/health || exit 1) 2 times in a row"),
      },
    ],
    [
      "a wrong answer to the load balancer",
      "answering-503",
      {
        kind: "targetAnswersWrong",
        cause: text(
          "answers HTTP GET / on port 8080 with 503, while the health check of target group test-instance wants 200",
        ),
      },
    ],
    [
      "no answer to the load balancer in time",
      "answering-late",
      { kind: "targetTimesOut", cause: text("does not answer HTTP GET / on port 8080 within") },
    ],
    [
      "a port on which nobody listens",
      "not-listening",
      {
        kind: "targetRefuses",
        cause: text("nothing answers HTTP GET / there"),
        remedy: text("healthCheckGracePeriodSeconds (now 0 s)"),
      },
    ],
    [
      "a crash behind a load balancer, not the check that it fails",
      "crashing-behind-balancer",
      { kind: "crashed" },
    ],
    [
      "a parameter that does not exist",
      "parameter-missing",
      { kind: "secretMissing", cause: text("Parameter /shop/none is not in Parameter Store") },
    ],
    [
      "a secret that does not exist",
      "secret-missing",
      { kind: "secretMissing", cause: text("Secret shop-none-AbCdEf is not in Secrets Manager") },
    ],
    [
      "a secret that the role may not read, with the role",
      "secret-denied",
      { kind: "secretDenied", cause: text("Execution role test_execution may not read shop-database-") },
    ],
    [
      "a role that ECS cannot assume",
      "role-untrusting",
      { kind: "roleUnusable", cause: text("does not trust ecs-tasks.amazonaws.com") },
    ],
    [
      "a missing log group on hosts",
      "log-missing",
      { kind: "logGroupMissing", cause: text("Log group /ecs/none does not exist in us-east-1") },
    ],
    [
      "a missing log group on Fargate",
      "log-missing-on-fargate",
      { kind: "logGroupMissing", cause: text("Log group /ecs/none does not exist in us-east-1") },
    ],
    [
      "a cluster without hosts",
      "no-hosts",
      { kind: "noHosts", cause: text("Cluster empty has no container instance") },
    ],
    [
      "too little memory, with the numbers",
      "too-much-memory",
      {
        kind: "noMemory",
        cause: expect.stringMatching(/a task needs 60000 MiB.* \d+ MiB/) as unknown as string,
      },
    ],
    [
      "too little CPU, with the numbers",
      "too-much-cpu",
      {
        kind: "noCpu",
        cause: expect.stringMatching(/a task needs 10000 units.* \d+ units/) as unknown as string,
      },
    ],
    [
      "a static port that is taken",
      "port-taken",
      { kind: "portInUse", cause: text("needs host port 7777, which is taken on each of the 2 hosts") },
    ],
    [
      "a placement constraint, with its expression",
      "constrained",
      {
        kind: "placementConstraint",
        cause: text("None of 2 hosts meets constraint attribute:ecs.instance-type == m9.huge"),
      },
    ],
    [
      "the alarm that rang, of two",
      "alarmed",
      { kind: "alarm", cause: "Alarm shop-errors went off during the rollout." },
    ],
    [
      "the hook that said no, with its stage",
      "judged",
      { kind: "hook", cause: "Lifecycle hook judge at stage POST_SCALE_UP answered FAILED." },
    ],
    [
      "percentages that let nothing start or stop",
      "stuck",
      {
        kind: "stuckByConfiguration",
        cause: text(
          "at least 1 must be healthy (minimumHealthyPercent 60) and at most 1 may run (maximumPercent 150)",
        ),
      },
    ],
    [
      "a crash loop that no circuit breaker ends",
      "without-breaker",
      { kind: "crashed", cause: text("exited with code 1") },
    ],
    [
      "a container that another one waits for",
      "migration-failing",
      {
        kind: "crashed",
        cause: text("Container migrate (image migrate:1.0-crash-exit-code-3) exited with code 3"),
      },
    ],
  ])(
    "names %s",
    async (_, name, expected) => {
      expect(await causeOf(name)).toMatchObject(expected);
    },
    2 * minutes,
  );

  test(
    "says of tasks that the rollback stopped nothing",
    async () => {
      const explanation = await explanations.get("crashing");
      expect(explanation).toHaveLength(1);
      expect(explanation?.[0]?.tasks).toBeGreaterThanOrEqual(3);
      expect(JSON.stringify(explanation)).not.toContain("Scaling activity");
    },
    2 * minutes,
  );

  test(
    "counts the tasks of a service with more than a hundred",
    async () => {
      const { kind, tasks } = await causeOf("many");
      expect({ kind, many: tasks >= 120 }).toEqual({ kind: "crashed", many: true });
    },
    2 * minutes,
  );

  test(
    "shows hostile log lines without escape sequences, short, and without their secrets",
    async () => {
      const { evidence, cause } = await causeOf("hostile");
      const shown = [cause, ...evidence].join("\n");
      expect(shown).toContain("password=");
      expect(shown).not.toContain("hunter2");
      expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cf}\p{Cc}]/u);
      expect(Math.max(...evidence.map(({ length }) => length))).toBeLessThan(420);
    },
    2 * minutes,
  );

  test(
    "needs no permission that the deployer's own policy lacks",
    async () => {
      const parsed = parseEnvironments(
        await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8"),
      );
      if (!parsed.ok) throw new Error("The environments of the project are not valid.");
      const account = { partition: "aws", id: accountId };
      const deployer = await userWith(
        local,
        ...deployerStatements([...parsed.environments.values()], account),
      );
      // One that needs everything: hosts, target groups, logs, and ECS's record of the deployment.
      const subject = await rollouts.fail({
        name: "allowed",
        image: "shop:1.0-unhealthy",
        ...behindLoadBalancer(),
      });
      const withAlarms = { ...subject, reason: "alarm" };
      const explanation = await rollouts.explain(withAlarms, deployer);
      expect(explanation.map(({ kind }) => kind)).toContain("targetAnswersWrong");
      expect(explanation.filter(({ kind }) => kind === "unreadable")).toEqual([]);
    },
    2 * minutes,
  );

  test(
    "names what the caller may not read, and fails of it no more than that",
    async () => {
      const { deploymentId } = await rollouts.fail({
        name: "unread",
        image: "shop:1.0-crash",
        container: logs(),
      });
      const explanation = await rollouts.explain(
        { service: "unread", cluster: "test", deploymentId, since: new Date(0) },
        guest,
      );
      expect(explanation.map(({ kind }) => kind)).toContain("unreadable");
      expect(explanation.map(({ cause }) => cause).join("\n")).toMatch(
        /The tasks of the deployment could not be read \(ecs:ListTasks: AccessDeniedException: .*user\/user-/,
      );
    },
    2 * minutes,
  );
});

describe("where peers fail their users", () => {
  /** Templates of a service that has a log and a circuit breaker. */
  async function templatesOf(name: string): Promise<readonly string[]> {
    const templates = path.join(folder, name);
    await mkdir(path.join(templates, name), { recursive: true });
    const container = { name: "app", image: "@@VERSION@@", memory: 64, ...logs() };
    const definition = { family: name, containerDefinitions: [container] };
    const service = { serviceName: name, cluster: "test", launchType: "EC2", desiredCount: 1, ...breaker };
    await writeFile(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
    await writeFile(path.join(templates, name, "service.json"), JSON.stringify(service));
    return ["--templates", templates];
  }

  test(
    'failure 6: "Why did it fail?" is answered by the command itself: cause, remedy, exit code, last log lines',
    async () => {
      const templates = await templatesOf("asked");
      const at = { endpoint: local.endpoint, speed: 100 };
      expect(await deploy(["create", ...templates], { ...at, image: "shop:1.0" })).toMatchObject({
        exitCode: 0,
      });
      const told = await deploy(["update", ...templates], { ...at, image: "shop:1.0-crash" });
      expect(told.exitCode).toBe(1);
      expect(told.stdout).toContain("Container app (image shop:1.0-crash) exited with code 1");
      expect(told.stdout).toContain("Mend what its log says");
      expect(told.stdout).toContain("app | panic: shop:1.0-crash crashed");

      const json = await deploy(["update", "--timeout", "1h", "--output", "json", ...templates], {
        ...at,
        image: "shop:2.0-missing",
      });
      expect(json.exitCode).toBe(1);
      expect(JSON.parse(json.stdout)).toMatchObject({
        services: [{ outcome: "failed", rolledBackTo: "asked:1", diagnoses: [{ kind: "imageNotFound" }] }],
      });
    },
    3 * minutes,
  );
});
