import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";

import { startApiProxy, type FaultShares, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, type Finished } from "./deploy-command.ts";
import { EndStates } from "./end-state.ts";
import { startBundle } from "./killed-runs.ts";
import { settingsFor, timelineOf } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";
import { bringUp, writeTemplates, type OwnService } from "./steady-services.ts";

/** A service as a test describes it. */
export type Described = Omit<OwnService, "subnets">;

/** What a run left behind, with the calls that it made. */
export interface RecordedRun extends Finished {
  readonly calls: readonly ProxiedCall[];
  /** The result of `--output json`. */
  readonly report: Report;
}

/** The members of a run's report that tests look at. */
export interface Report {
  readonly exitCode: number;
  readonly services: readonly {
    readonly service: string;
    readonly outcome: string;
    readonly [member: string]: unknown;
  }[];
}

/** A local AWS and templates, for tests of runs whose calls are counted. */
export class DeployWorld {
  readonly local: LocalForTests;
  readonly ecs: ECSClient;
  readonly states: EndStates;
  readonly speed: number;
  readonly #folder: string;
  readonly #subnets: readonly string[];

  private constructor(local: LocalForTests, speed: number, folder: string, subnets: readonly string[]) {
    const settings = settingsFor(local, local.region, 5);
    this.local = local;
    this.speed = speed;
    this.ecs = new ECSClient(settings);
    this.states = new EndStates(settings);
    this.#folder = folder;
    this.#subnets = subnets;
  }

  static async start(speed: number): Promise<DeployWorld> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-world-"));
    const local = await startLocalForTests({ speed, throttle: false });
    const { outputs } = await createQuickEnvironment(local, {
      name: "test",
      hosts: 0,
      instanceType: "t3.small",
    });
    // The launcher bundles what is out of date; runs then start the bundle itself.
    await deploy(["--version"], { endpoint: local.endpoint });
    return new DeployWorld(local, speed, folder, (outputs.get("private-subnet-ids") ?? "").split(","));
  }

  async stop(): Promise<void> {
    await this.local.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Brings services up with one image after another. @returns the folder of their templates */
  async services(described: readonly Described[], images: readonly string[]): Promise<string> {
    const templates = await mkdtemp(path.join(this.#folder, "templates-"));
    await Promise.all(described.map((one) => this.service(templates, one, images)));
    return templates;
  }

  /** Writes a service's templates, and brings it up where there are images. */
  async service(templates: string, described: Described, images: readonly string[] = []): Promise<void> {
    const own = { ...described, subnets: this.#subnets };
    await writeTemplates(templates, own);
    await bringUp(this.ecs, own, images);
  }

  /** Runs the deploy script and records its calls. */
  async run(
    args: readonly string[],
    { image, faults }: { readonly image?: string; readonly faults?: FaultShares } = {},
  ): Promise<RecordedRun> {
    const { endpoint } = this.local;
    const proxy = await startApiProxy({ endpoint, ...(faults === undefined ? {} : { faults }) });
    try {
      // The older command line, which has no verb, knows no --output.
      const json = args[0]?.startsWith("-") === true ? [] : ["--output", "json"];
      const command = { args: [...args, ...json], speed: this.speed };
      const finished = await startBundle(
        image === undefined ? command : { ...command, image },
        proxy.endpoint,
      );
      const { stdout, stderr, exitCode } = finished;
      const report = (stdout.startsWith("{") ? JSON.parse(stdout) : { services: [] }) as Report;
      return { stdout, stderr, report, calls: proxy.calls, ...(exitCode === undefined ? {} : { exitCode }) };
    } finally {
      await proxy.stop();
    }
  }

  /** The moments at which a service's deployments changed, oldest first, with the seconds of AWS's time. */
  async deployments(
    service: string,
  ): Promise<readonly { at: number; rollout: string; definition: string }[]> {
    const entries = await timelineOf(this.local, "type=deployment");
    return entries
      .filter((entry) => entry["service"] === service)
      .map(({ at, rollout, definition }) => ({
        at: Number(at),
        rollout: String(rollout),
        definition: String(definition),
      }));
  }

  /** AWS's time of the calls of an operation about a service, oldest first; fewer than ten services a call. */
  async callsAbout(operation: string, service: string): Promise<readonly number[]> {
    const entries = await timelineOf(this.local, "type=call");
    return entries
      .filter((entry) => entry["operation"] === operation && isAbout(entry["about"], service))
      .map(({ at }) => Number(at));
  }
}

function isAbout(about: unknown, service: string): boolean {
  const { service: one, services = [] } = about as { service?: string; services?: readonly string[] };
  return one === service || services.includes(service);
}

/** How often a run called an operation. */
export function count(calls: readonly ProxiedCall[], name: string): number {
  return calls.filter((call) => call.name === name).length;
}
