import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";

import { projectRoot } from "../project-root.ts";
import { Docker } from "./containers/docker.ts";
import { readImages } from "./containers/images-file.ts";
import { ContainerServers } from "./containers/servers.ts";
import { Gateway } from "./gateway/gateway.ts";
import type { Status } from "./gateway/status.ts";
import type { LocalHooks } from "./hooks/invoker.ts";
import { startMoto } from "./moto/server.ts";

/** How to start the local AWS. */
export interface LocalOptions {
  /** Loopback port of the endpoint; 0 takes a free one. @default 4566 */
  readonly port?: number;
  /** How many times faster than the wall clock AWS's durations pass. @default 20 */
  readonly speed?: number;
  /** Say nothing on standard error. @default false */
  readonly quiet?: boolean;
  /** Where logs go, each run in a folder of its own. @default `.local` in the project */
  readonly directory?: string;
  /** Refuse calls that come faster than AWS's documented rates. @default true */
  readonly throttle?: boolean;
  /** Allow calls only as the policies of their callers do. @default false */
  readonly enforceIam?: boolean;
  /** File in which images are given behaviours. @default `slipway.images.jsonc` of the working directory, if there */
  readonly images?: string;
  /** Run the real images with Docker, in place of servers that behave as the catalogue says. @default false */
  readonly docker?: boolean;
  /**
   * What stands in for the Lambda functions that judge deployments, by function name: a function, or the URL of an
   * HTTP endpoint that gets the event and answers as the function would. @default none
   */
  readonly hooks?: LocalHooks;
}

/** A local AWS that runs in this process. */
export interface LocalAws {
  readonly endpoint: string;
  readonly region: string;
  status(): Promise<Status>;
  /** Stops it, its containers, its listeners and moto. */
  stop(): Promise<void>;
}

/** Where the local AWS keeps its logs, and moto's virtual environment where it needs one. */
export function localDirectory(): string {
  return path.join(projectRoot(), ".local");
}

/** What belongs to the local AWS on a port. */
export function portDirectory(directory: string, port: number): string {
  return path.join(directory, String(port));
}

/** The log of the local AWS on a port. */
export function logFile(directory: string, port: number): string {
  return path.join(portDirectory(directory, port), "gateway.log");
}

/** Where Terraform keeps its state of what it has made in the local AWS of that directory. */
export function terraformDirectory(portDirectory: string): string {
  return path.join(portDirectory, "terraform");
}

/** The port of the endpoint unless another is asked for. */
export const defaultPort = 4566;
/** How much faster than AWS time passes unless asked otherwise: a rollout of two minutes takes six seconds. */
export const defaultSpeed = 20;

/**
 * Starts the local AWS in this process: moto, and the gateway before it.
 *
 * @throws SetupError when moto cannot be had or started, or Docker is asked for and not there; ImagesFileError when the
 *   file of images is wrong; the system's error when the port is in use
 */
export async function startLocal(options: LocalOptions = {}): Promise<LocalAws> {
  const { port = defaultPort, speed = defaultSpeed, quiet = false, directory = localDirectory() } = options;
  const entries = await readImages(options.images);
  const own =
    port === 0 ? path.join(directory, `run-${process.pid}-${Date.now()}`) : portDirectory(directory, port);
  await mkdir(own, { recursive: true });
  // It starts empty, so a state of what an earlier one held would only mislead Terraform.
  await rm(terraformDirectory(own), { recursive: true, force: true });
  await mkdir(terraformDirectory(own));
  const file = createWriteStream(path.join(own, "gateway.log"));
  const tell = (line: string): void => {
    if (!quiet) process.stderr.write(line);
  };
  // A full disk is no reason to end.
  file.on("error", (error) => tell(`The log cannot be written: ${error.message}\n`));
  const log = (message: string): void => {
    const line = `${new Date().toISOString()} ${message}\n`;
    if (file.writable) file.write(line);
    tell(line);
  };
  const docker = options.docker === true ? await Docker.connect(log) : null;
  const moto = await startMoto(own, log);
  const gateway = new Gateway({
    speed,
    moto,
    log,
    directory: own,
    throttle: options.throttle ?? true,
    enforceIam: options.enforceIam ?? false,
    hooks: options.hooks ?? {},
    containers: {
      images: { entries, real: docker !== null },
      runner: (clock) => docker?.runner() ?? new ContainerServers(clock),
    },
  });
  try {
    await gateway.listen(port);
  } catch (error) {
    await moto.stop();
    file.end();
    throw error;
  }
  log(`ready at ${gateway.endpoint}, moto ${moto.version} at ${moto.endpoint}, speed ${speed}`);
  return {
    endpoint: gateway.endpoint,
    region: gateway.status().region,
    status: () => Promise.resolve(gateway.status()),
    stop: async () => {
      await gateway.close();
      await docker?.close();
      await moto.stop();
      await new Promise((resolve) => file.end(resolve));
      // A run on a port of its own choosing is nobody's to look at later.
      if (port === 0) await rm(own, { recursive: true, force: true });
    },
  };
}
