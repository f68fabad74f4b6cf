import type { ListedDeployment } from "../core/native/list.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { elapsedText } from "./words.ts";
import { wrapProse } from "./wrap-prose.ts";

/** A service's deployments as text, newest first. */
export function serviceDeploymentsText(
  service: string,
  deployments: readonly ListedDeployment[],
  paint: Paint,
  columns: number,
): string {
  if (deployments.length === 0) return `${service}: ECS remembers no deployment.\n`;
  const lines = deployments.flatMap((one) => {
    const { id, revision, images, strategy, status, stage, reason, waitsForApproval } = one;
    const head = `${paint.strong(revision)}  ${toned(status, paint)}  ${images.join(" ")}`.trimEnd();
    const under = [
      `${strategy}, ${id}, ${timesText(one)}`,
      ...(stage === undefined ? [] : [`stage ${stage}${trafficText(one)}`]),
      ...(waitsForApproval === undefined
        ? []
        : [paint.warning(`waits for approval: ./deploy activate ${service}`)]),
      ...(reason === undefined ? [] : [cleanLine(reason)]),
    ];
    return [head, ...under.map((line) => wrapProse(`  ${line}`, columns))];
  });
  return `${lines.join("\n")}\n`;
}

function timesText({ startedAt, finishedAt }: ListedDeployment): string {
  if (startedAt === undefined) return "not begun yet";
  const began = `from ${shown(startedAt)}`;
  if (finishedAt === undefined) return began;
  return `${began} to ${shown(finishedAt)} (${elapsedText(Date.parse(finishedAt) - Date.parse(startedAt))})`;
}

function shown(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")}Z`;
}

function trafficText({ traffic }: ListedDeployment): string {
  if (traffic === undefined) return "";
  const test = traffic.test === undefined ? "" : `, ${traffic.test} % of test traffic`;
  return `, ${traffic.production ?? 0} % of production traffic${test}`;
}

function toned(status: string, paint: Paint): string {
  if (status === "SUCCESSFUL") return paint.good(status);
  return status === "PENDING" || status === "IN_PROGRESS" ? paint.warning(status) : paint.bad(status);
}
