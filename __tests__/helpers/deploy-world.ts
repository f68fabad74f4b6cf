import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";

import type { ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy } from "./deploy-command.ts";
import { EndStates } from "./end-state.ts";
import { settingsFor, timelineOf } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";
import { recordRun, type RecordedRun, type RunSetting } from "./record-run.ts";
import { bringUp, writeTemplates, type OwnService } from "./steady-services.ts";

/** A service as a test describes it. */
export type Described = Omit<OwnService, "subnets">;

export type { RecordedRun, Report } from "./record-run.ts";

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
  run(args: readonly string[], setting: RunSetting = {}): Promise<RecordedRun> {
    // The older command line, which has no verb, knows no --output.
    const json = args[0]?.startsWith("-") === true ? [] : ["--output", "json"];
    return recordRun({ args: [...args, ...json], speed: this.speed }, this.local.endpoint, setting);
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
