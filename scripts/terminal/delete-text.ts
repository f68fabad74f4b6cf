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
}

/** What became of the service, and what is left of it. */
export function deleteText(report: DeleteReport, paint: Paint): string {
  const { service, cluster, region, outcome, tasks, leftBehind } = report;
  const left = leftBehind.map((what) => `\n  ${what}`).join("");
  const stays = left === "" ? "" : `\nWhat stays, and may be deleted where nothing else uses it:${left}`;
  const again = `./deploy delete ${service} waits on.`;
  switch (outcome) {
    case "deleted":
      return `${paint.good(`${service}: deleted`)} from cluster ${cluster}, with ${counted(tasks, "task")}.${stays}\n`;
    case "started":
      return `${paint.good(`${service}: being deleted`)} from cluster ${cluster}; not waited for. ${again}${stays}\n`;
    case "planned":
      return `${service}: would be deleted from cluster ${cluster} in ${region}, and ${counted(tasks, "task")} stopped. Nothing was changed.${stays}\n`;
    case "nothingToDo":
      return `${paint.good(`${service}: nothing to do.`)} There is no such service in cluster ${cluster} in ${region}.\n`;
    case "timedOut":
      return `${paint.warning(`${service}: timed out`)} waiting. The deletion goes on. ${again}\n`;
    case "interrupted":
      return `${paint.warning(`${service}: interrupted.`)} The deletion goes on. ${again}\n`;
  }
}
