import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Clock } from "../clock.ts";
import type { Endpoint } from "../world/effects.ts";
import { answerer } from "./answers.ts";
import type { ContainerOptions, ContainerRunner, StartContainer } from "./runner.ts";

/** Containers as the catalogue has them, without a file of images. */
export const catalogueContainers: ContainerOptions = {
  images: { entries: [], real: false },
  runner: (clock) => new ContainerServers(clock),
};

/** Longer than any load balancer keeps an idle connection, so that none is closed under a request. */
const keepAliveTimeout = 300_000;

interface Running {
  readonly container: StartContainer;
  readonly server: Server;
  /** Calls off a start that is still to come. */
  callOff: () => void;
  stopping: boolean;
}

/**
 * The containers of the catalogue: each with a port is a real HTTP server on a loopback port of this process. A table
 * maps where a container is in the modelled network to where it really listens.
 */
export class ContainerServers implements ContainerRunner {
  readonly #clock: Clock;
  /** By task id, then by container name. */
  readonly #running = new Map<string, Map<string, Running>>();
  readonly #localPorts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The loopback port behind an endpoint of the modelled network; undefined when nothing listens there. */
  localPort({ host, port }: Endpoint): number | undefined {
    return this.#localPorts.get(`${host}:${port}`);
  }

  /** The loopback port of a container's server, by its container port; undefined when it does not listen there. */
  portOf(taskId: string, container: string, containerPort: number): number | undefined {
    const running = this.#running.get(taskId)?.get(container);
    if (!running?.server.listening || !running.container.ports.includes(containerPort)) return undefined;
    return (running.server.address() as AddressInfo).port;
  }

  /**
   * Starts the server of a container that has ports.
   *
   * @param secrets nobody is to see their values
   * @returns once it listens; undefined for one that listens later, or never
   */
  start(
    container: StartContainer,
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<void> | undefined {
    if (container.ports.length === 0) return undefined;
    this.stop(container.taskId, container.container, true);
    const running: Running = {
      container,
      server: createServer({ keepAliveTimeout }),
      callOff: () => undefined,
      stopping: false,
    };
    const answer = answerer(container, this.#clock, Object.keys(secrets));
    running.server.on("request", (request, response) => {
      if (running.stopping) response.shouldKeepAlive = false;
      answer(request, response);
    });
    const ofTask = this.#running.get(container.taskId) ?? new Map<string, Running>();
    this.#running.set(container.taskId, ofTask.set(container.container, running));
    const wait = container.behaviour.listensAfterSeconds * 1000;
    if (wait === 0) return this.#listen(running);
    running.callOff = this.#clock.at(container.startedAt + wait, () => {
      this.#clock.track(this.#listen(running));
    });
    return undefined;
  }

  /**
   * Stops a container, or all of a task: requests in flight finish first, unless it is killed. One that ignores
   * SIGTERM goes on.
   */
  stop(taskId: string, name: string | undefined, kill: boolean): void {
    const ofTask = this.#running.get(taskId);
    for (const [container, running] of ofTask ?? []) {
      if (name !== undefined && name !== container) continue;
      if (!kill && running.container.behaviour.stopsWithinSeconds === null) continue;
      running.stopping = true;
      running.callOff();
      running.server.close();
      if (!kill) continue;
      running.server.closeAllConnections();
      ofTask?.delete(container);
    }
    if (ofTask?.size === 0) this.#running.delete(taskId);
  }

  /** There is no registry: every image is there. */
  pull(): Promise<void> {
    return Promise.resolve();
  }

  /** There is nothing that could run a command. */
  exec(): null {
    return null;
  }

  /** Kills every container. */
  close(): Promise<void> {
    for (const taskId of [...this.#running.keys()]) this.stop(taskId, undefined, true);
    return Promise.resolve();
  }

  #listen({ server, container }: Running): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      // One that is stopped in the moment of its start never listens.
      server.once("close", resolve);
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        for (const endpoint of container.endpoints) {
          this.#localPorts.set(`${endpoint.host}:${endpoint.port}`, port);
        }
        server.once("close", () => {
          for (const endpoint of container.endpoints) {
            const key = `${endpoint.host}:${endpoint.port}`;
            if (this.#localPorts.get(key) === port) this.#localPorts.delete(key);
          }
        });
        resolve();
      });
    });
  }
}
