/** Failures of today's tools in what they do to definitions, each one a case that must come out right here. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, type Finished } from "../helpers/deploy-command.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;

let local: LocalForTests;
let ecs: ECSClient;
let ssm: SSMClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-peers-"));
  local = await startLocalForTests({ speed: 4 * speed });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  const settings = {
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  ecs = new ECSClient(settings);
  ssm = new SSMClient(settings);
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], image: string): Promise<Finished> {
  return deploy(args, { endpoint: local.endpoint, folder, speed, image });
}

async function makeService(
  name: string,
  definition: Partial<RegisterTaskDefinitionCommandInput>,
): Promise<void> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [], ...definition }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: name,
      taskDefinition: name,
      desiredCount: 1,
      launchType: "EC2",
    }),
  );
}

/** What the service runs, without what is each revision's own. */
async function definitionOf(name: string): Promise<object> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: [name] }));
  const { taskDefinition, tags } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition, include: ["TAGS"] }),
  );
  const {
    revision: _revision,
    taskDefinitionArn: _arn,
    registeredAt: _at,
    ...definition
  } = taskDefinition ?? {};
  return { ...definition, tags: tags?.filter(({ key }) => key?.startsWith("slipway:") !== true) };
}

async function writeTemplates(name: string, container: object): Promise<void> {
  const templates = path.join(folder, "templates", name);
  await mkdir(templates, { recursive: true });
  const definition = {
    family: name,
    containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64, ...container }],
  };
  await writeFile(path.join(templates, "task-definition.json"), JSON.stringify(definition));
  const service = { serviceName: name, cluster: "test", launchType: "EC2", desiredCount: 1 };
  await writeFile(path.join(templates, "service.json"), JSON.stringify(service));
}

test(
  "peer failure 4, dropped fields: a definition keeps every field from one image to the next",
  async () => {
    const container = { name: "app", image: "registry:5000/app:1", memory: 128 };
    await makeService("fields", {
      pidMode: "task",
      ipcMode: "task",
      cpu: "256",
      memory: "512",
      requiresCompatibilities: ["EC2"],
      networkMode: "bridge",
      enableFaultInjection: false,
      tags: [{ key: "team", value: "a" }],
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      volumes: [{ name: "data", host: { sourcePath: "/data" } }],
      containerDefinitions: [
        {
          ...container,
          mountPoints: [{ sourceVolume: "data", containerPath: "/data" }],
          linuxParameters: { initProcessEnabled: true },
          ulimits: [{ name: "nofile", softLimit: 10, hardLimit: 20 }],
          restartPolicy: { enabled: true },
          versionConsistency: "disabled",
        },
      ],
    });
    const before = await definitionOf("fields");
    expect(await run(["init", "fields"], "registry:5000/app:1")).toMatchObject({ exitCode: 0 });
    expect(await run(["update", "fields"], "registry:5000/app:2")).toMatchObject({ exitCode: 0 });
    const after = await definitionOf("fields");
    expect(after).toMatchObject({
      pidMode: "task",
      ipcMode: "task",
      cpu: "256",
      memory: "512",
      tags: [{ key: "team" }],
    });
    expect(JSON.parse(JSON.stringify(after).replace("registry:5000/app:2", "registry:5000/app:1"))).toEqual(
      JSON.parse(JSON.stringify(before)),
    );
  },
  2 * minutes,
);

test(
  "peer failure 13, secrets in logs and in definitions: no output shows one, and a SecureString is never written out",
  async () => {
    const environment = (password: string): object => ({
      environment: [
        { name: "DB_PASSWORD", value: password },
        { name: "QUEUE_URL", value: `amqp://app:${password}@queue/` },
      ],
      command: ["run", "--api-token", password],
    });
    await writeTemplates("secret", environment("first-s3cret"));
    const outputs = [await run(["create", "secret", "--verbose", "--events", "ndjson"], "app:1")];
    expect(outputs[0]).toMatchObject({ exitCode: 0 });
    await writeTemplates("secret", environment("second-s3cret"));
    for (const form of [[], ["--output", "json"], ["--events", "ndjson"]]) {
      outputs.push(await run(["diff", "secret", ...form], "app:1"));
      outputs.push(await run(["update", "secret", "--dry-run", "--verbose", ...form], "app:1"));
    }
    outputs.push(await run(["init", "secret", "--force"], "app:1"));
    for (const { stdout, stderr } of outputs) expect(`${stdout}${stderr}`).not.toContain("s3cret");
    expect(outputs[1]?.stdout).toContain(
      '~ containerDefinitions[app].environment[DB_PASSWORD]: "(masked)" → "(masked, changed)"',
    );
    expect(outputs.at(-1)?.stderr).toContain(
      "containerDefinitions[app].environment[DB_PASSWORD] looks like a secret",
    );

    await ssm.send(new PutParameterCommand({ Name: "/app/db", Value: "third-s3cret", Type: "SecureString" }));
    await writeTemplates("secure", { environment: [{ name: "DB", value: "@@ssm:/app/db@@" }] });
    const refused = await run(["create", "secure"], "app:1");
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("/app/db is a SecureString"),
    });
    expect(`${refused.stdout}${refused.stderr}`).not.toContain("s3cret");
    const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: "secure" }));
    expect(taskDefinitionArns).toEqual([]);
  },
  2 * minutes,
);

test(
  "peer failure 15, empty values stripped: they stay empty, and a label keeps every equals sign",
  async () => {
    await makeService("empty", {
      containerDefinitions: [
        {
          name: "app",
          image: "app:1",
          memory: 64,
          environment: [
            { name: "EMPTY", value: "" },
            { name: "ZERO", value: "0" },
          ],
          dockerLabels: { rule: "Host=`a=b`&&Path==c", none: "" },
          readonlyRootFilesystem: false,
        },
      ],
    });
    expect(await run(["init", "empty"], "app:1")).toMatchObject({ exitCode: 0 });
    expect(await run(["update", "empty"], "app:2")).toMatchObject({ exitCode: 0 });
    expect(await definitionOf("empty")).toMatchObject({
      containerDefinitions: [
        {
          image: "app:2",
          environment: [
            { name: "EMPTY", value: "" },
            { name: "ZERO", value: "0" },
          ],
          dockerLabels: { rule: "Host=`a=b`&&Path==c", none: "" },
          readonlyRootFilesystem: false,
        },
      ],
    });
    expect(await run(["diff", "empty", "--exit-code"], "app:2")).toMatchObject({ exitCode: 0 });
  },
  2 * minutes,
);

test(
  "peer failure 16, no exit code for diff: a pipeline can gate on drift",
  async () => {
    await writeTemplates("gate", {});
    expect(await run(["diff", "gate", "--exit-code"], "app:1")).toMatchObject({ exitCode: 4 });
    expect(await run(["create", "gate"], "app:1")).toMatchObject({ exitCode: 0 });
    expect(await run(["diff", "gate", "--exit-code"], "app:1")).toMatchObject({ exitCode: 0 });
    await writeTemplates("gate", { environment: [{ name: "A", value: "1" }] });
    expect(await run(["diff", "gate", "--exit-code"], "app:1")).toMatchObject({ exitCode: 4 });
    expect(await run(["diff", "gate"], "app:1")).toMatchObject({ exitCode: 0 });
  },
  2 * minutes,
);
