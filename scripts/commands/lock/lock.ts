import prettyMilliseconds from "pretty-ms";

import { InterruptedError, isDenied, RefusedError } from "../../core/errors.ts";
import { lockName } from "../../core/lock/name.ts";
import { boundedText } from "../../core/lock/record.ts";
import { pollEveryMs } from "../../core/lock/timing.ts";
import { deniedText, refusalText, waitedText } from "../../core/lock/words.ts";
import { ownerOf, pipelineOf } from "../../core/pipeline.ts";
import { takeAll, type HeldLocks, type Lockable, type Wanted } from "./lock-all.ts";
import type { LockEdge } from "./abandoned.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { thisMachine, type Machine } from "./this-machine.ts";

export type { LockRecord } from "../../core/lock/record.ts";
export type { HeldLocks, Lockable } from "./lock-all.ts";

/**
 * Takes the locks of all services of a run, or none: with a lock held by another run it refuses, or waits with
 * `--wait-for-lock` as long as `--timeout` allows, holding none meanwhile. Locks of runs that give no sign of life are
 * taken over, and the autoscaling that those left suspended is resumed.
 *
 * @throws RefusedError naming the holders, or the permission that is missing; InterruptedError on Ctrl-C; AwsCallError
 */
export async function takeLocks(
  services: readonly Lockable[],
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
  lookAtMachine: () => Promise<Machine> = thisMachine,
): Promise<HeldLocks> {
  if (services.length === 0) return noLocks;
  const [{ locksPort }, machine] = await Promise.all([import("../../aws/locks.ts"), lookAtMachine()]);
  const lockEdge: LockEdge = {
    locks: context.connect(locksPort),
    machine,
    wallClock: edge.wallClock,
    firstSeen: new Map(),
  };
  const wanted = wantedLocks(services, command, context, edge, machine);
  try {
    return await waitFor(wanted, command, context, edge, lockEdge);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const message = deniedText(wanted[0]?.name ?? "", error.message);
    if (!command.options.force) throw new RefusedError(message, { cause: error });
    context.emit({ type: "warning", message: `Going on without a lock, by --force. ${error.message}` });
    return noLocks;
  }
}

const noLocks: HeldLocks = {
  takenOver: new Map(),
  note: () => Promise.resolve(),
  lost: new AbortController().signal,
  release: () => Promise.resolve(),
};

/** In the order of their names, the same for every run: so two runs that want several never hold one each. */
function wantedLocks(
  services: readonly Lockable[],
  { verb }: RunCommand,
  { environment, known }: RunContext,
  { variables }: RunEdge,
  { hostName, identity }: Machine,
): readonly Wanted[] {
  const pipeline = pipelineOf(variables);
  const named = services
    .map((service) => ({
      ...service,
      name: lockName(environment.name, service.cluster, service.serviceName),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return named.map((service) => ({
    ...service,
    record: {
      run: known.deploymentId,
      owner: boundedText(ownerOf(pipeline, hostName), mostInOwner),
      purpose: boundedText(service.purpose),
      verb,
      heartbeat: named[0]?.name ?? service.name,
      ...(pipeline.runUrl === undefined ? {} : { runUrl: boundedText(pipeline.runUrl, mostInUrl) }),
      ...(identity === undefined ? {} : { process: identity }),
    },
  }));
}

const mostInOwner = 200;
const mostInUrl = 500;

async function waitFor(
  wanted: readonly Wanted[],
  { options }: RunCommand,
  context: RunContext,
  { clock, signal }: RunEdge,
  edge: LockEdge,
): Promise<HeldLocks> {
  const until = clock.now() + options.timeoutMs;
  const told = new Set<string>();
  const leaveOnInterrupt = (): void => {
    if (signal.aborted) throw new InterruptedError("Interrupted before anything was changed.");
  };
  for (;;) {
    const held = await takeAll(wanted, context, signal, edge);
    if ("release" in held) return held;
    leaveOnInterrupt();
    if (!options.waitForLock) throw new RefusedError(refusalText(held));
    const leftMs = until - clock.now();
    if (leftMs <= 0) throw new RefusedError(waitedText(held, prettyMilliseconds(options.timeoutMs)));
    for (const { service, holder } of held) {
      const { run, owner, purpose, since } = holder;
      if (told.has(`${service} ${run}`)) continue;
      told.add(`${service} ${run}`);
      context.emit({ type: "waitingForLock", service, holder: { run, owner, purpose, since } });
    }
    await clock.sleep(Math.min(pollEveryMs, leftMs), signal);
    leaveOnInterrupt();
  }
}
