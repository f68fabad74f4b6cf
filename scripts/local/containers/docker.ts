/**
 * The `docker` command, and what of it belongs to one run of the local AWS.
 */
import { randomUUID } from "node:crypto";

import { execa, ExecaError } from "execa";

import { SetupError } from "../moto/python.ts";
import { DockerContainers, type DockerCommand } from "./docker-containers.ts";
import { messageOf } from "./docker-error.ts";

/** On every container that a local AWS starts: which run it belongs to, and the process of that run. */
const runLabel = "slipway.local.run";
const processLabel = "slipway.local.process";

/** Docker as one run of the local AWS uses it. */
export class Docker implements DockerCommand {
  readonly labels: readonly string[];
  readonly #run = randomUUID();
  readonly #log: (message: string) => void;

  private constructor(log: (message: string) => void) {
    this.#log = log;
    this.labels = [`${runLabel}=${this.#run}`, `${processLabel}=${process.pid}`];
  }

  /**
   * Makes sure that Docker is there, and removes what a run that died has left behind.
   *
   * @throws SetupError when there is no `docker` command or its daemon does not answer
   */
  static async connect(log: (message: string) => void): Promise<Docker> {
    const docker = new Docker(log);
    try {
      const version = await docker.run(["version", "--format", "{{.Server.Version}}"]);
      log(`docker ${version}`);
    } catch (cause) {
      if (cause instanceof ExecaError && cause.code === "ENOENT") {
        throw new SetupError(
          "There is no docker command on the PATH, which --docker needs. Install Docker, or start without --docker: images then behave as the catalogue says.",
          { cause },
        );
      }
      throw new SetupError(
        `Docker does not answer: ${messageOf(cause)} Start its daemon, or start without --docker.`,
        { cause },
      );
    }
    await docker.#removeLeftovers();
    return docker;
  }

  /** Runs `docker` with arguments. @returns its standard output @throws ExecaError when it fails */
  async run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await execa("docker", args, { env: environment, stdin: "ignore" });
    return stdout.trim();
  }

  /** Runs containers, as a region does. */
  runner(): DockerContainers {
    return new DockerContainers(this, this.#log);
  }

  /** Removes every container of this run. */
  async close(): Promise<void> {
    await this.#remove(await this.#containers(`${runLabel}=${this.#run}`)).catch((error: unknown) => {
      this.#log(`error docker: ${messageOf(error)}`);
    });
  }

  async #removeLeftovers(): Promise<void> {
    const all = await this.#containers(runLabel);
    const left = all.filter(({ pid }) => !isAlive(pid));
    if (left.length > 0) this.#log(`removing ${left.length} containers of runs that are over`);
    await this.#remove(left);
  }

  async #containers(label: string): Promise<{ id: string; pid: number }[]> {
    const format = `{{.ID}} {{.Label "${processLabel}"}}`;
    const text = await this.run(["ps", "--all", "--filter", `label=${label}`, "--format", format]);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [id = "", pid = ""] = line.split(" ");
        return { id, pid: Number(pid) };
      });
  }

  async #remove(containers: readonly { id: string }[]): Promise<void> {
    if (containers.length === 0) return;
    await this.run(["rm", "--force", "--volumes", ...containers.map(({ id }) => id)]);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is there, but not ours to signal.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
