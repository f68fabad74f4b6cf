import type { Paint } from "./paint.ts";
import { counted } from "./words.ts";

/** How `./deploy delete` ended. */
export interface DeleteReport {
  readonly command: string;
  readonly service: string;
  readonly cluster: string;
  readonly region: string;
  readonly outcome: "deleted" | "started" | "planned" | "nothingToDo" | "timedOut" | "interrupted";
  /** That ran before. */
  readonly tasks: number;
  /** What the account still has of the service. */
  readonly leftBehind: readonly string[];
  /** What scaled it, as in `2 to 10 tasks`; it goes with the service. */
  readonly autoscaled?: string;
}

/** What became of the service, and what is left of it. */
export function deleteText(report: DeleteReport, paint: Paint): string {
  const { service, cluster, region, outcome, tasks, leftBehind, autoscaled } = report;
  const left = leftBehind.map((what) => `\n  ${what}`).join("");
  const stays = left === "" ? "" : `\nWhat stays, and may be deleted where nothing else uses it:${left}`;
  const scaling = autoscaled === undefined ? "" : ` and its autoscaling (${autoscaled})`;
  const again = `./deploy delete ${service} waits on.`;
  switch (outcome) {
    case "deleted":
      return `${paint.good(`${service}: deleted`)} from cluster ${cluster}, with ${counted(tasks, "task")}${scaling}.${stays}\n`;
    case "started":
      return `${paint.good(`${service}: being deleted`)} from cluster ${cluster}; not waited for. ${again}${stays}\n`;
    case "planned":
      return `${service}: would be deleted from cluster ${cluster} in ${region}, and ${counted(tasks, "task")} stopped${autoscaled === undefined ? "" : `, and its autoscaling (${autoscaled}) taken away`}. Nothing was changed.${stays}\n`;
    case "nothingToDo":
      return `${paint.good(`${service}: nothing to do.`)} There is no such service in cluster ${cluster} in ${region}.${autoscaled === undefined ? "" : ` What was left of its autoscaling (${autoscaled}) was taken away.`}\n`;
    case "timedOut":
      return `${paint.warning(`${service}: timed out`)} waiting. The deletion goes on. ${again}\n`;
    case "interrupted":
      return `${paint.warning(`${service}: interrupted.`)} The deletion goes on. ${again}\n`;
  }
}
