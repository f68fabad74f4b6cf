import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { execa } from "execa";

import { startLocalProcess, type LocalProcess } from "../../scripts/bench/local-process.ts";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import type { Decision } from "../../scripts/local/iam/decisions.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { policyDocument, inManagedPolicies, type Statement } from "../../stacks/constructs/policy.ts";
import { deployerBoundaryStatements } from "../../stacks/deployer-boundary.ts";
import { deployerPolicies } from "../../stacks/deployer-policy.ts";
import { awsVariables, deploy } from "./deploy-command.ts";
import { prepareEveryWay, everyWayEnvironments } from "./every-way-surroundings.ts";
import { askAdmin } from "./local-admin.ts";
import { account, keyOf, type Keys } from "./local-iam.ts";

/** Services of the environment, by the way in which they are deployed. */
const examples = { shop: "stage", pay: "codedeploy", api: "ecs" } as const;

/**
 * A local AWS that enforces IAM, with an environment that has a service of each way to deploy, and a project whose
 * runs have the deployer's own key: the policies and the boundary that the stacks make, and nothing more.
 */
export class EveryWayWorld {
  readonly local: LocalProcess;
  readonly folder: string;
  readonly speed: number;
  readonly deployer: Keys;
  readonly hostedZoneId: string;

  private constructor(
    local: LocalProcess,
    folder: string,
    { speed, deployer, hostedZoneId }: Pick<EveryWayWorld, "speed" | "deployer" | "hostedZoneId">,
  ) {
    this.local = local;
    this.folder = folder;
    this.speed = speed;
    this.deployer = deployer;
    this.hostedZoneId = hostedZoneId;
  }

  static async start(speed: number): Promise<EveryWayWorld> {
    // The launcher bundles what is out of date.
    await deploy(["--version"], { endpoint: "http://127.0.0.1:1" });
    const local = await startLocalProcess(["--speed", String(speed), "--no-throttle", "--enforce-iam"]);
    const { hostedZoneId } = await prepareEveryWay(local);
    const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-every-way-"));
    for (const file of ["package.json", "cdktf.json", "dist"]) {
      await cp(path.join(projectRoot(), file), path.join(folder, file), { recursive: true });
    }
    const environments = JSON.stringify(everyWayEnvironments(hostedZoneId));
    await writeFile(path.join(folder, "environments.jsonc"), environments);
    const deployer = await makeDeployer(local, environments);
    const world = new EveryWayWorld(local, folder, { speed, deployer, hostedZoneId });
    for (const [name, way] of Object.entries(examples)) await world.#copyTemplates(name, way);
    return world;
  }

  async stop(): Promise<void> {
    await this.local.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Says otherwise how CodeDeploy is to deploy. */
  async settle(pay: object): Promise<void> {
    const environments = everyWayEnvironments(this.hostedZoneId, pay);
    // Renamed into place, since other runs read it meanwhile.
    const written = path.join(this.folder, "environments.new");
    await writeFile(written, JSON.stringify(environments));
    await rename(written, path.join(this.folder, "environments.jsonc"));
  }

  /** Writes the templates of a service that is not one of the examples. */
  async template(name: string, definition: object, service: object): Promise<void> {
    await mkdir(path.join(this.folder, "templates", name), { recursive: true });
    await this.file(name, "task-definition", definition);
    await this.file(name, "service", service);
  }

  /** Writes one of the files of a service's templates. */
  async file(name: string, kind: string, content: object): Promise<void> {
    await writeFile(path.join(this.folder, "templates", name, `${kind}.json`), JSON.stringify(content));
  }

  /** Runs `./deploy` with the deployer's key; its clock is as fast as AWS's. */
  run(args: readonly string[], image?: string, variables: Readonly<Record<string, string>> = {}) {
    return execa(process.execPath, [path.join(this.folder, "dist", "deploy.js"), ...args], {
      reject: false,
      extendEnv: false,
      stdin: "ignore",
      cwd: this.folder,
      env: {
        ...awsVariables(this.local.endpoint),
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        SLIPWAY_CLOCK_SPEED: String(this.speed),
        AWS_ACCESS_KEY_ID: this.deployer.accessKeyId,
        AWS_SECRET_ACCESS_KEY: this.deployer.secretAccessKey,
        ...(image !== undefined && { CONTAINER_VERSION: image }),
        ...variables,
      },
    });
  }

  /** What was asked of the deployer, by the program that its run was. */
  async decisions(): Promise<readonly Decision[]> {
    const { permissions } = await askAdmin(this.local, "GET", "permissions");
    // As the admin interface writes it.
    return (permissions as readonly Decision[]).filter(({ caller }) => caller.endsWith("/ecs_deployer"));
  }

  async #copyTemplates(name: string, way: string): Promise<void> {
    const from = path.join(projectRoot(), "examples/hello/templates", way, "hello");
    const to = path.join(this.folder, "templates", name);
    await mkdir(to, { recursive: true });
    for (const file of ["task-definition.json", "service.json"]) {
      const text = await readFile(path.join(from, file), "utf8");
      await writeFile(
        path.join(to, file),
        text
          .replaceAll("hello", name)
          .replaceAll("HELLO", name.toUpperCase())
          // An hour of AWS's time is soon over here.
          .replace('"timeoutInMinutes": 60', '"timeoutInMinutes": 2880'),
      );
    }
  }
}

/** The deployer as the stacks make it: a user below `/ecs/` in a group that carries the policies, within its boundary. */
async function makeDeployer(local: LocalProcess, environments: string): Promise<Keys> {
  const parsed = parseEnvironments(environments);
  const environment = parsed.ok ? parsed.environments.get("test") : undefined;
  if (environment === undefined) throw new Error("The environments of the test are not valid.");
  const here = { partition: "aws", id: account };
  const { general, traffic } = deployerPolicies(environment, here);
  const iam = new IAMClient(local.settings);
  const Path = "/ecs/";
  const policy = async (PolicyName: string, statements: readonly Statement[]) => {
    const PolicyDocument = policyDocument(statements);
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument }));
    return Policy?.Arn ?? "";
  };
  const PermissionsBoundary = await policy("ecs_deployer_boundary", deployerBoundaryStatements(here));
  await iam.send(new CreateUserCommand({ UserName: "ecs_deployer", Path, PermissionsBoundary }));
  await iam.send(new CreateGroupCommand({ GroupName: "ecs_deployers", Path }));
  await iam.send(new AddUserToGroupCommand({ UserName: "ecs_deployer", GroupName: "ecs_deployers" }));
  const parts = [...inManagedPolicies(general), ...inManagedPolicies(traffic)];
  for (const [index, part] of parts.entries()) {
    const PolicyArn = await policy(`ecs_deploy_${index}`, part);
    await iam.send(new AttachGroupPolicyCommand({ GroupName: "ecs_deployers", PolicyArn }));
  }
  iam.destroy();
  return keyOf(local, "ecs_deployer");
}
