import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  ECSClient,
  ExecuteCommandCommand,
  ListServicesCommand,
  ListTasksCommand,
  TargetNotConnectedException,
} from "@aws-sdk/client-ecs";

import type { Decision } from "../../scripts/local/iam/decisions.ts";
import { registry } from "./every-way-surroundings.ts";
import type { EveryWayWorld } from "./every-way-world.ts";
import { account, settings } from "./local-iam.ts";
import { requestsPolicy } from "./requests-policy.ts";

/** One run of `./deploy`: what it does in words, and how. */
interface Step {
  readonly does: string;
  readonly args: readonly string[];
  readonly image?: string;
  /** @default 0 */
  readonly exitCode?: number;
  /** Done before it by those whose affair it is. */
  readonly before?: (world: EveryWayWorld) => Promise<void>;
}

const wait = ["--timeout", "3h"];

/** Everything of a service on hosts that a deployer has to be allowed something for. */
const web = {
  definition: {
    family: "web",
    networkMode: "bridge",
    taskRoleArn: "@@DEFAULT_TASK_ROLE_ARN@@",
    executionRoleArn: "@@EXECUTION_ROLE_ARN@@",
    containerDefinitions: [
      {
        name: "web",
        image: "@@VERSION@@",
        memory: 64,
        portMappings: [{ containerPort: 80, hostPort: 0 }],
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "@@LOG_GROUP_NAME@@",
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "web",
          },
        },
      },
    ],
    tags: [{ key: "team", value: "web" }],
  },
  service: {
    serviceName: "web",
    cluster: "test",
    desiredCount: 1,
    role: "@@ECS_LB_ROLE_ARN@@",
    capacityProviderStrategy: [{ capacityProvider: "@@CAPACITY_PROVIDER_NAME@@", weight: 1 }],
    loadBalancers: [{ targetGroupArn: "@@TARGET_GROUP_ARN@@", containerName: "web", containerPort: 80 }],
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    enableExecuteCommand: true,
    tags: [{ key: "team", value: "web" }],
  },
};

/** A service whose image is of ECR and that has secrets. It is verified, and never deployed. */
const kept = {
  definition: {
    family: "kept",
    networkMode: "bridge",
    executionRoleArn: "@@EXECUTION_ROLE_ARN@@",
    containerDefinitions: [
      {
        name: "kept",
        image: `${registry}/web:1`,
        memory: 64,
        secrets: [
          { name: "MODE", valueFrom: `arn:aws:ssm:us-east-1:${account}:parameter/test/mode` },
          {
            name: "DATABASE",
            valueFrom: `arn:aws:secretsmanager:us-east-1:${account}:secret:test/database`,
          },
        ],
      },
    ],
  },
  service: { serviceName: "kept", cluster: "test", desiredCount: 1, launchType: "EC2" },
};

const rolling: readonly Step[] = [
  {
    does: "create a rolling service",
    args: ["create", "web", ...wait],
    image: "nginx:1",
    before: async (world) => {
      await world.template("web", web.definition, web.service);
      await world.template("kept", kept.definition, kept.service);
    },
  },
  {
    does: "update it with its scaling suspended",
    args: ["update", "web", "--suspend-autoscaling", ...wait],
    image: "nginx:2",
    before: (world) => scaled(world, "service/test/web"),
  },
  {
    does: "update it to a version that fails",
    args: ["update", "web", ...wait],
    image: "nginx:crash",
    exitCode: 1,
  },
  { does: "start an update", args: ["update", "web", "--no-wait"], image: "nginx:3" },
  { does: "roll back what is under way", args: ["rollback", "web", ...wait] },
  { does: "say how it is", args: ["status", "web"] },
  { does: "say how all are, of which one is missing", args: ["status", "--all"], exitCode: 4 },
  { does: "compare", args: ["diff", "web"], image: "nginx:4" },
  { does: "verify", args: ["verify", "kept"], image: "nginx:4" },
  { does: "verify a service with a load balancer", args: ["verify", "web"], image: "nginx:4" },
  { does: "verify a service on Fargate", args: ["verify", "api"], image: "hello:1.0.0" },
  { does: "render", args: ["render", "web"], image: "nginx:4" },
  {
    does: "write templates",
    args: ["init", "web", "--cluster", "test", "--templates", "written"],
  },
  { does: "show the log", args: ["logs", "web", "--since", "2h"] },
  {
    does: "open a session, for which no agent runs here",
    args: ["exec", "web", "--", "true"],
    exitCode: 4,
    before: async (world) => {
      await plugin(world);
      await openSession(world, "open a session, for which no agent runs here");
    },
  },
  { does: "run a task", args: ["run", "web", ...wait], image: "nginx:6-exit-20" },
  {
    does: "bring its scaling to its template",
    args: ["update", "web", ...wait],
    image: "nginx:3",
    before: (world) =>
      world.file("web", "autoscaling", {
        MinCapacity: 1,
        MaxCapacity: 5,
        ScalingPolicies: [
          {
            PolicyName: "memory",
            PolicyType: "TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration: {
              TargetValue: 60,
              PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageMemoryUtilization" },
            },
          },
        ],
        ScheduledActions: [],
      }),
  },
  { does: "scale", args: ["scale", "web", "--count", "2", "--force", ...wait] },
  { does: "restart", args: ["restart", "web", ...wait] },
  { does: "list revisions", args: ["revisions", "web"] },
  { does: "prune revisions", args: ["revisions", "web", "--keep-revisions", "1"] },
  {
    does: "update in ecs-deploy's form",
    args: ["-c", "test", "-n", "web", "-i", "nginx:5", "-t", "7200"],
  },
  { does: "delete it", args: ["delete", "web", "--confirm", "web", ...wait] },
];

const staged: readonly Step[] = [
  { does: "stage the first version", args: ["stage", "shop", ...wait], image: "hello:1.0.0" },
  { does: "give it the traffic", args: ["activate", "shop", ...wait] },
  {
    does: "stage the next one",
    args: ["stage", "shop", ...wait],
    image: "hello:1.1.0",
    // Its owner has had the first one scaled; the next one brings its own.
    before: async (world) => {
      await scaled(world, `service/test/${await newestService(world, "test-shop-")}`);
      await world.file("shop", "autoscaling", {
        MinCapacity: 1,
        MaxCapacity: 4,
        ScalingPolicies: [requestsPolicy],
        ScheduledActions: [
          {
            ScheduledActionName: "day",
            Schedule: "cron(0 8 ? * MON-FRI *)",
            ScalableTargetAction: { MinCapacity: 2 },
          },
        ],
      });
    },
  },
  {
    does: "give it a tenth of the traffic, then all",
    args: ["activate", "shop", "--canary", "10%", "--bake", "1m", "--alarm", "test-pay-errors", ...wait],
  },
  { does: "list the deployments", args: ["deployments", "shop"] },
  { does: "say how they are", args: ["status", "shop"] },
  { does: "show the active one's log", args: ["logs", "shop"] },
  { does: "give the traffic back", args: ["rollback", "shop", ...wait] },
  { does: "take down what has no traffic", args: ["teardown", "shop", "--all-retired", ...wait] },
  { does: "delete a staged service", args: ["delete", "shop", "--confirm", "shop", ...wait] },
];

const byCodeDeploy: readonly Step[] = [
  {
    does: "create a service of CodeDeploy's",
    args: ["create", "pay", ...wait],
    image: "hello:1.0.0",
  },
  {
    does: "have CodeDeploy update it",
    args: ["update", "pay", "--wait-until", "paused", ...wait],
    image: "hello:1.1.0",
  },
  { does: "say how CodeDeploy gets on", args: ["status", "pay"] },
  { does: "approve CodeDeploy's deployment", args: ["activate", "pay", ...wait] },
  {
    does: "have CodeDeploy update it again",
    args: [
      "update",
      "pay",
      "--wait-until",
      "paused",
      "--deployment-config",
      "CodeDeployDefault.ECSAllAtOnce",
      ...wait,
    ],
    image: "hello:1.2.0",
    before: (world) => world.settle({ terminationMinutes: 1 }),
  },
  { does: "stop CodeDeploy's deployment", args: ["rollback", "pay", ...wait] },
  { does: "delete a service of CodeDeploy's", args: ["delete", "pay", "--confirm", "pay", ...wait] },
];

const native: readonly Step[] = [
  {
    does: "create a service that ECS shifts",
    args: ["create", "api", "--wait-until", "paused", ...wait],
    image: "hello:1.0.0",
  },
  { does: "approve its first deployment", args: ["activate", "api", ...wait] },
  { does: "update it", args: ["update", "api", "--wait-until", "paused", ...wait], image: "hello:1.1.0" },
  { does: "say how ECS gets on", args: ["status", "api"] },
  { does: "approve ECS's deployment", args: ["activate", "api", ...wait] },
  {
    does: "update it again",
    args: ["update", "api", "--wait-until", "paused", ...wait],
    image: "hello:1.2.0",
  },
  { does: "stop ECS's deployment", args: ["rollback", "api", ...wait] },
  { does: "delete a service that ECS shifts", args: ["delete", "api", "--confirm", "api", ...wait] },
];

/** Every verb in every way to deploy. The ways go side by side. */
const ways = [rolling, staged, byCodeDeploy, native];

/** What was asked of IAM for each run, by what it does. Fails at the first that does not end as it should. */
export async function runEveryVerb(
  world: EveryWayWorld,
  tell: (line: string) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly Decision[]>> {
  // Each to its end, so that nothing runs on when one has failed.
  const ended = await Promise.allSettled(
    ways.map(async (steps) => {
      for (const step of steps) await carryOut(world, step, tell);
    }),
  );
  for (const way of ended) if (way.status === "rejected") throw way.reason;
  const decisions = await world.decisions();
  return new Map(
    ways.flat().map(({ does }) => [does, decisions.filter(({ program }) => program === programName(does))]),
  );
}

async function carryOut(world: EveryWayWorld, step: Step, tell: (line: string) => void): Promise<void> {
  const { does, args, image, exitCode = 0, before } = step;
  await before?.(world);
  const finished = await world.run(args, image, {
    PATH: `${world.folder}/bin:${process.env["PATH"] ?? ""}`,
    AWS_SDK_UA_APP_ID: programName(does),
  });
  tell(`${does}: ${String(finished.exitCode)}`);
  if (finished.exitCode === exitCode) return;
  throw new Error(
    `./deploy ${args.join(" ")} ended with ${String(finished.exitCode)}:\n${finished.stdout}\n${finished.stderr}`,
  );
}

/** An SDK takes 50 letters of it. */
function programName(does: string): string {
  return does.replaceAll(/[^a-z]+/gi, "-").slice(0, 50);
}

/** Puts a service's count into the hands of Application Auto Scaling, as its owner would. */
async function scaled({ local }: EveryWayWorld, ResourceId: string): Promise<void> {
  const scaling = new ApplicationAutoScalingClient(local.settings);
  const target = {
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId,
  } as const;
  await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 4 }));
  await scaling.send(
    new PutScalingPolicyCommand({
      ...target,
      PolicyName: "cpu",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
    }),
  );
  await scaling.send(
    new PutScheduledActionCommand({
      ...target,
      ScheduledActionName: "night",
      Schedule: "cron(0 22 * * ? *)",
      ScalableTargetAction: { MinCapacity: 1 },
    }),
  );
  scaling.destroy();
}

async function newestService({ local }: EveryWayWorld, prefix: string): Promise<string> {
  const ecs = new ECSClient(local.settings);
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster: "test" }));
  ecs.destroy();
  return serviceArns.map((arn) => arn.split("/").at(-1) ?? "").find((name) => name.startsWith(prefix)) ?? "";
}

/** The last call of a session, which the local AWS has no agent for; it is asked of IAM all the same. */
async function openSession({ local, deployer }: EveryWayWorld, does: string): Promise<void> {
  const ecs = new ECSClient({ ...settings(local, deployer), userAgentAppId: programName(does) });
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: "test", serviceName: "web" }));
  const command = { cluster: "test", task: taskArns[0], command: "true", interactive: true };
  const refusal: unknown = await ecs
    .send(new ExecuteCommandCommand(command))
    .catch((error: unknown) => error);
  ecs.destroy();
  if (!(refusal instanceof TargetNotConnectedException)) throw refusal;
}

/** AWS's plugin for sessions, which has nobody to talk to here. */
async function plugin({ folder }: EveryWayWorld): Promise<void> {
  await mkdir(path.join(folder, "bin"), { recursive: true });
  const file = path.join(folder, "bin", "session-manager-plugin");
  await writeFile(file, "#!/bin/sh\nexit 0\n");
  await chmod(file, 0o755);
}
