import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";

import type { Status } from "../../../scripts/local/gateway/status.ts";
import { startLocal } from "../../../scripts/local/start.ts";

/** What the suite runs against. */
export interface Target {
  readonly kind: "local" | "endpoint" | "aws";
  /** Undefined for AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** How many times faster than on AWS time passes there. */
  readonly speed: number;
  /** An endpoint that refuses calls beyond AWS's rates; undefined where there is none. */
  readonly limited?: () => Promise<string>;
  close(): Promise<void>;
}

const localSpeed = 100;

/**
 * The target that `SLIPWAY_CONTRACT_TARGET` names: nothing for a local AWS of the suite's own, an endpoint's URL, or
 * `aws` for the account of the environment's credentials.
 *
 * @throws Error when it names nothing of these, or AWS without credentials
 */
export async function openTarget(name: string | undefined): Promise<Target> {
  if (name === undefined || name === "" || name === "local") return ownLocalAws();
  if (name === "aws") return realAws();
  if (/^https?:\/\//.test(name)) return endpointAt(name.replace(/\/$/, ""));
  throw new Error(
    `SLIPWAY_CONTRACT_TARGET is "${name}". It may be "aws", or the URL of an endpoint such as http://127.0.0.1:4566.`,
  );
}

async function ownLocalAws(): Promise<Target> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "contract-"));
  // Hundreds of cases at once would wait for each other under an account's rate limits.
  const local = await startLocal({ port: 0, speed: localSpeed, quiet: true, directory, throttle: false });
  // Only the cases about rate limits want one, so it starts with the first of them.
  let limited: ReturnType<typeof startLocal> | undefined;
  return {
    kind: "local",
    endpoint: local.endpoint,
    region: local.region,
    speed: localSpeed,
    limited: async () => {
      limited ??= startLocal({ port: 0, speed: localSpeed, quiet: true, directory });
      return (await limited).endpoint;
    },
    close: async () => {
      await local.stop();
      await (await limited)?.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function endpointAt(endpoint: string): Promise<Target> {
  const status = await fetch(`${endpoint}/_slipway/status`).then(
    async (answer) => (answer.ok ? ((await answer.json()) as Partial<Status>) : {}),
    (error: unknown) => {
      throw new Error(`Nothing answers at ${endpoint}. Start it with ./local start.`, { cause: error });
    },
  );
  const { speed = 1, region = "us-east-1", throttle = false } = status;
  const limited = throttle ? { limited: () => Promise.resolve(endpoint) } : {};
  return { kind: "endpoint", endpoint, region, speed, ...limited, close: () => Promise.resolve() };
}

async function realAws(): Promise<Target> {
  const region = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (!region) throw new Error("Set AWS_REGION to the Region that the contract suite may use.");
  const client = new ECSClient({ region });
  await client.config.credentials().catch((error: unknown) => {
    throw new Error(
      "SLIPWAY_CONTRACT_TARGET=aws needs credentials of an account that the suite may make resources in; there are " +
        "none in the environment. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
      { cause: error },
    );
  });
  client.destroy();
  return { kind: "aws", region, speed: 1, close: () => Promise.resolve() };
}
