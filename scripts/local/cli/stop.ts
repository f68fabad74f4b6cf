import { sleep } from "zx";

import { endpointOn, statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import { CommandError, type Output } from "./output.ts";

const endsWithinMs = 15_000;
const pollEveryMs = 50;

/** `./local stop`: ends the local AWS and waits until it is gone. Nothing is wrong when none runs. */
export async function stop({ port }: CommandLine, output: Output): Promise<void> {
  const status = await statusOn(port);
  if (!status) {
    output.progress(`No local AWS runs at ${endpointOn(port)}.`);
    return;
  }
  process.kill(status.pid, "SIGTERM");
  const until = Date.now() + endsWithinMs;
  while (isAlive(status.pid)) {
    await sleep(pollEveryMs);
    if (Date.now() > until) {
      throw new CommandError(`Process ${status.pid} did not end. End it yourself: kill -9 ${status.pid}`);
    }
  }
  output.progress(`Stopped the local AWS at ${status.endpoint}.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
