import path from "node:path";
import type { Readable } from "node:stream";

import { execa } from "execa";

import { projectRoot } from "../../scripts/project-root.ts";

/** What a finished `./deploy` left behind. */
export interface Finished {
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface DeploySettings {
  readonly endpoint: string;
  readonly image?: string;
  readonly folder?: string;
  /** The local AWS's own speed, so that the run's pauses and time-outs are as short. */
  readonly speed?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The environment of a child that talks to the local AWS and to nothing else. */
export function awsVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    PATH: process.env["PATH"] ?? "",
  };
}

/** Runs the real launcher as a subprocess, as a pipeline does. */
export async function deploy(args: readonly string[], settings: DeploySettings): Promise<Finished> {
  return running(args, settings);
}

/** The same, for tests that signal it while it runs. */
export function running(
  args: readonly string[],
  { endpoint, image, folder, speed = 1, variables }: DeploySettings,
) {
  return execa(path.join(projectRoot(), "deploy"), args, {
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    cwd: folder ?? projectRoot(),
    env: {
      ...awsVariables(endpoint),
      SLIPWAY_CLOCK_SPEED: String(speed),
      ...(image === undefined ? {} : { CONTAINER_VERSION: image }),
      ...variables,
    },
  });
}

/** Waits until a run has said something, or has ended without. */
export function said(stream: Readable, words: string): Promise<void> {
  return new Promise((resolve) => {
    let text = "";
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
    stream.once("end", resolve);
  });
}
