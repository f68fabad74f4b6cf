// Prints the ratios that README and docs quote, each a median over pairs of runs that stand side by side in time, so
// that a noisy machine slows both sides alike.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { execa } from "execa";

import { median, report, type Figure } from "./bench/figures.ts";
import { startLocal } from "./local/start.ts";
import { projectRoot } from "./project-root.ts";
import { createQuickEnvironment } from "./rehearsal/without-terraform.ts";

const pairs = 11;
const deploy = path.join(projectRoot(), "deploy");

interface Ratio {
  readonly name: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly atMost: number;
}

const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-bench-"));
const local = await startLocal({ port: 0, speed: 100, quiet: true, directory: path.join(folder, "local") });
try {
  const variables = {
    ...process.env,
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  await createQuickEnvironment(local, { name: "test", hosts: 1, instanceType: "t3.small" });
  await makeServices();

  report(figure(await startRatio()));
  report(figure(await updateRatio(variables)));
} finally {
  await local.stop();
  await rm(folder, { recursive: true });
}

/** `./deploy --version` against an empty Node. */
async function startRatio(): Promise<Ratio> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    ours.push(await timed(() => execa(deploy, ["--version"])));
    theirs.push(await timed(() => execa("node", ["-e", "0"])));
  }
  return { name: "./deploy --version / node -e 0", ours, theirs, atMost: 1.5 };
}

/** `./deploy update --no-wait` against the two AWS CLI calls that it replaces, each on a service of its own. */
async function updateRatio(variables: NodeJS.ProcessEnv): Promise<Ratio> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const image = `nginx:1.${pair}`;
    const env = { ...variables, CONTAINER_VERSION: image };
    const templates = path.join(folder, "templates");
    ours.push(
      await timed(() => execa(deploy, ["update", "ours", "--no-wait", "--templates", templates], { env })),
    );

    const input = path.join(folder, "theirs.json");
    await writeFile(input, JSON.stringify(definition("theirs", image)));
    const register = ["ecs", "register-task-definition", "--cli-input-json", `file://${input}`];
    const update = [
      "ecs",
      "update-service",
      "--cluster",
      "test",
      "--service",
      "theirs",
      "--task-definition",
      "theirs",
    ];
    theirs.push(
      await timed(async () => {
        await execa("aws", register, { env });
        await execa("aws", update, { env });
      }),
    );
  }
  return {
    name: "./deploy update --no-wait / aws ecs register-task-definition + update-service",
    ours,
    theirs,
    atMost: 0.4,
  };
}

/** Two services alike: one for each side, so that neither waits for the other's rollout. */
async function makeServices(): Promise<void> {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const ecs = new ECSClient({ endpoint: local.endpoint, region: local.region, credentials });
  for (const name of ["ours", "theirs"]) {
    await ecs.send(new RegisterTaskDefinitionCommand(definition(name, "nginx:alpine")));
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
  const templates = path.join(folder, "templates", "ours");
  await mkdir(templates, { recursive: true });
  await writeFile(
    path.join(templates, "task-definition.json"),
    JSON.stringify(definition("ours", "@@VERSION@@")),
  );
  await writeFile(
    path.join(templates, "service.json"),
    JSON.stringify({ serviceName: "ours", cluster: "@@CLUSTER_NAME@@" }),
  );
}

function definition(family: string, image: string) {
  return {
    family,
    containerDefinitions: [{ name: family, image, memory: 64, portMappings: [{ containerPort: 80 }] }],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function figure({ name, ours, theirs, atMost }: Ratio): Figure {
  const times = `${Math.round(median(ours))} ms / ${Math.round(median(theirs))} ms`;
  return {
    name,
    value: median(ours.map((own, index) => own / (theirs[index] ?? Number.NaN))),
    atMost,
    detail: `medians of ${pairs} pairs, ${times}`,
  };
}
