import { readFile, readlink } from "node:fs/promises";
import os from "node:os";

import type { ProcessIdentity } from "../../core/lock/record.ts";

/** The machine that this process runs on, as far as locks want to know it. */
export interface Machine {
  readonly hostName: string;
  /** This process; only where `/proc` tells, on Linux. */
  readonly identity?: ProcessIdentity;
  /** Whether a process surely lives no more; false for one of another machine, start or container. */
  isDead(process: ProcessIdentity): Promise<boolean>;
}

/** Looks at the machine and this process. */
export async function thisMachine(): Promise<Machine> {
  const hostName = os.hostname();
  const identity = await identify(hostName).catch(() => undefined);
  return {
    hostName,
    ...(identity === undefined ? {} : { identity }),
    async isDead({ host, boot, pidNamespace, pid, started }) {
      const isHere =
        host === identity?.host && boot === identity.boot && pidNamespace === identity.pidNamespace;
      if (!isHere) return false;
      if (!exists(pid)) return true;
      // Somebody else's process may be hidden from us; then it counts as alive.
      const found = await statOf(pid).catch(() => undefined);
      return found !== undefined && (found.started !== started || found.state === "Z");
    },
  };
}

async function identify(host: string): Promise<ProcessIdentity> {
  const [boot, pidNamespace, { started }] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    readlink("/proc/self/ns/pid"),
    statOf(process.pid),
  ]);
  return { host, boot: boot.trim(), pidNamespace, pid: process.pid, started };
}

/** Signal 0 asks only whether there is such a process. */
function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * State and start of a process. What comes before the last `)` is its name, which may hold anything.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
async function statOf(pid: number): Promise<{ readonly state: string; readonly started: string }> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  if (state === undefined || started === undefined) throw new Error(`/proc/${pid}/stat ends early`);
  return { state, started };
}
