import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { ECSClient, type CreateServiceRequest } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { execa } from "execa";

import type { StagedListReport } from "../../scripts/terminal/staged-list-text.ts";
import type { TeardownReport } from "../../scripts/terminal/teardown-text.ts";
import type { StageReport } from "../../scripts/core/staged/stage-report.ts";
import { startLocalProcess, type LocalProcess } from "../../scripts/bench/local-process.ts";
import type { Status } from "../../scripts/local/gateway/status.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { deploy, type Finished } from "./deploy-command.ts";
import { fargateDefinition } from "./fargate-definition.ts";
import { startBundle } from "./killed-runs.ts";
import { prepareStage, type StageSurroundings } from "./stage-surroundings.ts";

/** A run's documents, by what they are asked of. */
interface Documents {
  readonly stage: StageReport;
  readonly teardown: TeardownReport;
  readonly deployments: StagedListReport;
}

/** What a finished run left behind, with its document. */
export interface StageRun<Document> extends Finished {
  readonly document: Document;
}

/** What a test's templates say beside the usual. */
export interface TemplateChanges {
  readonly service?: Partial<CreateServiceRequest>;
  readonly definition?: object;
  readonly autoscaling?: object;
}

/** How a run is surrounded. */
export interface RunOptions {
  readonly image?: string;
  /** In place of the local AWS's own. */
  readonly endpoint?: string;
  readonly env?: string;
  readonly templates?: string;
}

/**
 * The local AWS in a process of its own, with what the stacks would make of two environments that share their load
 * balancers, and a project whose services are staged.
 */
export class StageWorld {
  readonly local: LocalProcess;
  /** Of the runs' clocks. */
  readonly speed: number;
  readonly surroundings: StageSurroundings;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly iam: IAMClient;
  readonly route53: Route53Client;
  readonly folder: string;

  private constructor(local: LocalProcess, speed: number, folder: string, surroundings: StageSurroundings) {
    this.local = local;
    this.speed = speed;
    this.folder = folder;
    this.surroundings = surroundings;
    this.ecs = new ECSClient(local.settings);
    this.elb = new ElasticLoadBalancingV2Client(local.settings);
    this.iam = new IAMClient(local.settings);
    this.route53 = new Route53Client(local.settings);
  }

  /**
   * @param runSpeed of the runs' clocks, where it is not the local AWS's
   * @param applications further services whose every deployment is a service of its own
   */
  static async start(
    speed: number,
    { runSpeed = speed, applications = [] }: { runSpeed?: number; applications?: readonly string[] } = {},
  ): Promise<StageWorld> {
    // The launcher bundles what is out of date.
    await deploy(["--version"], { endpoint: "http://127.0.0.1:1" });
    const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-stage-"));
    const local = await startLocalProcess(["--speed", String(speed), "--no-throttle"]);
    const surroundings = await prepareStage(local, applications);
    const root = projectRoot();
    for (const file of ["package.json", "cdktf.json"])
      await cp(path.join(root, file), path.join(folder, file));
    await cp(path.join(root, "dist"), path.join(folder, "dist"), { recursive: true });
    await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    await writeFile(path.join(folder, "environments.jsonc"), JSON.stringify(surroundings.environments));
    return new StageWorld(local, runSpeed, folder, surroundings);
  }

  async stop(): Promise<void> {
    for (const client of [this.ecs, this.elb, this.iam, this.route53]) client.destroy();
    await this.local.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes a service's templates. @returns their folder */
  async templates(
    name: string,
    { service = {}, definition = {}, autoscaling }: TemplateChanges = {},
  ): Promise<string> {
    const folder = await mkdtemp(path.join(this.folder, "templates-"));
    await mkdir(path.join(folder, name));
    const { subnetIds } = this.surroundings;
    const taskDefinition = {
      ...fargateDefinition("ignored", "app", "@@CONTAINER_VERSION@@"),
      ...definition,
    };
    const serviceJson = {
      serviceName: name,
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: subnetIds } },
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
      ...service,
    };
    await writeFile(path.join(folder, name, "task-definition.json"), JSON.stringify(taskDefinition));
    await writeFile(path.join(folder, name, "service.json"), JSON.stringify(serviceJson));
    if (autoscaling !== undefined)
      await writeFile(path.join(folder, name, "autoscaling.json"), JSON.stringify(autoscaling));
    return folder;
  }

  /** Starts the deploy script, without its shell launcher, so that a signal meets the program itself. */
  running(args: readonly string[], { image, endpoint, env, templates }: RunOptions = {}) {
    const all = [
      ...args,
      ...(env === undefined ? [] : ["--env", env]),
      ...(templates === undefined ? [] : ["--templates", templates]),
    ];
    const command = { args: all, speed: this.speed, root: this.folder };
    return startBundle(
      image === undefined ? command : { ...command, image },
      endpoint ?? this.local.endpoint,
    );
  }

  /** Runs a verb to its end and reads its document, which is empty where the run ended with an error. */
  async run<Verb extends keyof Documents>(
    verb: Verb,
    args: readonly string[],
    options: RunOptions = {},
  ): Promise<StageRun<Documents[Verb]>> {
    const { stdout, stderr, exitCode } = await this.running([verb, ...args, "--output", "json"], options);
    const document = (stdout.startsWith("{") ? JSON.parse(stdout) : {}) as Documents[Verb];
    return { stdout, stderr, document, ...(exitCode === undefined ? {} : { exitCode }) };
  }

  /** The deployments of a service, newest first, each as `version state traffic`. */
  async states(name: string, env?: string): Promise<readonly string[]> {
    const { document } = await this.run("deployments", [name], env === undefined ? {} : { env });
    return document.deployments.map(
      ({ version = "?", state, trafficPercent }) => `${version} ${state} ${trafficPercent}`,
    );
  }

  /** What a host answers at a load balancer's port: status and body. */
  async answer(
    host: string,
    port = 80,
    loadBalancer = "test-external",
  ): Promise<{ status: number; text: string }> {
    const { listeners } = (await (await fetch(`${this.local.endpoint}/_slipway/status`)).json()) as Status;
    const found = listeners.find((one) => one.port === port && one.listenerArn.includes(`/${loadBalancer}/`));
    if (found === undefined) throw new Error(`Load balancer ${loadBalancer} serves no port ${port}.`);
    const { stdout } = await execa("curl", [
      "--silent",
      "--insecure",
      "--max-time",
      "10",
      "--write-out",
      "\n%{http_code}",
      "--header",
      `Host: ${host}`,
      found.url,
    ]);
    const end = stdout.lastIndexOf("\n");
    return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
  }
}
