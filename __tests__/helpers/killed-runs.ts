import path from "node:path";

import { execa } from "execa";

import { startApiProxy, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { awsVariables, type Finished } from "./deploy-command.ts";

/** One run of the deploy script's bundle, as its own process. */
export interface Command {
  readonly args: readonly string[];
  readonly image?: string;
  /** The local AWS's own. */
  readonly speed: number;
  /** Of a project with a bundle and an environments file of its own. @default this one */
  readonly root?: string;
}

/** A moment of a run: right before a call reaches AWS, or right after AWS has answered it. */
export interface Moment {
  readonly when: "before" | "after";
  /** As in `ecs:UpdateService`. */
  readonly name: string;
  /** Which of the run's calls of that name, from 1. Counted so, since runs differ in how often they look. */
  readonly nth: number;
}

/** What became of a run that was to be killed. */
export interface KilledRun {
  readonly calls: readonly ProxiedCall[];
  /** The call at which it was killed; absent where it had ended before. */
  readonly killedAt?: ProxiedCall;
  readonly finished: Finished;
}

/** A run that goes on, and can be killed. */
type Started = Promise<Finished> & { kill(signal: "SIGKILL"): boolean };

/** Starts the bundle without its shell launcher, so that a signal meets the program itself. */
export function startBundle({ args, image, speed, root = projectRoot() }: Command, endpoint: string) {
  return execa(process.execPath, [path.join(root, "dist", "deploy.js"), ...args], {
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    cwd: root,
    env: {
      ...awsVariables(endpoint),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      SLIPWAY_CLOCK_SPEED: String(speed),
      ...(image === undefined ? {} : { CONTAINER_VERSION: image }),
    },
  });
}

/** Runs the command through a proxy that kills it at the moment, and lets nothing of it through after that. */
export function runAndKill(command: Command, endpoint: string, moment?: Moment): Promise<KilledRun> {
  return startAndKill((proxied) => startBundle(command, proxied), endpoint, moment);
}

/**
 * The same for a run that is started otherwise: against the endpoint that it is given, as one process.
 *
 * @param onAnswer told of each call that AWS has answered, before the run is
 */
export async function startAndKill(
  start: (endpoint: string) => Started,
  endpoint: string,
  moment?: Moment,
  onAnswer: (call: ProxiedCall) => Promise<void> = () => Promise.resolve(),
): Promise<KilledRun> {
  let killedAt: ProxiedCall | undefined;
  let met: ProxiedCall | undefined;
  let seen = 0;
  const kill = async (call: ProxiedCall): Promise<boolean> => {
    killedAt = call;
    child.kill("SIGKILL");
    await child;
    return false;
  };
  const proxy = await startApiProxy({
    endpoint,
    before: async (call) => {
      if (killedAt !== undefined) return false;
      if (call.name === moment?.name) seen += 1;
      if (call.name === moment?.name && seen === moment.nth) met ??= call;
      return moment?.when === "before" && met === call ? kill(call) : true;
    },
    after: async (call) => {
      if (killedAt !== undefined) return false;
      await onAnswer(call);
      return moment?.when === "after" && met === call ? kill(call) : true;
    },
  });
  const child = start(proxy.endpoint);
  try {
    const finished = await child;
    return { calls: proxy.calls, finished, ...(killedAt === undefined ? {} : { killedAt }) };
  } finally {
    await proxy.stop();
  }
}

/** Both moments of each of a run's calls. */
export function everyMoment(calls: readonly ProxiedCall[]): readonly Moment[] {
  const counts = new Map<string, number>();
  return calls.flatMap(({ name }): Moment[] => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return [
      { when: "before", name, nth },
      { when: "after", name, nth },
    ];
  });
}

const read = /:(Describe|Get|List|BatchGet)/;

/**
 * The moments that are tried of a run's.
 *
 * - `few`: two of `writes`, apart from those of the lock
 * - `writes`: right after the first three writes of each name, where a run that is killed has most to find again
 * - `most`: before and after every write; of calls that only read, before the first two of each name: right after one
 *   the run is where it is before its next call, and one look at a rollout is as good as another
 * - `all`: every one
 *
 * @param chosen `few` where SLIPWAY_KILL_CASES does not say otherwise
 */
export function momentsToTry(
  moments: readonly Moment[],
  chosen: string = process.env["SLIPWAY_KILL_CASES"] ?? "few",
): readonly Moment[] {
  switch (chosen) {
    case "all":
      return moments;
    case "most":
      return moments.filter(({ when, name, nth }) => !read.test(name) || (when === "before" && nth <= 2));
    case "few": {
      const writes = momentsToTry(moments, "writes").filter(({ name }) => !name.startsWith("ssm:"));
      return [...new Set([1, 2].map((third) => writes[Math.floor((third * writes.length) / 3)]))].filter(
        (moment) => moment !== undefined,
      );
    }
    case "writes":
      return moments.filter(({ when, name, nth }) => !read.test(name) && when === "after" && nth <= 3);
    default:
      throw new Error(`SLIPWAY_KILL_CASES is ${chosen}; allowed: few, writes, most, all.`);
  }
}

/** What is played only where it is asked for, and then once. */
export function lazily<Played>(play: () => Promise<Played>): () => Promise<Played> {
  let played: Promise<Played> | undefined;
  return () => (played ??= play());
}
