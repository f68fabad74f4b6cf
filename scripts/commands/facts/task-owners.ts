import { taskIdOf } from "../../core/logs/places.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { EcsRunningTasksPort } from "../../core/ports/ecs-running-tasks.ts";
import type { RunContext } from "../run-context.ts";

/** Tells a service's tasks from others whose streams bear the same prefix. */
export interface TaskOwners {
  /** The tasks of these ids that are the service's, and those that nobody can tell of any more. */
  ofService(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * Asks ECS whose a task is, once a task. ECS forgets a task an hour after it stopped: that one is taken for the
 * service's, and said once.
 */
export function taskOwners(
  { cluster, serviceName }: { readonly cluster: string; readonly serviceName: string },
  port: Pick<EcsRunningTasksPort, "describe">,
  emit: RunContext["emit"],
): TaskOwners {
  const known = new Map<string, boolean>();
  let told = false;
  const tell = (message: string): void => {
    if (!told) emit({ type: "note", message });
    told = true;
  };
  return {
    async ofService(ids) {
      const unknown = [...new Set(ids)].filter((id) => !known.has(id));
      if (unknown.length > 0) {
        for (const [id, ours] of await ask(unknown)) known.set(id, ours);
      }
      return new Set(ids.filter((id) => known.get(id) === true));
    },
  };

  async function ask(ids: readonly string[]): Promise<readonly (readonly [string, boolean])[]> {
    try {
      const tasks = await port.describe(cluster, ids);
      const groups = new Map(tasks.map(({ taskArn, group }) => [taskIdOf(taskArn), group]));
      if (ids.some((id) => !groups.has(id))) {
        tell(
          "Some of these tasks stopped more than an hour ago, so ECS no longer tells whose they were; another service with the same log stream prefix would be among them.",
        );
      }
      return ids.map((id) => [id, !groups.has(id) || groups.get(id) === `service:${serviceName}`]);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      tell(`Whose these tasks are could not be read, so every stream is shown (${error.message})`);
      return ids.map((id) => [id, true]);
    }
  }
}
