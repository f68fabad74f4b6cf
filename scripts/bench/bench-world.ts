import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";

import { startLocal, type LocalOptions } from "../local/start.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../rehearsal/without-terraform.ts";

/** A local AWS in this process, with the surroundings that services need, and a folder for templates. */
export interface BenchWorld {
  readonly endpoint: string;
  readonly region: string;
  readonly folder: string;
  readonly environment: QuickEnvironment;
  readonly settings: ClientSettings;
  /** Lets AWS's time pass at once, and then run on as before. */
  skip(seconds: number): Promise<void>;
}

interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Measures something in a world of its own, and takes it all down again. */
export async function withBenchWorld<Result>(
  options: Pick<LocalOptions, "speed" | "throttle">,
  measure: (world: BenchWorld) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-bench-"));
  const local = await startLocal({ port: 0, quiet: true, directory: path.join(folder, "local"), ...options });
  const { endpoint, region } = local;
  try {
    const quick = { name: "test", hosts: 1, instanceType: "t3.small" };
    return await measure({
      endpoint,
      region,
      folder,
      environment: await createQuickEnvironment(local, quick),
      settings: clientSettings(endpoint, region),
      skip: async (seconds) => {
        await askTime(endpoint, { action: "step", seconds });
        await askTime(endpoint, { action: "resume" });
      },
    });
  } finally {
    await local.stop();
    await rm(folder, { recursive: true });
  }
}

function clientSettings(endpoint: string, region: string): ClientSettings {
  return { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
}

async function askTime(endpoint: string, body: object): Promise<void> {
  const response = await fetch(`${endpoint}/_slipway/time`, { method: "POST", body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The local AWS's time: ${await response.text()}`);
}

/** The environment of a child that talks to the local AWS, or to what stands before it. */
export function awsVariables(endpoint: string, region: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/** A client of another Region of the same world. */
export function ecsIn(world: BenchWorld, region = world.region): ECSClient {
  return new ECSClient(clientSettings(world.endpoint, region));
}

/** Writes a service's templates. @returns the folder that holds those of all services */
export async function writeTemplates(
  { folder }: BenchWorld,
  name: string,
  definition: object,
  service: object,
): Promise<string> {
  const templates = path.join(folder, "templates");
  await mkdir(path.join(templates, name), { recursive: true });
  await writeFile(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
  await writeFile(path.join(templates, name, "service.json"), JSON.stringify(service));
  return templates;
}
