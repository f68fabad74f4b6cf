/**
 * Images of an environment's registry, deployed with the deployer's own key: what runs or could run again is pinned, and
 * what is not needed any more is released by the keeper alone.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import { ECSClient, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { registryWork } from "../../scripts/core/permissions/registry.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { awsVariables, deploy, type Finished } from "../helpers/deploy-command.ts";
import { withOneService } from "../helpers/environments-file.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import { allow, root, settings, userWith, type Keys } from "../helpers/local-iam.ts";

const minutes = 60_000;
const speed = 100;
const repositoryName = "test/web";
const url = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}`;

const environments = withOneService("web", { registry: { releasePins: true } });

let local: LocalForTests;
let project: string;
let ecr: ECRClient;
let ecs: ECSClient;
let deployer: Keys;
let withoutPins: Keys;
let keeper: Keys;

beforeAll(async () => {
  local = await startLocalForTests({ speed, enforceIam: true });
  const { outputs } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 0,
    instanceType: "t3.small",
  });
  // The launcher bundles what is out of date.
  await deploy(["--version"], { endpoint: local.endpoint });
  project = await mkdtemp(path.join(os.tmpdir(), "slipway-registry-"));
  for (const file of ["package.json", "cdktf.json", "dist"]) {
    await cp(path.join(projectRoot(), file), path.join(project, file), { recursive: true });
  }
  await writeFile(path.join(project, "environments.jsonc"), environments);
  await templates(outputs);

  ecr = new ECRClient(settings(local, root));
  ecs = new ECSClient(settings(local, root));
  await ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability: "IMMUTABLE" }));
  for (const version of ["1", "2", "3", "4"]) await push(version);

  const parsed = parseEnvironments(environments);
  if (!parsed.ok) throw new Error("the environments are valid");
  const statements = deployerStatements([...parsed.environments.values()], {
    partition: "aws",
    id: "123456789012",
  });
  deployer = await userWith(local, ...statements);
  withoutPins = await userWith(local, ...statements.filter(({ Sid }) => Sid !== "Registry"));
  const [{ actions }] = registryWork.releasePins;
  const repositories = "arn:aws:ecr:us-east-1:123456789012:repository/test/*";
  keeper = await userWith(local, ...statements, allow(actions, repositories));
  await tell();
}, 4 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(project, { recursive: true, force: true });
});

async function templates(outputs: ReadonlyMap<string, string>): Promise<void> {
  const folder = path.join(project, "templates/web");
  await mkdir(folder, { recursive: true });
  const definition = {
    family: "web",
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    executionRoleArn: outputs.get("execution-role-arn"),
    containerDefinitions: [{ name: "app", image: "@@VERSION@@" }],
  };
  const service = {
    serviceName: "web",
    cluster: "test",
    desiredCount: 1,
    launchType: "FARGATE",
    networkConfiguration: {
      awsvpcConfiguration: { subnets: (outputs.get("private-subnet-ids") ?? "").split(",") },
    },
  };
  await writeFile(path.join(folder, "task-definition.json"), JSON.stringify(definition));
  await writeFile(path.join(folder, "service.json"), JSON.stringify(service));
}

/** An image for two platforms, as a pipeline pushes it. */
async function push(imageTag: string): Promise<void> {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const manifests = ["amd64", "arm64"].map((architecture) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${imageTag.repeat(64)}`,
    size: 1,
    platform: { os: "linux", architecture },
  }));
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  await ecr.send(new PutImageCommand({ repositoryName, imageTag, imageManifest }));
}

async function run(args: readonly string[], version?: string, keys = deployer): Promise<Finished> {
  return execa(process.execPath, [path.join(project, "dist/deploy.js"), ...args], {
    cwd: project,
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    env: {
      ...awsVariables(local.endpoint),
      SLIPWAY_CLOCK_SPEED: String(speed),
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(version === undefined ? {} : { CONTAINER_VERSION: `${url}:${version}` }),
    },
  });
}

/** The images that have a pin, by the tags that they were pushed with. */
async function pinned(): Promise<string[]> {
  const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
  return imageDetails
    .flatMap(({ imageTags = [] }) =>
      imageTags.some((tag) => /^slipway-live\.test\.web\.[0-9a-f]{16}$/.test(tag))
        ? imageTags.filter((tag) => !tag.startsWith("slipway-live."))
        : [],
    )
    .toSorted();
}

async function revisions(): Promise<number> {
  const { taskDefinitionArns = [] } = await ecs.send(
    new ListTaskDefinitionsCommand({ familyPrefix: "web", status: "ACTIVE" }),
  );
  return taskDefinitionArns.length;
}

/** A run, and what there was after it. */
interface Step extends Finished {
  readonly pinned: readonly string[];
  readonly revisions: number;
}

const story = new Map<string, Step>();

function step(name: string): Step {
  const found = story.get(name);
  if (found === undefined) throw new Error(`Nothing was told of ${name}.`);
  return found;
}

/** Each run needs what those before it have done. */
async function tell(): Promise<void> {
  const prune = ["revisions", "web", "--keep-revisions", "1"];
  const steps: readonly (readonly [string, ...Parameters<typeof run>])[] = [
    ["refused", ["create", "web"], "1", withoutPins],
    ["forced", ["create", "web", "--force"], "1", withoutPins],
    ["updated", ["update", "web"], "2"],
    ["as ecs-deploy", ["-c", "test", "-n", "web", "-i", `${url}:3`]],
    ["rolled back", ["rollback", "web"], undefined, withoutPins],
    ["pruned by the deployer", prune],
    ["planned by the keeper", [...prune, "--dry-run"], undefined, keeper],
    ["pruned by the keeper", prune, undefined, keeper],
  ];
  for (const [name, ...command] of steps) {
    const { exitCode, stdout, stderr } = await run(...command);
    const seen = { pinned: await pinned(), revisions: await revisions() };
    story.set(name, { ...(exitCode === undefined ? {} : { exitCode }), stdout, stderr, ...seen });
  }
}

describe("in an environment with a registry", () => {
  test("a deployer that may not pin changes nothing, and is told what it lacks", () => {
    expect(step("refused")).toMatchObject({ exitCode: 5, revisions: 0, pinned: [] });
    expect(step("refused").stderr).toMatch(
      /Image test\/web:1 could not be pinned.*ecr:PutImage.*Nothing was changed/s,
    );
  });

  test("by force it goes on, with a warning", () => {
    expect(step("forced")).toMatchObject({ exitCode: 0, pinned: [] });
    expect(step("forced").stderr).toMatch(/Image test\/web:1 could not be pinned/);
  });

  test("a deployment pins what it brings, and what runs without a pin", () => {
    expect(step("updated")).toMatchObject({ exitCode: 0, pinned: ["1", "2"] });
    expect(step("updated").stderr).not.toMatch(/could not be pinned/);
  });

  test("ecs-deploy's form pins as well", () => {
    expect(step("as ecs-deploy")).toMatchObject({ exitCode: 0, pinned: ["1", "2", "3"] });
  });

  test("a rollback is not held up by a pin", () => {
    expect(step("rolled back")).toMatchObject({ exitCode: 0 });
    expect(step("rolled back").stderr).toMatch(/Image test\/web:2 could not be pinned/);
  });

  test("the deployer takes no pin away", () => {
    expect(step("pruned by the deployer")).toMatchObject({ exitCode: 5, pinned: ["1", "2", "3"] });
    expect(step("pruned by the deployer").stderr).toMatch(
      /Pins of web could not be released.*registry-keeper-policy-arn/s,
    );
  });

  test("the keeper releases what no revision names, and no image is deleted", async () => {
    expect(step("planned by the keeper")).toMatchObject({ exitCode: 0, pinned: ["1", "2", "3"] });
    expect(step("planned by the keeper").stdout).toMatch(/1 pin of images would be released\./);
    // 2 runs again, and 3 is the newest revision's.
    expect(step("pruned by the keeper")).toMatchObject({ exitCode: 0, pinned: ["2", "3"] });
    expect(step("pruned by the keeper").stdout).toMatch(/1 pin of images released\./);
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toHaveLength(4);
  });
});
