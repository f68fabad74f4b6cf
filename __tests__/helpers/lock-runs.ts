import { expect } from "@jest/globals";

import { takeLocks, type HeldLocks, type Lockable } from "../../scripts/commands/lock/lock.ts";
import type { RunCommand, RunContext, RunEdge } from "../../scripts/commands/run-context.ts";
import type { Machine } from "../../scripts/commands/lock/this-machine.ts";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { RefusedError } from "../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../scripts/core/events.ts";
import { parseEntry } from "../../scripts/core/lock/record.ts";
import type { LocksPort } from "../../scripts/core/ports/locks.ts";
import type { LockWorld, Mishap } from "./lock-world.ts";

export const folder = "/slipway/test/locks/test/";
export const api: Lockable = { serviceName: "api", cluster: "test", purpose: "update api to app:2" };
export const web: Lockable = { serviceName: "web", cluster: "test", purpose: "update web to app:2" };

export interface Runs {
  readonly options?: readonly string[];
  readonly signal?: AbortSignal;
  readonly mishaps?: readonly Mishap[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly port?: Partial<LocksPort>;
  readonly skewMs?: number;
  /** Name of its machine. */
  readonly host?: string;
}

export interface Run {
  readonly events: DeploymentEventBody[];
  take(services: readonly Lockable[]): Promise<HeldLocks>;
}

/** Each run has a machine of its own unless told otherwise. */
export function machineOf(world: LockWorld, run: string, hostName = run): Machine {
  const identity = {
    host: hostName,
    boot: "b",
    pidNamespace: "pid:[1]",
    pid: Number(run.slice(3)),
    started: "1",
  };
  return {
    hostName,
    identity,
    isDead: ({ host, pid }) => Promise.resolve(host === hostName && world.isDead(`run${pid}`)),
  };
}

/** A run that takes locks in the world. */
export function runIn(world: LockWorld, run: string, settings: Runs = {}): Run {
  const {
    options = [],
    signal = new AbortController().signal,
    mishaps = [],
    variables = {},
    skewMs = 0,
  } = settings;
  const events: DeploymentEventBody[] = [];
  let mishap = 0;
  const port = { ...world.port(run, () => mishaps[mishap++] ?? "none"), ...settings.port };
  const clock = world.clock(run, skewMs);
  const command = parseCommandLine(["update", "api", ...options]);
  // Only what taking locks looks at.
  const context = {
    environment: { name: "test" },
    region: "us-east-1",
    known: { deploymentId: run },
    connect: () => port,
    emit: (event: DeploymentEventBody) => events.push(event),
  } as unknown as RunContext;
  const edge = { clock, wallClock: clock, variables, signal } as unknown as RunEdge;
  return {
    events,
    take: (services) =>
      world.until(
        takeLocks(services, command as RunCommand, context, edge, () =>
          Promise.resolve(machineOf(world, run, settings.host)),
        ),
      ),
  };
}

export function entryOf(world: LockWorld, service: string) {
  return parseEntry(world.parameters.newest(`${folder}${service}`)?.value ?? "");
}

export async function refusal(work: Promise<unknown>): Promise<RefusedError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RefusedError);
  return error as RefusedError;
}
