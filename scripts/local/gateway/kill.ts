import { containerEnded } from "../ecs/lifecycle.ts";
import type { RegionServices } from "./region-services.ts";

/** A process that SIGKILL ended. */
const killed = { exitCode: 137, reason: null, lastWords: null };

/** From the end of a container until ECS hears of it, in AWS's milliseconds. */
const noticedAfter = 5000;

/**
 * Ends a task's containers as a power failure would: their connections are cut while the load balancer still sends
 * requests there.
 *
 * @param task id or ARN
 * @returns whether such a task runs here
 */
export function killTask({ region }: RegionServices, task: string): boolean {
  const id = task.slice(task.lastIndexOf("/") + 1);
  const found = Object.values(region.state.ecs.tasks).find((candidate) => candidate.id === id);
  const running = found?.containers.filter(({ lastStatus }) => lastStatus === "RUNNING") ?? [];
  if (!found || running.length === 0) return false;
  region.containers.stop(id, undefined, true);
  const { clock } = region;
  clock.at(clock.now() + noticedAfter, () => {
    region.transact((transaction) => {
      for (const { name } of running) containerEnded(transaction, found.arn, name, killed);
    });
  });
  return true;
}
