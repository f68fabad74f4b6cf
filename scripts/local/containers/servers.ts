import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Effect, Endpoint } from "../world/effects.ts";
import { imageBehaviour } from "./catalogue.ts";

type StartContainer = Extract<Effect, { type: "start-container" }>;

/**
 * The containers that run: each with a port is a real HTTP server on a loopback port of this process. A table maps
 * where a container is in the modelled network to where it really listens.
 */
export class ContainerServers {
  readonly #servers = new Map<string, Server[]>();
  readonly #localPorts = new Map<string, number>();

  /** The loopback port behind an endpoint of the modelled network; undefined when nothing listens there. */
  localPort({ host, port }: Endpoint): number | undefined {
    return this.#localPorts.get(`${host}:${port}`);
  }

  /** Starts the server of a container that has ports. @returns once it listens */
  start(container: StartContainer): Promise<void> | undefined {
    if (container.endpoints.length === 0) return undefined;
    const server = containerServer(container);
    this.#servers.set(container.taskId, [...(this.#servers.get(container.taskId) ?? []), server]);
    const listening = new Promise<void>((resolve) => server.once("listening", resolve));
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
    });
    return listening;
  }

  /** Stops a task's servers: requests in flight finish first, unless it is killed. */
  stop(taskId: string, kill: boolean): void {
    for (const server of this.#servers.get(taskId) ?? []) {
      server.close();
      if (kill) server.closeAllConnections();
    }
    if (kill) this.#servers.delete(taskId);
  }

  /** Kills every container. */
  stopAll(): void {
    for (const taskId of [...this.#servers.keys()]) this.stop(taskId, true);
  }
}

function containerServer(container: StartContainer): Server {
  const { statusCode } = imageBehaviour(container.image);
  const about = {
    image: container.image,
    taskId: container.taskId,
    container: container.container,
    family: container.family,
    revision: container.revision,
  };
  const headers = { "x-image": container.image, "x-task-id": container.taskId };
  return createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith("/_container") === true) {
      response.writeHead(200, { ...headers, "content-type": "application/json" });
      response.end(`${JSON.stringify(about)}\n`);
      return;
    }
    response.writeHead(statusCode, { ...headers, "content-type": "text/plain; charset=utf-8" });
    response.end(
      `${container.image}\nanswered by ${container.container} of task ${container.taskId} (${container.family}:${container.revision})\n`,
    );
  });
}
