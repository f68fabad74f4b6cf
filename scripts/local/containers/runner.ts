import type { Clock } from "../clock.ts";
import type { Exit } from "../ecs/container-life.ts";
import type { Effect, Endpoint } from "../world/effects.ts";
import type { ImagesState } from "../world/state.ts";

/** How containers are run: what images do, and who runs them. */
export interface ContainerOptions {
  readonly images: ImagesState;
  runner(clock: Clock): ContainerRunner;
}

/** What a container is started with. */
export type StartContainer = Extract<Effect, { type: "start-container" }>;

/** Told by a runner of what a container does by itself. */
export interface ContainerListener {
  ended(exit: Exit): void;
  said(line: string): void;
  /** It runs; told by runners for which that takes a while. */
  started(): void;
  /** It could not be started; the reason is in AWS's words. */
  failed(reason: string): void;
}

/** What runs containers: servers that behave as the catalogue says, or Docker. */
export interface ContainerRunner {
  /** The loopback port behind an endpoint of the modelled network; undefined when nothing listens there. */
  localPort(endpoint: Endpoint): number | undefined;
  /** The loopback port behind a container's port; undefined when nothing listens there. */
  portOf(taskId: string, container: string, containerPort: number): number | undefined;
  /**
   * Fetches an image.
   *
   * @throws Error in the words of the registry when it cannot be had
   */
  pull(image: string): Promise<void>;
  /**
   * Starts a container. `secrets` are variables of its environment besides those of the definition.
   *
   * @returns once it can be reached; undefined when that is up to it
   */
  start(
    container: StartContainer,
    secrets: Readonly<Record<string, string>>,
    listener: ContainerListener,
  ): Promise<void> | undefined;
  /**
   * Sends SIGTERM, or SIGKILL and removes it: to one container of a task or to all.
   *
   * @param timeoutSeconds from SIGTERM to SIGKILL; for a real process these are real seconds
   */
  stop(taskId: string, container: string | undefined, kill: boolean, timeoutSeconds?: number): void;
  /** Runs a command in a container; null where commands cannot be run. @returns whether it exited with 0 */
  exec(
    taskId: string,
    container: string,
    command: readonly string[],
    timeoutMs: number,
  ): Promise<boolean> | null;
  /** Ends and removes everything that it started. */
  close(): Promise<void>;
}
