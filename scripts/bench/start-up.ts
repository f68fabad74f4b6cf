import { writeFile } from "node:fs/promises";
import path from "node:path";

import { CreateServiceCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { awsVariables, ecsIn, withBenchWorld, writeTemplates, type BenchWorld } from "./bench-world.ts";
import { median, type Figure } from "./figures.ts";

const pairs = 11;
const deploy = path.join(projectRoot(), "deploy");

interface Ratio {
  readonly name: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly atMost: number;
}

/** What a command takes before it waits for anything, each in pairs of runs that stand side by side in time. */
export function measureStartUp(): Promise<readonly Figure[]> {
  return withBenchWorld({ speed: 100 }, async (world) => {
    await makeServices(world);
    return [figure(await startRatio()), figure(await updateRatio(world))];
  });
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
async function updateRatio(world: BenchWorld): Promise<Ratio> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const templates = path.join(world.folder, "templates");
  for (let pair = 0; pair < pairs; pair += 1) {
    const image = `nginx:1.${pair}`;
    const env = { ...awsVariables(world.endpoint, world.region), CONTAINER_VERSION: image };
    ours.push(
      await timed(() => execa(deploy, ["update", "ours", "--no-wait", "--templates", templates], { env })),
    );

    const input = path.join(world.folder, "theirs.json");
    await writeFile(input, JSON.stringify(definition("theirs", image)));
    const ecs = (...args: string[]) => execa("aws", ["ecs", ...args], { env });
    theirs.push(
      await timed(async () => {
        await ecs("register-task-definition", "--cli-input-json", `file://${input}`);
        await ecs(
          "update-service",
          "--cluster",
          "test",
          "--service",
          "theirs",
          "--task-definition",
          "theirs",
        );
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
async function makeServices(world: BenchWorld): Promise<void> {
  const ecs = ecsIn(world);
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
  const service = { serviceName: "ours", cluster: "@@CLUSTER_NAME@@" };
  await writeTemplates(world, "ours", definition("ours", "@@VERSION@@"), service);
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
