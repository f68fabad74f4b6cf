import { IAMClient } from "@aws-sdk/client-iam";

import {
  containerCannotStart,
  containerEnded,
  containerHealthFound,
  containerStarted,
  taskPrepared,
} from "../ecs/lifecycle.ts";
import { TaskLogs } from "../logs/task-logs.ts";
import type { Region } from "../region.ts";
import { ExecutionRole } from "../secrets/execution-role.ts";
import { SecretReader, type ClientSettings } from "../secrets/reader.ts";
import type { Effect } from "../world/effects.ts";
import { ContainerHealthChecks } from "./health-checks.ts";
import { prepareTask, type SecretValues } from "./prepare-task.ts";
import type { ContainerRunner, StartContainer } from "./runner.ts";

type Of<Type extends Effect["type"]> = Extract<Effect, { type: Type }>;

/** Carries out what a region's state wants of containers: prepares, starts, checks and stops them, and keeps their logs. */
export class TaskContainers {
  readonly #region: Region;
  readonly #runner: ContainerRunner;
  readonly #log: (message: string) => void;
  readonly #iam: IAMClient;
  readonly #reader: SecretReader;
  readonly #logs: TaskLogs;
  readonly #checks: ContainerHealthChecks;
  readonly #settings: ClientSettings;
  /** What secrets gave to the containers of each task, by task id; never in the state. */
  readonly #secrets = new Map<string, SecretValues>();
  /** Calls off the regular log line of a container. */
  readonly #chatter = new Map<string, () => void>();
  #closed = false;

  constructor(region: Region, motoEndpoint: string, log: (message: string) => void) {
    this.#region = region;
    this.#runner = region.containers;
    this.#log = log;
    const { region: name, account } = region.state;
    this.#settings = (of) => ({
      region: of,
      endpoint: motoEndpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    this.#iam = new IAMClient(this.#settings(name));
    this.#reader = new SecretReader(this.#settings, { region: name, account });
    this.#logs = new TaskLogs(this.#settings, name, log);
    this.#checks = new ContainerHealthChecks(region.clock, this.#runner, (container, status) => {
      this.#region.transact((transaction) => {
        containerHealthFound(transaction, container.taskArn, container.container, status);
      });
    });
    region.handle("prepare-task", (effect) => this.#prepare(effect));
    region.handle("start-container", (effect) => this.#start(effect));
    region.handle("stop-containers", (effect) => this.#stop(effect));
    region.handle("write-log", ({ taskId, container, message }) => {
      this.#logs.write(taskId, container, message);
      return undefined;
    });
  }

  /** Ends all that runs besides the containers themselves. */
  close(): void {
    this.#closed = true;
    for (const callOff of this.#chatter.values()) callOff();
    this.#checks.close();
    this.#logs.close();
    this.#reader.close();
    this.#iam.destroy();
  }

  async #prepare({ taskArn, needs }: Of<"prepare-task">): Promise<void> {
    const { region, account } = this.#region.state;
    const moto = { endpoint: this.#settings(region).endpoint, region };
    const sources = {
      reader: this.#reader,
      logs: this.#logs,
      runner: this.#runner,
      region,
      account,
      assume: (roleArn: string, taskId: string) => ExecutionRole.assume(this.#iam, moto, { roleArn, taskId }),
    };
    const { outcome, secrets } = await prepareTask(needs, sources).catch((error: unknown) => {
      if (!this.#closed) this.#log(`error preparing task ${needs.taskId}: ${String(error)}`);
      const reason = `ResourceInitializationError: ${String(error)}`;
      return { outcome: { type: "failed" as const, reason }, secrets: new Map<string, never>() };
    });
    if (this.#closed) return;
    if (secrets.size > 0) this.#secrets.set(needs.taskId, secrets);
    this.#region.transact((transaction) => {
      taskPrepared(transaction, taskArn, outcome);
    });
  }

  #start(effect: StartContainer): Promise<void> | undefined {
    const { taskId, taskArn, container, image, behaviour } = effect;
    const say = (line: string): void => {
      this.#logs.write(taskId, container, line);
    };
    if (!this.#region.state.images.real) {
      say(`${image} started`);
      behaviour.logLines.forEach(say);
      this.#chat(effect, say);
      this.#checks.begin(effect);
    }
    return this.#runner.start(effect, this.#secrets.get(taskId)?.get(container) ?? {}, {
      said: say,
      started: () => {
        if (this.#closed) return;
        this.#region.transact((transaction) => {
          containerStarted(transaction, taskArn, container);
        });
        this.#checks.begin({ ...effect, startedAt: this.#region.clock.now() });
      },
      failed: (reason) => {
        if (this.#closed) return;
        this.#region.transact((transaction) => {
          containerCannotStart(transaction, taskArn, container, reason);
        });
      },
      ended: (exit) => {
        if (this.#closed) return;
        this.#region.transact((transaction) => {
          containerEnded(transaction, taskArn, container, exit);
        });
      },
    });
  }

  /** Says a line now and again, where the image's behaviour wants it. */
  #chat(
    { taskId, container, image, behaviour, startedAt }: StartContainer,
    say: (line: string) => void,
  ): void {
    const every = behaviour.logEverySeconds;
    if (every === null || every <= 0) return;
    const { clock } = this.#region;
    const key = `${taskId} ${container}`;
    const next = (instant: number): void => {
      const callOff = clock.at(instant, () => {
        say(`${image} has run for ${Math.round((instant - startedAt) / 1000)} s`);
        next(instant + every * 1000);
      });
      this.#chatter.set(key, callOff);
    };
    next(startedAt + every * 1000);
  }

  #stop({ taskId, container, kill, timeoutSeconds }: Of<"stop-containers">): Promise<void> | undefined {
    if (!kill && container !== undefined) this.#logs.write(taskId, container, "SIGTERM received");
    this.#runner.stop(taskId, container, kill, timeoutSeconds);
    if (!kill) return undefined;
    if (container !== undefined) {
      const key = `${taskId} ${container}`;
      this.#chatter.get(key)?.();
      this.#chatter.delete(key);
      this.#checks.end(taskId, container);
      return undefined;
    }
    this.#secrets.delete(taskId);
    return this.#logs.end(taskId);
  }
}
