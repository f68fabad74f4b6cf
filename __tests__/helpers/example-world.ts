import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { execa } from "execa";

import { startLocalProcess, type LocalProcess } from "../../scripts/bench/local-process.ts";
import type { Status } from "../../scripts/local/gateway/status.ts";
import { awsVariables } from "./deploy-command.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";
import { askAdmin } from "./local-admin.ts";
import { ask } from "./load-balancer.ts";
import { prepareExample, type Strategy } from "./example-surroundings.ts";

/** The local AWS in a process of its own, with what the example's environment stands on, and a project that deploys it. */
export class ExampleWorld {
  readonly local: LocalProcess;
  readonly project: ExampleProject;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly #speed: number;

  private constructor(local: LocalProcess, project: ExampleProject, speed: number) {
    this.#speed = speed;
    this.local = local;
    this.project = project;
    this.ecs = new ECSClient(local.settings);
    this.elb = new ElasticLoadBalancingV2Client(local.settings);
  }

  /** Starts it with the environment of one strategy, or of several. @param speed how fast AWS's time passes */
  static async start(strategies: readonly Strategy[], speed = 20): Promise<ExampleWorld> {
    const project = await exampleProject();
    const local = await startLocalProcess(["--speed", String(speed), "--no-throttle"]);
    for (const strategy of strategies) await prepareExample(local, strategy);
    return new ExampleWorld(local, project, speed);
  }

  async stop(): Promise<void> {
    for (const client of [this.ecs, this.elb]) client.destroy();
    await this.local.stop();
    await this.project.remove();
  }

  /**
   * Lets AWS's time pass at another speed, as a busy machine takes too much of five seconds at a high one; without one
   * at its own again.
   */
  async passAt(speed = this.#speed): Promise<void> {
    await askAdmin(this.local, "POST", "time", { action: "speed", speed });
  }

  /** The environment of a program that runs in the project: the local AWS, at its speed. */
  variables(image?: string, speed = this.#speed): Record<string, string> {
    return {
      ...awsVariables(this.local.endpoint),
      SLIPWAY_CLOCK_SPEED: String(speed),
      ...(image === undefined ? {} : { CONTAINER_VERSION: image }),
    };
  }

  /** Starts `./deploy` of one strategy's environment with its templates. @param speed of its own clock */
  running(strategy: Strategy, args: readonly string[], image?: string, speed = this.#speed) {
    const templates = `examples/hello/templates/${strategy === "native" ? "ecs" : strategy}`;
    return execa(
      path.join(this.project.folder, "deploy"),
      [...args, "--env", strategy, "--templates", templates],
      {
        cwd: this.project.folder,
        env: this.variables(image, speed),
        extendEnv: false,
        stdin: "ignore",
        reject: false,
        all: true,
      },
    );
  }

  /** Runs it to its end, which has to be good unless another exit code is expected. @returns all that it printed */
  async deploy(
    strategy: Strategy,
    args: readonly string[],
    { image, exitCode = 0 }: { readonly image?: string; readonly exitCode?: number } = {},
  ): Promise<{ readonly stdout: string; readonly all: string }> {
    const ended = await this.running(strategy, args, image);
    if (ended.exitCode === exitCode) return { stdout: ended.stdout, all: ended.all };
    throw new Error(
      `./deploy ${args.join(" ")} ended with ${String(ended.exitCode)}, not ${exitCode}:\n${ended.all}`,
    );
  }

  /** The version that answers on the example's host. */
  async answering(url: string): Promise<string> {
    const { port } = new URL(url);
    const { body } = await ask({ port: Number(port), headers: { host: "hello.example.com" } });
    return body.split("\n")[0] ?? "";
  }

  /** The address here of a listener of the load balancer. */
  async url(port = 80): Promise<string> {
    const { listeners } = (await (await fetch(`${this.local.endpoint}/_slipway/status`)).json()) as Status;
    const found = listeners.find((listener) => listener.port === port);
    if (found === undefined) throw new Error(`No listener has port ${port}.`);
    return found.url;
  }
}
