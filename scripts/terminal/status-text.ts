import wrapAnsi from "wrap-ansi";

import type { ServiceStatus, TargetGroupStatus, TaskStatus } from "../core/status/model.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { deploymentLines } from "./status-deployment-text.ts";
import { stagedTone } from "./staged-tone.ts";
import { moment, time } from "./status-times.ts";
import { counted } from "./words.ts";
import { wrapProse } from "./wrap-prose.ts";

export interface StatusTextSettings {
  readonly region: string;
  /** Milliseconds since 1970, by AWS's time. */
  readonly now: number;
  readonly paint: Paint;
  readonly columns: number;
}

/** More than that nobody reads; `--output json` has them all. */
const mostTasks = 20;
const mostTargets = 10;
const shownOfTask = 8;
const labelWidth = 11;
const besideFrom = 50;

/** One service as text: what runs first, what is wrong with it next, what happened last. */
export function statusText(status: ServiceStatus, settings: StatusTextSettings): string {
  const { paint, columns } = settings;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["application", stagedLines(status, paint)],
    ["runs", revisionLines(status, settings)],
    ["deployed", trailLines(status)],
    ["deployment", deploymentLines(status, settings)],
    ["next", status.next.map(({ purpose, command }) => `${purpose}: ${command}`)],
    ["tasks", taskLines(status, settings)],
    ["stopped", stoppedLines(status, settings)],
    ["targets", status.targetGroups.flatMap((group) => targetLines(group, paint))],
    ["autoscaling", scalingLines(status, paint)],
    ["lock", lockLines(status, paint)],
    ["events", status.events.map(({ at, message }) => `${time(at)} ${cleanLine(message)}`)],
    ["unread", status.unread.map((what) => paint.warning(cleanLine(what)))],
  ];
  const tone = status.status === "ACTIVE" ? paint.good : paint.warning;
  const head = `${paint.strong(status.service)}  ${tone(status.status)}  cluster ${status.cluster}, ${settings.region}`;
  const body = sections.flatMap(([label, lines]) => section(label, lines, settings));
  return `${[wrapProse(head, columns), ...body].join("\n")}\n`;
}

/** Labels stand beside the text where there is room for both, else above it. */
function section(
  label: string,
  lines: readonly string[],
  { paint, columns }: StatusTextSettings,
): readonly string[] {
  if (lines.length === 0) return [];
  const beside = columns >= besideFrom;
  const indent = " ".repeat(beside ? labelWidth + 3 : 4);
  const wrapped = lines.flatMap((line) => hanging(line.trimEnd(), Math.max(10, columns - indent.length)));
  if (!beside) return [`  ${paint.faint(label)}`, ...wrapped.map((line) => `${indent}${line}`)];
  return wrapped.map((line, index) =>
    index === 0 ? `  ${paint.faint(label.padEnd(labelWidth))} ${line}` : `${indent}${line}`,
  );
}

/** A line as wide as there is room, what goes on set in by two. */
function hanging(line: string, room: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return wrapAnsi(line.slice(indent.length), room - indent.length - 2, { hard: true })
    .split("\n")
    .map((part, index) => `${indent}${index === 0 ? "" : "  "}${part}`);
}

function stagedLines({ staged }: ServiceStatus, paint: Paint): readonly string[] {
  if (staged === undefined) return [];
  const { application, deploymentId, state, version, trafficPercent, hosts } = staged;
  const what = `${application}: deployment ${deploymentId}${version === undefined ? "" : ` (version ${cleanLine(version)})`}, ${paint[stagedTone(state)](state)}`;
  const traffic = trafficPercent === 0 ? "" : `, with ${trafficPercent} % of the live traffic`;
  return [`${what}${traffic}${hosts.length === 0 ? "" : `, at ${hosts.join(" and ")}`}`];
}

function revisionLines(
  { revisions, since }: ServiceStatus,
  { now, paint }: StatusTextSettings,
): readonly string[] {
  return revisions.map(({ revision, containers, trail }, index) => {
    const images = containers.map(({ container, image }) => {
      return containers.length === 1 ? image : `${container}=${image}`;
    });
    const version = trail["version"];
    const shown =
      version === undefined || images.some((image) => image.includes(version)) ? "" : `, ${version}`;
    const when = index === 0 && since !== undefined ? `, since ${moment(since, now)}` : "";
    return `${paint.strong(revision)}  ${images.join(" ")}${shown}${when}`;
  });
}

function trailLines({ trail, revisions }: ServiceStatus): readonly string[] {
  const {
    "deployed-by": by,
    "deployed-at": at,
    commit,
    "run-url": url,
  } = { ...revisions[0]?.trail, ...trail };
  const parts = [
    ...known(by),
    ...known(at).map((when) => `at ${time(when)}`),
    ...known(commit).map((id) => `commit ${id}`),
  ];
  return [...(parts.length === 0 ? [] : [parts.join(", ")]), ...known(url)].map(cleanLine);
}

/** After a rollback to a revision without a trail, the service's says that nothing is known. */
function known(value: string | undefined): readonly string[] {
  return value === undefined || value === "unknown" ? [] : [value];
}

function taskLines(status: ServiceStatus, { paint, now }: StatusTextSettings): readonly string[] {
  const { desired, running, pending, tasks } = status;
  const capacity = status.capacity.length === 0 ? "" : ` on ${status.capacity.join(", ")}`;
  const counts = `${desired} desired, ${running} running, ${pending} pending${capacity}`;
  const ranked = [...tasks].sort((left, right) => wellness(left) - wellness(right));
  const widths = {
    status: Math.max(0, ...ranked.map((task) => stateOf(task).length)),
    revision: Math.max(0, ...ranked.map(({ revision }) => revision.length)),
  };
  return [
    running === desired && pending === 0 ? paint.good(counts) : paint.warning(counts),
    ...ranked.slice(0, mostTasks).map((task) => {
      const state = stateOf(task).padEnd(widths.status);
      const tone = wellness(task) === 2 ? paint.good : paint.warning;
      const place = [task.host ?? task.launchType, task.availabilityZone].filter(
        (part) => part !== undefined,
      );
      const since = task.startedAt ?? task.createdAt;
      const digest = task.containers.find((container) => container.digest !== undefined)?.digest;
      return `${task.id.slice(0, shownOfTask)} ${tone(state)} ${task.revision.padEnd(widths.revision)} ${place.join(" ")} ${moment(since, now)}${digest === undefined ? "" : ` ${digest.slice(0, 19)}`}`;
    }),
    ...more(tasks.length - mostTasks, "task"),
  ];
}

function stateOf({ status, health }: TaskStatus): string {
  return health === "UNKNOWN" ? status : `${status} ${health}`;
}

/** What is ill comes first. */
function wellness({ status, health }: TaskStatus): number {
  if (health === "UNHEALTHY") return 0;
  return status === "RUNNING" ? 2 : 1;
}

function stoppedLines({ stopped }: ServiceStatus, { paint, now }: StatusTextSettings): readonly string[] {
  return stopped.map(({ id, revision, stoppedAt, reason, exitCodes }) => {
    const codes = exitCodes.map(({ container, exitCode }) => `${container} exited with ${exitCode}`);
    return `${id.slice(0, shownOfTask)} ${revision} ${moment(stoppedAt, now)} ${paint.bad(cleanLine(reason))}${codes.length === 0 ? "" : ` (${codes.join(", ")})`}`;
  });
}

function targetLines({ name, targets }: TargetGroupStatus, paint: Paint): readonly string[] {
  const states = [...new Set(targets.map(({ state }) => state))].sort();
  const counts = states.map((state) => {
    const count = `${targets.filter((one) => one.state === state).length} ${state}`;
    return state === "healthy" ? paint.good(count) : paint.warning(count);
  });
  const ill = targets.filter(({ state }) => state !== "healthy");
  return [
    `${name}: ${counts.length === 0 ? paint.warning("no targets") : counts.join(", ")}`,
    ...ill
      .slice(0, mostTargets)
      .map(
        ({ id, port, state, reason, description }) =>
          `  ${id}${port === undefined ? "" : `:${port}`} ${state} ${[reason, description].filter((part) => part !== undefined).join(", ")}`,
      ),
    ...more(ill.length - mostTargets, "target"),
  ];
}

function scalingLines({ autoscaling }: ServiceStatus, paint: Paint): readonly string[] {
  if (autoscaling === undefined) return [];
  const { minCapacity, maxCapacity, suspension, policies, scheduledActions } = autoscaling;
  const suspended = [
    ...(suspension.dynamicScalingIn ? ["scale-in"] : []),
    ...(suspension.dynamicScalingOut ? ["scale-out"] : []),
    ...(suspension.scheduledScaling ? ["scheduled"] : []),
  ];
  const range = [
    `${minCapacity} to ${maxCapacity} tasks`,
    ...(policies.length === 0 ? [] : [`by ${policies.map(cleanLine).join(", ")}`]),
    ...(suspended.length === 0 ? [] : [paint.warning(`suspended: ${suspended.join(", ")}`)]),
  ].join(", ");
  const schedule = scheduledActions.map(cleanLine).join(", ");
  return [schedule === "" ? range : `${range}; on schedule ${schedule}`];
}

function lockLines({ lock }: ServiceStatus, paint: Paint): readonly string[] {
  if (lock === undefined) return [];
  return [paint.warning(`held by ${lock.owner} since ${lock.since}: ${lock.purpose} (run ${lock.run})`)];
}

function more(count: number, noun: string): readonly string[] {
  return count > 0 ? [`and ${counted(count, `more ${noun}`)}; --output json has all`] : [];
}
