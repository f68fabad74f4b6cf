import stringWidth from "string-width";

import type { ListedDeployment } from "../core/staged/listed.ts";
import { cleanDeep } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { stagedTone } from "./staged-tone.ts";
import { elapsedText } from "./words.ts";

/** What `./deploy deployments` lists of a service whose every deployment is a service of its own. */
export interface StagedListReport {
  readonly command: string;
  readonly environment: string;
  readonly region: string;
  readonly cluster: string;
  readonly application: string;
  /** The host that clients use. */
  readonly host: string;
  /** Newest first. */
  readonly deployments: readonly ListedDeployment[];
}

/** A line a deployment. */
export function stagedListText(report: StagedListReport, paint: Paint): string {
  const { application, environment, host, deployments } = cleanDeep(report);
  if (deployments.length === 0) {
    return `${application} has no deployment in environment ${environment}. ./deploy stage makes one.\n`;
  }
  const rows = [
    ["ID", "VERSION", "STATE", "TRAFFIC", "AGE", "TASKS", "HOST"],
    ...deployments.map((one) => [
      one.id,
      one.version ?? "-",
      one.state,
      `${one.trafficPercent} %`,
      one.ageSeconds === undefined ? "-" : ageText(one.ageSeconds),
      `${one.tasks.running}/${one.tasks.desired}`,
      one.hosts.length === 0 ? "-" : one.hosts.join(" "),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  const lines = rows.map((row, index) => {
    const cells = row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell)));
    const state = deployments[index - 1]?.state;
    if (state === undefined) return paint.faint(cells.join("  ").trimEnd());
    return cells
      .map((cell, column) => (column === 2 ? paint[stagedTone(state)](cell) : cell))
      .join("  ")
      .trimEnd();
  });
  return `${[`${paint.strong(application)} in environment ${environment}, live at ${host}`, ...lines].join("\n")}\n`;
}

/** The largest unit alone: `41s`, `3m`, `5h`, `12d`. */
function ageText(seconds: number): string {
  if (seconds < 60) return elapsedText(seconds * 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
