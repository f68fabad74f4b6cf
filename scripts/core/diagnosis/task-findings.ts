import type { Task } from "@aws-sdk/client-ecs";

import type { Evidence } from "./evidence.ts";
import type { TaskCause } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { readServiceEvent } from "./service-event.ts";
import { causeOfTask } from "./task-cause.ts";
import { ailingTargets, explainTarget, type TargetComplaint } from "./target-check.ts";

/**
 * The deployment's tasks grouped by what each died of, or ails: the group that the others follow from first, then by
 * their number.
 */
export function taskFindings(evidence: Evidence): readonly Finding[] {
  const complaints = complaintsIn(evidence);
  const groups = new Map<string, { cause: TaskCause; tasks: Task[] }>();
  for (const task of evidence.tasks) {
    const cause = causeOf(task, evidence, complaints);
    if (cause === undefined) continue;
    const key = `${cause.kind} ${cause.cause}`;
    const group = groups.get(key) ?? { cause, tasks: [] };
    group.tasks.push(task);
    groups.set(key, group);
  }
  const findings = [...groups.values()].map(
    ({ cause: { kind, cause, remedy, container, words = [] }, tasks }) => {
      const newestFirst = tasks.toSorted((left, right) => endOf(right) - endOf(left));
      return {
        kind,
        cause,
        remedy,
        ...(container === undefined ? {} : { container }),
        tasks: newestFirst,
        words: [...wordsOf(newestFirst), ...words],
      };
    },
  );
  const ended = findings.some(({ kind }) => endings.has(kind));
  return findings.toSorted(
    (left, right) => rank(left, ended) - rank(right, ended) || right.tasks.length - left.tasks.length,
  );
}

/** A container that ends takes its port with it: then the load balancer's complaint follows from that. */
const endings: ReadonlySet<string> = new Set(["crashed", "outOfMemory", "exitedCleanly"]);
const followsFromAnEnding: ReadonlySet<string> = new Set([
  "targetRefuses",
  "targetTimesOut",
  "targetUnhealthy",
]);

function rank({ kind }: Finding, ended: boolean): number {
  if (kind === "stoppedByHand" || kind === "hostLost") return 2;
  return ended && followsFromAnEnding.has(kind) ? 1 : 0;
}

function causeOf(task: Task, evidence: Evidence, complaints: readonly Complaint[]): TaskCause | undefined {
  const cause = causeOfTask(task, evidence);
  if (cause?.kind === "targetUnhealthy") return targetCause(cause, task, evidence, complaints);
  if (cause !== undefined || task.desiredStatus === "STOPPED") return cause;
  const [ailing] = ailingTargets(task, evidence);
  return ailing === undefined
    ? undefined
    : { ...explainTarget(ailing, evidence), words: [`Load balancer: ${ailing.words}`] };
}

interface Complaint extends TargetComplaint {
  readonly taskId?: string;
}

/** What the service's events say of targets of tasks that are gone by now. */
function complaintsIn({ described, since }: Evidence): readonly Complaint[] {
  return (described?.events ?? []).flatMap(({ message = "", createdAt }) => {
    if (createdAt !== undefined && createdAt < since) return [];
    const trouble = readServiceEvent(message);
    return trouble?.type === "unhealthyTarget" ? [trouble] : [];
  });
}

/** The load balancer's own words for a task that it found unhealthy: of that very task, else the most frequent. */
function targetCause(
  cause: TaskCause,
  task: Task,
  evidence: Evidence,
  complaints: readonly Complaint[],
): TaskCause {
  const arn = cause.targetGroupArn;
  const taskId = idOf(task);
  const ofGroup = complaints.filter(({ targetGroupArn }) => arn === undefined || targetGroupArn === arn);
  const own = ofGroup.find((one) => one.taskId === taskId);
  const words = own?.words ?? mostFrequent(ofGroup.map((one) => one.words));
  const targetGroupArn = arn ?? own?.targetGroupArn ?? ofGroup[0]?.targetGroupArn;
  if (targetGroupArn === undefined) return cause;
  const live = (evidence.targetHealth.get(targetGroupArn) ?? []).flatMap(({ TargetHealth }) =>
    TargetHealth?.State === "unhealthy"
      ? [`${TargetHealth.Reason ?? ""}: ${TargetHealth.Description ?? ""}`]
      : [],
  );
  const said = words ?? mostFrequent(live);
  const explained = explainTarget({ targetGroupArn, words: said ?? "" }, evidence);
  return said === undefined ? explained : { ...explained, words: [`Load balancer: ${said}`] };
}

/** The one that comes most often, of equals the first. */
function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0];
}

/** AWS's words about a group's newest task. */
function wordsOf(tasks: readonly Task[]): readonly string[] {
  const [newest] = tasks;
  if (newest === undefined) return [];
  const reason = newest.stoppedReason ?? "";
  const containers = (newest.containers ?? []).flatMap((container) => {
    const { name = "?", exitCode } = container;
    const own = container.reason === reason ? undefined : container.reason;
    const parts = [exitCode === undefined ? undefined : `exit code ${exitCode}`, own].flatMap(
      (part) => part ?? [],
    );
    return parts.length === 0 ? [] : [`${name}: ${parts.join(", ")}`];
  });
  return [...(reason === "" ? [] : [reason]), ...containers];
}

/** The last part of a task's ARN, as events and log streams have it. */
export function idOf({ taskArn = "" }: Task): string {
  return taskArn.slice(taskArn.lastIndexOf("/") + 1);
}

function endOf({ stoppedAt, stoppingAt, createdAt }: Task): number {
  return (stoppedAt ?? stoppingAt ?? createdAt)?.getTime() ?? 0;
}
