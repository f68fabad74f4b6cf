import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type CreateServiceCommandInput,
  type RegisterTaskDefinitionCommandInput,
  type Service,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, type Finished } from "../helpers/deploy-command.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;

let local: LocalForTests;
let environment: QuickEnvironment;
let ecs: ECSClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-diff-"));
  local = await startLocalForTests({ speed: 4 * speed });
  environment = await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  ecs = new ECSClient(settings());
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

function settings(): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  const { endpoint, region } = local;
  return { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}

async function run(name: string, args: readonly string[], image?: string): Promise<Finished> {
  const workingFolder = path.join(folder, name);
  await mkdir(workingFolder, { recursive: true });
  return deploy(args, {
    endpoint: local.endpoint,
    folder: workingFolder,
    speed,
    ...(image === undefined ? {} : { image }),
  });
}

function output(name: string): string {
  const value = environment.outputs.get(name);
  if (value === undefined) throw new Error(`the environment has no output ${name}`);
  return value;
}

async function make(
  name: string,
  definition: Partial<RegisterTaskDefinitionCommandInput> = {},
  service: Partial<CreateServiceCommandInput> = {},
): Promise<void> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      containerDefinitions: [{ name: "app", image: "app:1", memory: 64 }],
      ...definition,
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: name,
      taskDefinition: name,
      desiredCount: 1,
      launchType: "EC2",
      ...service,
    }),
  );
}

async function described(name: string): Promise<Service> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: [name] }));
  const [service] = services ?? [];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}

interface DiffDocument {
  readonly different: boolean;
  readonly services: readonly { readonly exists: boolean; readonly notes: readonly string[] }[];
  readonly differences: readonly { readonly service: string; readonly path: string; readonly kind: string }[];
}

async function diffOf(name: string, args: readonly string[] = [], image?: string): Promise<DiffDocument> {
  const finished = await run(name, ["diff", name, "--output", "json", ...args], image);
  return JSON.parse(finished.stdout) as DiffDocument;
}

async function edit(name: string, file: string, change: (text: string) => string): Promise<void> {
  const at = path.join(folder, name, "templates", name, file);
  await writeFile(at, change(await readFile(at, "utf8")));
}

/** With every member that a task on hosts can have here. */
const everyMember: Partial<RegisterTaskDefinitionCommandInput> = {
  networkMode: "awsvpc",
  requiresCompatibilities: ["EC2"],
  cpu: "256",
  memory: "512",
  pidMode: "task",
  ipcMode: "task",
  enableFaultInjection: true,
  runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
  placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ m5.*" }],
  tags: [{ key: "team", value: "a=b=c" }],
  volumes: [
    { name: "host", host: { sourcePath: "/srv" } },
    { name: "docker", dockerVolumeConfiguration: { scope: "task", driver: "local", labels: { a: "b" } } },
    {
      name: "efs",
      efsVolumeConfiguration: {
        fileSystemId: "fs-12345678",
        transitEncryption: "ENABLED",
        rootDirectory: "/",
      },
    },
    { name: "ebs", configuredAtLaunch: true },
  ],
  containerDefinitions: [
    {
      name: "app",
      image: "registry.example:5000/team/app:1.4.0",
      cpu: 10,
      memory: 128,
      memoryReservation: 64,
      entryPoint: ["/bin/sh", "-c"],
      command: ["exec app"],
      portMappings: [{ containerPort: 80, name: "web", appProtocol: "http" }],
      environment: [
        { name: "EMPTY", value: "" },
        { name: "NOT_OURS", value: "@@TASKDEFINITION_ARN@@ and @@ssm:/x@@" },
        { name: "BARE", value: "@NAME@" },
        { name: "LINES", value: 'a\n"b"\\c' },
      ],
      environmentFiles: [{ type: "s3", value: "arn:aws:s3:::bucket/file.env" }],
      secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:us-east-1:123456789012:parameter/db" }],
      dockerLabels: { "a.b@@c": "x=y=z" },
      dependsOn: [{ containerName: "helper", condition: "START" }],
      healthCheck: { command: ["CMD-SHELL", "true"], startPeriod: 10 },
      linuxParameters: { initProcessEnabled: true, capabilities: { add: ["SYS_PTRACE"], drop: ["MKNOD"] } },
      mountPoints: [
        { sourceVolume: "host", containerPath: "/host", readOnly: true },
        { sourceVolume: "docker", containerPath: "/docker" },
        { sourceVolume: "efs", containerPath: "/efs" },
        { sourceVolume: "ebs", containerPath: "/ebs" },
      ],
      restartPolicy: { enabled: true, ignoredExitCodes: [0] },
      startTimeout: 30,
      stopTimeout: 60,
      ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 2048 }],
      systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }],
      user: "1000",
      workingDirectory: "/srv",
      readonlyRootFilesystem: true,
      pseudoTerminal: true,
      versionConsistency: "disabled",
    },
    { name: "helper", image: "helper:1", memory: 64, essential: false, links: [] },
  ],
};

describe("templates that init writes", () => {
  test(
    "give no difference and nothing to do, whatever the service has",
    async () => {
      const subnets = output("private-subnet-ids").split(",");
      const monitoring = {
        metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }],
      };
      await make(
        "every",
        {
          ...everyMember,
          taskRoleArn: output("default-task-role-arn"),
          executionRoleArn: output("execution-role-arn"),
        },
        {
          // Tasks would fail their checks, and a deployment that failed is one to be made again.
          desiredCount: 0,
          launchType: undefined,
          capacityProviderStrategy: [
            { capacityProvider: output("capacity-provider-name"), weight: 1, base: 1 },
          ],
          loadBalancers: [
            {
              targetGroupArn: output("alb-external-ip-target-group-arn"),
              containerName: "app",
              containerPort: 80,
            },
          ],
          healthCheckGracePeriodSeconds: 30,
          networkConfiguration: {
            awsvpcConfiguration: { subnets, securityGroups: [output("task-security-group-id")] },
          },
          deploymentConfiguration: {
            maximumPercent: 150,
            minimumHealthyPercent: 50,
            deploymentCircuitBreaker: { enable: true, rollback: false },
            alarms: { alarmNames: ["b", "a"], enable: true, rollback: true },
          },
          placementStrategy: [
            { type: "spread", field: "host" },
            { type: "binpack", field: "memory" },
          ],
          placementConstraints: [{ type: "distinctInstance" }],
          serviceConnectConfiguration: {
            enabled: true,
            namespace: "shop",
            services: [{ portName: "web", clientAliases: [{ port: 80 }] }],
          },
          volumeConfigurations: [
            {
              name: "ebs",
              managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/ebs", sizeInGiB: 10 },
            },
          ],
          tags: [{ key: "owner", value: "b" }],
          propagateTags: "SERVICE",
          enableECSManagedTags: true,
          enableExecuteCommand: true,
          availabilityZoneRebalancing: "DISABLED",
          monitoring,
        },
      );
      const before = await described("every");

      const written = await run("every", ["init", "every"]);
      expect(written).toMatchObject({ exitCode: 0 });
      expect(written.stdout).toContain("registry.example:5000/team/app:1.4.0");
      expect(written.stdout).toContain("Rendered again they give just what runs");
      const service = await readFile(
        path.join(folder, "every", "templates", "every", "service.json"),
        "utf8",
      );
      expect(JSON.parse(service)).toMatchObject({ monitoring, taskDefinition: "@@TASKDEFINITION_ARN@@" });

      const image = "registry.example:5000/team/app:1.4.0";
      expect(await run("every", ["diff", "--exit-code"], image)).toMatchObject({ exitCode: 0 });
      expect(await diffOf("every", [], image)).toMatchObject({ different: false, differences: [] });
      const planned = await run("every", ["update", "--dry-run", "--output", "json"], image);
      const { services } = JSON.parse(planned.stdout) as { services: { steps: { kind: string }[] }[] };
      expect(
        services
          .flatMap(({ steps }) => steps.map(({ kind }) => kind))
          .filter((kind) => kind !== "waitForDeployment"),
      ).toEqual([]);
      expect((await described("every")).deployments?.[0]?.id).toBe(before.deployments?.[0]?.id);
    },
    2 * minutes,
  );

  test(
    "leave the count to autoscaling, whose count is no difference",
    async () => {
      await make("scaled", {}, { desiredCount: 2 });
      await new ApplicationAutoScalingClient(settings()).send(
        new RegisterScalableTargetCommand({
          ServiceNamespace: "ecs",
          ResourceId: "service/test/scaled",
          ScalableDimension: "ecs:service:DesiredCount",
          MinCapacity: 1,
          MaxCapacity: 4,
        }),
      );
      const written = await run("scaled", ["init", "scaled"]);
      expect(written.stdout).toContain("autoscaling owns it");
      await edit("scaled", "service.json", (text) => text.replace("{", '{ "desiredCount": 4,'));
      const diff = await diffOf("scaled");
      expect(diff).toMatchObject({ different: false, differences: [] });
      expect(diff.services[0]?.notes.join()).toContain("Autoscaling owns the desired count, 2 now");
    },
    minutes,
  );

  test(
    "are not written over others, nor where others would be read instead",
    async () => {
      await make("kept");
      expect(await run("kept", ["init", "kept"])).toMatchObject({ exitCode: 0 });
      await edit("kept", "service.json", () => "mine");
      expect(await run("kept", ["init", "kept"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("--force"),
      });
      expect(await readFile(path.join(folder, "kept", "templates", "kept", "service.json"), "utf8")).toBe(
        "mine",
      );
      expect(await run("kept", ["init", "kept", "--force"])).toMatchObject({ exitCode: 0 });
      const elsewhere = await run("kept", ["init", "kept", "--templates", "my templates"]);
      expect(elsewhere.stdout).toContain("./deploy diff kept --templates 'my templates'");
      expect(await run("kept", ["diff", "--exit-code"])).toMatchObject({ exitCode: 0 });

      await writeFile(path.join(folder, "kept", "templates", "td-kept.json"), "{}");
      expect(await run("kept", ["init", "kept", "--force"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("both layouts"),
      });
    },
    minutes,
  );

  test(
    "are of a service that runs: another name is refused with what there is",
    async () => {
      await make("shop");
      const refused = await run("none", ["init", "shpo", "--cluster", "test"]);
      expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("Did you mean shop?") });
      expect(await run("none", ["init", "shop", "--cluster", "nowhere"])).toMatchObject({ exitCode: 4 });
      expect(await run("none", ["init"])).toMatchObject({ exitCode: 2 });
      expect(await run("none", ["init", "../shop"])).toMatchObject({ exitCode: 2 });
    },
    minutes,
  );
});

describe("diff", () => {
  test(
    "names what would change by container and variable, and an update then changes just that",
    async () => {
      await make("changed", {
        containerDefinitions: [
          { name: "app", image: "app:1", memory: 64, environment: [{ name: "LOG_LEVEL", value: "info" }] },
          { name: "old", image: "old:1", memory: 64, essential: false },
        ],
      });
      expect(await run("changed", ["init", "changed"])).toMatchObject({ exitCode: 0 });
      await edit("changed", "task-definition.json", (text) => {
        const definition = JSON.parse(text) as {
          containerDefinitions: { environment: { value: string }[] }[];
        };
        const [app] = definition.containerDefinitions;
        for (const variable of app?.environment ?? []) variable.value = "debug";
        return JSON.stringify({ ...definition, containerDefinitions: [app] });
      });
      await edit("changed", "service.json", (text) => text.replace('"desiredCount": 1', '"desiredCount": 2'));

      const shown = await run("changed", ["diff", "--exit-code"], "app:2");
      expect(shown).toMatchObject({ exitCode: 4 });
      expect(shown.stdout).toContain('~ containerDefinitions[app].image: "app:1" → "app:2"');
      expect(shown.stdout).toContain('~ containerDefinitions[app].environment[LOG_LEVEL]: "info" → "debug"');
      expect(shown.stdout).toContain("- containerDefinitions[old]");
      expect(shown.stdout).toContain("~ desiredCount: 1 → 2");
      expect((await diffOf("changed", [], "app:2")).differences).toHaveLength(4);

      expect(await run("changed", ["update"], "app:2")).toMatchObject({ exitCode: 0 });
      expect(await run("changed", ["diff", "--exit-code"], "app:2")).toMatchObject({ exitCode: 0 });
    },
    2 * minutes,
  );

  test(
    "takes the image that runs where none is given, and a revision that was withdrawn for a difference",
    async () => {
      await make("drift", { containerDefinitions: [{ name: "app", image: "app:7", memory: 64 }] });
      expect(await run("drift", ["init", "drift"])).toMatchObject({ exitCode: 0 });
      const same = await run("drift", ["diff", "--exit-code"]);
      expect(same).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("CONTAINER_VERSION is not set"),
      });
      await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "drift:1" }));
      expect((await diffOf("drift")).differences).toMatchObject([
        { path: "taskDefinition", from: "drift:1 (INACTIVE)" },
      ]);
    },
    minutes,
  );

  test(
    "of a service that does not exist yet shows that everything is new",
    async () => {
      const templates = path.join(folder, "fresh", "templates", "fresh");
      await mkdir(templates, { recursive: true });
      const containers = [{ name: "app", image: "@@VERSION@@", memory: 64 }];
      await writeFile(
        path.join(templates, "task-definition.json"),
        JSON.stringify({ family: "fresh", containerDefinitions: containers }),
      );
      await writeFile(
        path.join(templates, "service.json"),
        JSON.stringify({ serviceName: "fresh", desiredCount: 1 }),
      );
      expect(await run("fresh", ["diff", "--exit-code"], "app:1")).toMatchObject({
        exitCode: 4,
        stdout: expect.stringContaining("everything is new"),
      });
      expect(await diffOf("fresh", [], "app:1")).toMatchObject({
        services: [{ exists: false }],
        different: true,
      });
      expect(await run("fresh", ["diff"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("CONTAINER_VERSION"),
      });
    },
    minutes,
  );
});

describe("render", () => {
  test(
    "fills stack outputs from Parameter Store, and says what the revision's ARN will be",
    async () => {
      const finished = await deploy(["render", "nginx"], { endpoint: local.endpoint, image: "nginx:alpine" });
      expect(finished).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("error") });
      const { services } = JSON.parse(finished.stdout) as { services: Record<string, unknown> };
      expect(services["nginx"]).toMatchObject({
        registerTaskDefinition: {
          executionRoleArn: output("execution-role-arn"),
          containerDefinitions: [{ image: "nginx:alpine" }],
        },
        createService: {
          serviceName: "nginx",
          cluster: "test",
          taskDefinition: "@@TASKDEFINITION_ARN@@",
          loadBalancers: [{ targetGroupArn: environment.targetGroupArn }],
        },
        updateService: { service: "nginx", taskDefinition: "@@TASKDEFINITION_ARN@@" },
      });
    },
    minutes,
  );
});
