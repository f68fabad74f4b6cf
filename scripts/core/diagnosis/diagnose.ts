import type { Diagnosis } from "../diagnosis.ts";
import { cleanLine, cleanLines } from "./clean-text.ts";
import { deploymentCauses } from "./deployment-causes.ts";
import { logKey, type Evidence } from "./evidence.ts";
import { eventFindings } from "./event-findings.ts";
import { counted, factsOf } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { readReason } from "./read-reason.ts";
import { taskFindings } from "./task-findings.ts";

/** Lines of evidence of one cause; the rest is in AWS. */
const mostEvidence = 24;
/** Log lines of one container. */
const mostLogLines = 15;
/** Causes told; what is not among the first of so many is noise. */
const mostCauses = 6;

/**
 * Why a rollout failed: causes with the true one first, those that follow from others after it, what could not be
 * read at the end. Never empty.
 */
export function diagnose(evidence: Evidence): readonly Diagnosis[] {
  const ofTasks = taskFindings(evidence).map((finding) => withLog(finding, evidence));
  const found = [...deploymentCauses(evidence), ...ofTasks, ...ofEvents(evidence, ofTasks)];
  const told = found.slice(0, mostCauses).map((finding) => toldOf(finding));
  const unreadable = unreadables(evidence);
  return told.length > 0 ? [...told, ...unreadable] : [nothingFound(evidence), ...unreadable];
}

/** Events that say nothing but what the tasks say better are left out. */
function ofEvents(evidence: Evidence, ofTasks: readonly Finding[]): readonly Finding[] {
  return eventFindings(evidence).filter(({ kind }) => {
    if (ofTasks.some((finding) => finding.kind === kind)) return false;
    const ofHealth = kind.startsWith("target") || kind === "containerHealthCheck";
    return !ofHealth || ofTasks.length === 0;
  });
}

/** A container's last lines may name the cause better than its exit code does. */
function withLog(finding: Finding, evidence: Evidence): Finding & { readonly log: readonly string[] } {
  const [task] = finding.tasks;
  const log = logLines(finding, evidence);
  const facts = factsOf(evidence, task, finding.container);
  if (finding.kind !== "crashed") return { ...finding, log };
  const format = log.find((line) => /exec format error/i.test(line));
  const platform = format === undefined ? undefined : readReason(format, facts);
  if (platform !== undefined) return { ...finding, ...platform, log };
  const last = lastWords(log);
  if (last !== undefined) {
    return { ...finding, cause: `${finding.cause.replace(/\.$/, "")}; it last said "${last}".`, log };
  }
  const keepsLog = facts.definition?.logConfiguration?.logDriver !== undefined;
  const remedy = keepsLog
    ? finding.remedy
    : `Give it a log first (logConfiguration with awslogs), to see what it says before it ends. ${finding.remedy}`;
  return { ...finding, remedy, log };
}

/** The last line that tells of an error, since the very last one often is the end of a stack trace. */
function lastWords(log: readonly string[]): string | undefined {
  const lines = log.map((line) => line.slice(line.indexOf(" | ") + 3)).filter((line) => line !== "");
  const telling = lines.findLast((line) =>
    /error|exception|fatal|panic|fail|cannot|can't|unable|denied|refused/i.test(line),
  );
  const line = telling ?? lines.at(-1);
  return line === undefined ? undefined : line.length > 160 ? `${line.slice(0, 159)}…` : line;
}

function logLines({ tasks: [task], container }: Finding, evidence: Evidence): readonly string[] {
  const names =
    container === undefined ? (task?.containers ?? []).flatMap(({ name }) => name ?? []) : [container];
  return names.flatMap((name) => {
    const lines = evidence.logs.get(logKey(task?.taskArn ?? "", name)) ?? [];
    return cleanLines(lines.map(({ message }) => message))
      .slice(-mostLogLines)
      .map((line) => `${name} | ${line}`);
  });
}

function toldOf({
  kind,
  cause,
  remedy,
  tasks,
  words,
  log = [],
}: Finding & { readonly log?: readonly string[] }): Diagnosis {
  const clean = [...new Set(words.map(cleanLine))];
  return {
    kind,
    tasks: tasks.length,
    cause: cleanLine(cause),
    remedy: cleanLine(remedy),
    evidence: [...clean, ...log].slice(0, mostEvidence),
  };
}

function unreadables({ unreadable }: Evidence): readonly Diagnosis[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of unreadable) {
    const reason = cleanLine(why);
    byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  }
  return [...byReason].map(([why, things]) => ({
    kind: "unreadable",
    tasks: 0,
    cause: cleanLine(`${[...new Set(things)].join(", ")} could not be read (${why}).`),
    remedy: "Allow it in the policy of whoever deploys; the policy that npx cdktf deploy makes has it.",
    evidence: [],
  }));
}

const patience = "It may only need longer: wait on with a longer --timeout, and see ./deploy status.";

/** Everything was looked at, and nothing stands out: then what is known is said. */
function nothingFound({ tasks, reason, described, deploymentId, targetHealth }: Evidence): Diagnosis {
  const ours = described?.deployments?.find(({ id }) => id === deploymentId);
  const starting = tasks.filter(
    ({ lastStatus, desiredStatus }) =>
      lastStatus !== "RUNNING" && lastStatus !== "STOPPED" && desiredStatus === "RUNNING",
  );
  const running = tasks.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING",
  );
  const draining = [...targetHealth.values()]
    .flat()
    .filter(({ TargetHealth }) => TargetHealth?.State === "draining");
  const known = [
    ...(starting.length > 0 ? [`${counted(starting.length, "task")} still starting`] : []),
    ...(running.length > 0 ? [`${counted(running.length, "task")} running`] : []),
    ...(draining.length > 0 ? [`${counted(draining.length, "old target")} still draining`] : []),
    ...(ours?.failedTasks === undefined || ours.failedTasks === 0
      ? []
      : [`${counted(ours.failedTasks, "task")} failed`]),
  ].join(", ");
  if (known === "" && ours?.rolloutState === "IN_PROGRESS") {
    return {
      kind: "other",
      tasks: 0,
      cause: "ECS has not started a task of the deployment yet, and says nothing of why.",
      remedy: patience,
      evidence: [],
    };
  }
  const words = reason === undefined ? "" : `: ${reason.replace(/[.\s]*$/, "")}`;
  return {
    kind: "other",
    tasks: 0,
    cause: cleanLine(
      known === ""
        ? `ECS gives no reason${words}, and no task of the deployment is known any more (ECS forgets stopped ones after an hour).`
        : `Nothing is known to be wrong with the tasks of the deployment: ${known}${words === "" ? "" : ` (ECS${words})`}.`,
    ),
    remedy:
      known === ""
        ? "See the service's events: ./deploy status."
        : `${patience}${draining.length > 0 ? " Old tasks stop once the deregistration delay of their target group is over." : ""}`,
    evidence: [],
  };
}
