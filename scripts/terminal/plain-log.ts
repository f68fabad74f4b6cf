import type { DeploymentEvent, RolloutCounts } from "../core/events.ts";
import { eventText } from "./event-line.ts";
import type { Paint } from "./paint.ts";
import { emptyView, type RunView, type ServiceView } from "./run-view.ts";
import { countsText, elapsedText } from "./words.ts";

/** What has been said, so that a log says each thing once. */
export interface PlainLog {
  readonly view: RunView;
  /** Counts by service: the ones last printed, and newer ones that came too soon after them. */
  readonly counts: ReadonlyMap<
    string,
    { readonly printed: RolloutCounts; readonly at: number; readonly held?: RolloutCounts }
  >;
  /** ECS's sentences, each with when it was last printed. */
  readonly said: ReadonlyMap<string, number>;
  /** When the last line was printed. */
  readonly lastLineAt?: number;
}

export const emptyLog: PlainLog = { view: emptyView, counts: new Map(), said: new Map() };

/** Counts change every second while a large service rolls out; a log needs them less often. */
const countsEveryMs = 10_000;
/** ECS repeats what has not changed. */
const sameSentenceAfterMs = 10 * 60_000;
/** Pipelines end a job that says nothing for some minutes. */
const silenceMs = 60_000;

interface Said {
  readonly log: PlainLog;
  readonly lines: readonly string[];
}

/**
 * The lines that an event adds to a log.
 *
 * @param view the run as it stands after the event
 */
export function logEvent(log: PlainLog, event: DeploymentEvent, view: RunView, paint: Paint): Said {
  const at = Date.parse(event.at);
  const next: PlainLog = { ...log, view };
  if (event.type === "progress") return logCounts(next, event.service, event, at, paint);
  if (event.type === "serviceEvent") {
    const key = `${event.service} ${event.message}`;
    const before = log.said.get(key);
    if (before !== undefined && at - before < sameSentenceAfterMs) return { log: next, lines: [] };
    return say({ ...next, said: new Map(log.said).set(key, at) }, event, at, paint);
  }
  const closing = event.type === "ended" || event.type === "rollingBack";
  const caughtUp = closing ? logHeld(next, event.service, at, paint) : { log: next, lines: [] };
  const said = say(caughtUp.log, event, at, paint);
  return { log: said.log, lines: [...caughtUp.lines, ...said.lines] };
}

/** The lines that time alone adds: counts that were held back, and a sign of life where nothing moves. */
export function logTime(log: PlainLog, now: number, paint: Paint): Said {
  let current = log;
  const lines: string[] = [];
  for (const [service, { at }] of log.counts) {
    if (now - at < countsEveryMs) continue;
    const said = logHeld(current, service, now, paint);
    current = said.log;
    lines.push(...said.lines);
  }
  const open = [...current.view.services.values()].filter(({ phase }) => phase !== "ended");
  if (lines.length > 0 || open.length === 0 || now - (current.lastLineAt ?? now) < silenceMs) {
    return { log: { ...current, lastLineAt: current.lastLineAt ?? now }, lines };
  }
  const text = `${time(now)}  still waiting: ${stillWaiting(open, now)}`;
  return { log: { ...current, lastLineAt: now }, lines: [paint.faint(text)] };
}

/** Everything that is still held back, at the end of a run. */
export function logRest(log: PlainLog, now: number, paint: Paint): readonly string[] {
  return [...log.counts.keys()].flatMap((service) => logHeld(log, service, now, paint).lines);
}

function logCounts(log: PlainLog, service: string, counts: RolloutCounts, at: number, paint: Paint): Said {
  const before = log.counts.get(service);
  if (before !== undefined && countsText(counts) === countsText(before.printed)) {
    const { held: _, ...rest } = before;
    return { log: { ...log, counts: new Map(log.counts).set(service, rest) }, lines: [] };
  }
  const urgent =
    before === undefined ||
    counts.failed > before.printed.failed ||
    isSettled(counts) ||
    at - before.at >= countsEveryMs;
  const entry = urgent ? { printed: counts, at } : { ...before, held: counts };
  const next: PlainLog = { ...log, counts: new Map(log.counts).set(service, entry) };
  return urgent ? printed(next, at, service, countsText(counts), paint) : { log: next, lines: [] };
}

function logHeld(log: PlainLog, service: string, now: number, paint: Paint): Said {
  const held = log.counts.get(service)?.held;
  if (held === undefined) return { log, lines: [] };
  const next: PlainLog = { ...log, counts: new Map(log.counts).set(service, { printed: held, at: now }) };
  return printed(next, now, service, countsText(held), paint);
}

function isSettled({ desired, running, pending, replacedRunning }: RolloutCounts): boolean {
  return running === desired && pending === 0 && replacedRunning === 0;
}

function say(log: PlainLog, event: DeploymentEvent, at: number, paint: Paint): Said {
  const text = eventText(event, paint);
  if (text === undefined) return { log, lines: [] };
  return printed(log, at, "service" in event ? event.service : undefined, text, paint);
}

function printed(log: PlainLog, at: number, service: string | undefined, text: string, paint: Paint): Said {
  return { log: { ...log, lastLineAt: at }, lines: logLines(log.view, at, service, text, paint) };
}

/**
 * A text as lines of a log: the time, then the service in a column as wide as the run's services need.
 *
 * Names are ASCII in ECS, so their length is their width.
 */
export function logLines(
  { services }: RunView,
  at: number,
  service: string | undefined,
  text: string,
  paint: Paint,
): readonly string[] {
  const width = Math.min(32, Math.max(0, ...[...services.keys()].map(({ length }) => length)));
  const name = service === undefined ? "" : `${paint.strong(service.padEnd(width))}  `;
  const indent = " ".repeat(time(at).length + 2 + (service === undefined ? 0 : width + 2));
  return text
    .split("\n")
    .map((line, index) => (index === 0 ? `${paint.faint(time(at))}  ${name}${line}` : `${indent}${line}`));
}

/** In UTC, as CloudWatch and ECS tell it, whatever the machine's zone. */
function time(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`;
}

const namedWhileWaiting = 5;

function stillWaiting(open: readonly ServiceView[], now: number): string {
  const named = open
    .slice(0, namedWhileWaiting)
    .map((view) => `${view.service} ${standing(view)}${since(view, now)}`);
  const more = open.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

function standing(view: ServiceView): string {
  switch (view.phase) {
    case "notBegun":
      return "not begun";
    case "waitingForLock":
      return `for ${view.holder?.owner ?? "another run"}`;
    case "waitingForServices":
      return `for ${view.dependencies.join(", ")}`;
    case "preparing":
      return "being prepared";
    case "rollingOut":
    case "rollingBack":
    case "ended": {
      const back = view.phase === "rollingBack" ? "rolling back, " : "";
      return `${back}${view.counts === undefined ? "begun" : countsText(view.counts)}`;
    }
  }
}

function since({ begunAt }: ServiceView, now: number): string {
  return begunAt === undefined ? "" : ` (${elapsedText(now - begunAt)})`;
}
