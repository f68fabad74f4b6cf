import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { startLocal, type LocalAws } from "../../scripts/local/start.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy } from "../helpers/deploy-command.ts";

const templates = path.join(projectRoot(), "__tests__", "fixtures", "templates", "older-layout");
const minutes = 60_000;

let local: LocalAws;
let environment: QuickEnvironment;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-older-"));
  local = await startLocal({ port: 0, speed: 240, quiet: true, directory: folder });
  environment = await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
}, minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

test(
  "a folder in the older layout creates and updates its service as it is",
  async () => {
    const run = (verb: string, image: string): ReturnType<typeof deploy> =>
      deploy([verb, "--templates", templates], { endpoint: local.endpoint, speed: 60, image });
    expect(await run("create", "nginx:alpine")).toMatchObject({ exitCode: 0 });
    expect(await run("update", "nginx:1.27")).toMatchObject({ exitCode: 0 });

    const ecs = new ECSClient({
      endpoint: local.endpoint,
      region: local.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: ["nginx"] }),
    );
    expect(services?.[0]?.loadBalancers?.[0]?.targetGroupArn).toBe(environment.targetGroupArn);
    const { taskDefinition } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }),
    );
    expect(taskDefinition?.containerDefinitions?.[0]?.image).toBe("nginx:1.27");
  },
  2 * minutes,
);
