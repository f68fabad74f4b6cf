import { createInterface } from "node:readline";

import { execa } from "execa";

import type { Endpoint } from "../world/effects.ts";
import { messageOf } from "./docker-error.ts";
import type { ContainerListener, ContainerRunner, StartContainer } from "./runner.ts";

/** The `docker` command of one run of the local AWS. */
export interface DockerCommand {
  /** What every container of the run is labelled with. */
  readonly labels: readonly string[];
  /** Runs `docker` with arguments. @returns its standard output @throws ExecaError when it fails */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>;
}

interface Running {
  /** Docker's id of it; null when it could not be started. */
  readonly id: Promise<string | null>;
  readonly keys: string[];
  /** Loopback ports by container port. */
  readonly ports: Map<number, number>;
}

/** Containers that run their real images. */
export class DockerContainers implements ContainerRunner {
  readonly #docker: DockerCommand;
  readonly #log: (message: string) => void;
  /** By task id, then by container name. */
  readonly #running = new Map<string, Map<string, Running>>();
  readonly #localPorts = new Map<string, number>();
  readonly #removals = new Set<Promise<unknown>>();

  constructor(docker: DockerCommand, log: (message: string) => void) {
    this.#docker = docker;
    this.#log = log;
  }

  localPort({ host, port }: Endpoint): number | undefined {
    return this.#localPorts.get(`${host}:${port}`);
  }

  portOf(taskId: string, container: string, containerPort: number): number | undefined {
    return this.#running.get(taskId)?.get(container)?.ports.get(containerPort);
  }

  /** Fetches an image, unless Docker has it: one that was built on this machine is in no registry. */
  async pull(image: string): Promise<void> {
    try {
      await this.#docker.run(["image", "inspect", "--format", "{{.Id}}", image]);
    } catch {
      await this.#docker.run(["pull", "--quiet", image]).catch((cause: unknown) => {
        throw new Error(messageOf(cause), { cause });
      });
    }
  }

  async start(
    container: StartContainer,
    secrets: Readonly<Record<string, string>>,
    listener: ContainerListener,
  ): Promise<void> {
    const ports = new Map<number, number>();
    const keys: string[] = [];
    const id = this.#create(container, secrets).catch((error: unknown) => {
      listener.failed(`CannotStartContainerError: Error response from daemon: ${messageOf(error)}`);
      return null;
    });
    const ofTask = this.#running.get(container.taskId) ?? new Map<string, Running>();
    this.#running.set(container.taskId, ofTask.set(container.container, { id, keys, ports }));
    const known = await id;
    if (known === null) return;
    await this.#readPorts(known, container, { ports, keys }).catch((error: unknown) => {
      this.#log(`docker port ${known}: ${messageOf(error)}`);
    });
    listener.started();
    this.#watch(known, listener);
  }

  #create(container: StartContainer, secrets: Readonly<Record<string, string>>): Promise<string> {
    // Values go through the environment of the command, where no list of processes shows them.
    const environment = { ...container.environment, ...secrets };
    const [entryPoint, ...rest] = container.entryPoint;
    return this.#docker.run(
      [
        "run",
        "--detach",
        ...this.#docker.labels.flatMap((label) => ["--label", label]),
        ...Object.keys(environment).flatMap((name) => ["--env", name]),
        ...container.ports.flatMap((port) => ["--publish", `127.0.0.1:0:${port}`]),
        ...(container.memoryMiB === null ? [] : ["--memory", `${container.memoryMiB}m`]),
        ...(entryPoint === undefined ? [] : ["--entrypoint", entryPoint]),
        container.image,
        ...rest,
        ...container.command,
      ],
      environment,
    );
  }

  async #readPorts(
    id: string,
    container: StartContainer,
    found: Pick<Running, "ports" | "keys">,
  ): Promise<void> {
    for (const port of container.ports) {
      const text = await this.#docker.run(["port", id, `${port}/tcp`]);
      const local = Number(/:(\d+)\s*$/m.exec(text)?.[1]);
      if (Number.isInteger(local)) found.ports.set(port, local);
    }
    for (const { host, port, containerPort } of container.endpoints) {
      const local = found.ports.get(containerPort ?? port);
      if (local === undefined) continue;
      found.keys.push(`${host}:${port}`);
      this.#localPorts.set(`${host}:${port}`, local);
    }
  }

  /** Follows what a container says and how it ends. */
  #watch(id: string, listener: ContainerListener): void {
    const logs = execa("docker", ["logs", "--follow", id], {
      all: true,
      buffer: false,
      reject: false,
      stdin: "ignore",
    });
    createInterface({ input: logs.all }).on("line", (line) => {
      listener.said(line);
    });
    const waited = this.#docker.run(["wait", id]).then(async (text) => {
      // What it said last has to be told before its end.
      await logs;
      const oom = await this.#docker.run(["inspect", "--format", "{{.State.OOMKilled}}", id]).catch(() => "");
      const reason = oom === "true" ? "OutOfMemoryError: Container killed due to memory usage" : null;
      listener.ended({ exitCode: Number(text), reason, lastWords: null });
    });
    waited.catch((error: unknown) => {
      // Removed by somebody: it is over all the same.
      this.#log(`docker wait ${id}: ${messageOf(error)}`);
      listener.ended({ exitCode: null, reason: null, lastWords: null });
    });
  }

  stop(taskId: string, name: string | undefined, kill: boolean, timeoutSeconds = 30): void {
    const ofTask = this.#running.get(taskId);
    for (const [container, running] of ofTask ?? []) {
      if (name !== undefined && name !== container) continue;
      if (kill) {
        ofTask?.delete(container);
        for (const key of running.keys) this.#localPorts.delete(key);
      }
      // Real processes need real time, however fast the clock.
      const work = this.#end(
        running,
        kill ? ["rm", "--force", "--volumes"] : ["stop", "--time", String(timeoutSeconds)],
      );
      this.#removals.add(work);
      void work.finally(() => this.#removals.delete(work));
    }
    if (ofTask?.size === 0) this.#running.delete(taskId);
  }

  async #end({ id }: Running, command: readonly string[]): Promise<void> {
    const known = await id;
    if (known === null) return;
    await this.#docker.run([...command, known]).catch((error: unknown) => {
      this.#log(`docker ${command.join(" ")} ${known}: ${messageOf(error)}`);
    });
  }

  async exec(
    taskId: string,
    container: string,
    [kind, ...command]: readonly string[],
    timeoutMs: number,
  ): Promise<boolean> {
    const id = await this.#running.get(taskId)?.get(container)?.id;
    if (id == null) return false;
    const line = kind === "CMD-SHELL" ? ["/bin/sh", "-c", command.join(" ")] : command;
    const { exitCode } = await execa("docker", ["exec", id, ...line], {
      timeout: timeoutMs,
      reject: false,
      stdin: "ignore",
    });
    return exitCode === 0;
  }

  /** Removes every container that runs. */
  async close(): Promise<void> {
    for (const taskId of [...this.#running.keys()]) this.stop(taskId, undefined, true);
    await Promise.all(this.#removals);
  }
}
