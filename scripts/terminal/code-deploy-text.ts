import type { ListedCodeDeployment } from "../core/code-deploy/list.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { wrapProse } from "./wrap-prose.ts";

/** What `./deploy deployments` lists of a service that CodeDeploy deploys. */
export interface CodeDeployReport {
  readonly command: string;
  readonly service: string;
  readonly cluster: string;
  readonly region: string;
  readonly application: string;
  readonly group: string;
  /** Newest first. */
  readonly deployments: readonly ListedCodeDeployment[];
}

/** A line a deployment, and one more for what it failed of. */
export function codeDeployText(report: CodeDeployReport, paint: Paint, columns: number): string {
  const { service, cluster, application, group, deployments } = report;
  if (deployments.length === 0) {
    return `CodeDeploy has deployed nothing on service ${service} in cluster ${cluster} yet (application ${application}, group ${group}).\n`;
  }
  const width = (of: (one: ListedCodeDeployment) => string): number =>
    Math.max(...deployments.map((one) => of(one).length));
  const ids = width(({ id }) => id);
  const revisions = width(revisionText);
  const statuses = width(({ status }) => status);
  const lines = deployments.flatMap((one) => [
    [
      paint.strong(one.id.padEnd(ids)),
      revisionText(one).padEnd(revisions),
      tone(one, paint)(one.status.padEnd(statuses)),
      time(one.createdAt),
      one.trafficPercent > 0 ? paint.good(`${one.trafficPercent} % of the traffic`) : "no traffic",
      ...(one.rollsBack === undefined ? [] : [`rolls ${one.rollsBack} back`]),
    ].join("  "),
    ...(one.reason === undefined ? [] : [`  ${paint.faint(cleanLine(one.reason))}`]),
  ]);
  return `${lines.map((line) => wrapProse(line.trimEnd(), columns)).join("\n")}\n`;
}

function revisionText({ revision }: ListedCodeDeployment): string {
  return revision ?? "an unknown revision";
}

function tone({ status }: ListedCodeDeployment, paint: Paint): (text: string) => string {
  if (status === "Succeeded") return paint.good;
  return status === "Failed" || status === "Stopped" ? paint.bad : paint.warning;
}

function time(at: string | undefined): string {
  return at === undefined ? "at an unknown time" : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`;
}
