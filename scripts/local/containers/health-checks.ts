import { Agent, request } from "node:http";
import { connect } from "node:net";

import type { Clock } from "../clock.ts";
import {
  probeOf,
  takeOutcome,
  type CheckRecord,
  type CheckSettings,
  type Probe,
} from "../ecs/container-health.ts";
import type { ContainerRunner, StartContainer } from "./runner.ts";

/** However fast the clock, a check waits this long: this machine's slowness is not the container's. */
const shortestTimeoutMs = 2000;

interface Checked {
  readonly container: StartContainer;
  readonly settings: CheckSettings;
  readonly record: CheckRecord;
  callOff: () => void;
}

/** The health checks of containers that are judged by what the containers really answer. */
export class ContainerHealthChecks {
  readonly #clock: Clock;
  readonly #runner: ContainerRunner;
  readonly #found: (container: StartContainer, healthStatus: CheckRecord["healthStatus"]) => void;
  readonly #agent = new Agent({ keepAlive: false });
  readonly #checked = new Map<string, Checked>();

  /** @param found is told whenever the health of a container has changed */
  constructor(
    clock: Clock,
    runner: ContainerRunner,
    found: (container: StartContainer, healthStatus: CheckRecord["healthStatus"]) => void,
  ) {
    this.#clock = clock;
    this.#runner = runner;
    this.#found = found;
  }

  /** Begins to check a container that has just started, if it has such a check. */
  begin(container: StartContainer): void {
    const { check: settings } = container;
    if (!settings) return;
    const checked: Checked = {
      container,
      settings,
      record: { failures: 0, healthStatus: "UNKNOWN" },
      callOff: () => undefined,
    };
    this.#checked.set(keyOf(container.taskId, container.container), checked);
    this.#schedule(checked, container.startedAt + settings.interval);
  }

  /** Ends the checks of a container. */
  end(taskId: string, container: string): void {
    const key = keyOf(taskId, container);
    this.#checked.get(key)?.callOff();
    this.#checked.delete(key);
  }

  /** Ends all checks. */
  close(): void {
    for (const { callOff } of this.#checked.values()) callOff();
    this.#checked.clear();
    this.#agent.destroy();
  }

  #schedule(checked: Checked, instant: number): void {
    checked.callOff = this.#clock.at(instant, () => {
      this.#clock.track(this.#check(checked));
    });
  }

  async #check(checked: Checked): Promise<void> {
    const { container, settings, record } = checked;
    const passed = await this.#passes(container, settings).catch(() => false);
    if (this.#checked.get(keyOf(container.taskId, container.container)) !== checked) return;
    const before = record.healthStatus;
    const now = this.#clock.now();
    takeOutcome(record, settings, passed, now - container.startedAt);
    if (record.healthStatus !== before) this.#found(container, record.healthStatus);
    this.#schedule(checked, now + settings.interval);
  }

  #passes({ taskId, container }: StartContainer, settings: CheckSettings): Promise<boolean> {
    const timeoutMs = Math.max(shortestTimeoutMs, this.#clock.toReal(settings.timeout));
    const ran = this.#runner.exec(taskId, container, settings.command, timeoutMs);
    if (ran) return ran;
    const probe = probeOf(settings);
    const port = probe && this.#runner.portOf(taskId, container, probe.port);
    if (!probe || port === undefined) return Promise.resolve(false);
    return probe.type === "tcp" ? connects(port, timeoutMs) : this.#answers(port, probe, timeoutMs);
  }

  #answers(port: number, probe: Probe, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = request(
        {
          host: "127.0.0.1",
          port,
          path: probe.path,
          method: probe.method,
          headers: { "user-agent": "Slipway-HealthCheck/1.0", host: `localhost:${probe.port}` },
          timeout: timeoutMs,
          agent: this.#agent,
        },
        (response) => {
          response.resume();
          resolve(!probe.failsOnError || (response.statusCode ?? 500) < 400);
        },
      );
      asked.once("timeout", () => asked.destroy());
      asked.once("error", () => {
        resolve(false);
      });
      asked.once("close", () => {
        resolve(false);
      });
      asked.end();
    });
  }
}

function connects(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: timeoutMs });
    const settle = (passed: boolean) => () => {
      socket.destroy();
      resolve(passed);
    };
    socket.once("connect", settle(true));
    socket.once("timeout", settle(false));
    socket.once("error", settle(false));
  });
}

const keyOf = (taskId: string, container: string): string => `${taskId} ${container}`;
