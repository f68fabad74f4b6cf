import cliTruncate from "cli-truncate";
import stringWidth from "string-width";

import type { RolloutCounts } from "../core/events.ts";
import type { Paint } from "./paint.ts";
import type { RunView, ServiceView } from "./run-view.ts";
import {
  causeText,
  countsText,
  counted,
  elapsedText,
  outcomeWord,
  shortCountsText,
  toneOf,
} from "./words.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Below this there is room for figures, not for words. */
const wideFrom = 72;
/** Below this not even for the time. */
const timeFrom = 32;

/**
 * A run as the lines of a terminal: never wider than its columns, and so few that they fit above the cursor. Where
 * not all services fit, those that need somebody come first and the rest are summed up.
 */
export function frame(view: RunView, { columns, rows }: Size, now: number, paint: Paint): readonly string[] {
  const all = [...view.services.values()];
  const room = Math.max(1, rows - 2);
  const head = all.length > 1 && room > 2 ? [header(view, all, columns, now, paint)] : [];
  const lines = room - head.length;
  const fits = all.length <= lines;
  const shown = fits ? all : mostUrgent(all, lines - 1);
  const spare = fits ? lines - all.length : 0;
  const remarked = new Set(mostUrgent(shown.filter(hasRemark), spare));
  const names = Math.max(...shown.map(({ service }) => stringWidth(service)), 0);
  const nameWidth = Math.min(names, Math.floor(columns * (columns < wideFrom ? 0.4 : 0.3)));
  return [
    ...head,
    ...shown.flatMap((service) => [
      row(service, nameWidth, columns, now, paint),
      ...(remarked.has(service) ? [remarkRow(service, nameWidth, columns, paint)] : []),
    ]),
    ...(fits ? [] : [fit(summary(all, shown), columns)]),
  ].map((line) => line.trimEnd());
}

function header(
  { command = "deploy", environment, startedAt }: RunView,
  all: readonly ServiceView[],
  columns: number,
  now: number,
  paint: Paint,
): string {
  const done = all.filter(({ phase }) => phase === "ended").length;
  const left = environment === undefined ? command : `${command} in ${environment}`;
  const right = `${done} of ${all.length} done  ${elapsedText(now - (startedAt ?? now))}`;
  return columns < wideFrom ? paint.strong(fit(right, columns)) : paint.strong(spread(left, right, columns));
}

function row(view: ServiceView, nameWidth: number, columns: number, now: number, paint: Paint): string {
  const tone = toneOfView(view, paint);
  const time = columns < timeFrom ? "" : timeOf(view, now);
  const name = padded(view.service, nameWidth);
  const timeRoom = time === "" ? 0 : stringWidth(time) + 1;
  if (columns < wideFrom) {
    const detail = padded(shortDetail(view), columns - nameWidth - 1 - timeRoom);
    return `${paint.strong(name)} ${tone(detail)}${time === "" ? "" : ` ${paint.faint(time)}`}`;
  }
  const state = padded(stateWord(view), 13);
  const room = columns - nameWidth - 2 - 13 - 1 - timeRoom;
  const detail = padded(longDetail(view, room), room);
  return `${paint.strong(name)}  ${tone(state)} ${detail} ${paint.faint(time)}`;
}

/** What stands on a second line, where there is room for one. */
function remarks(view: ServiceView): readonly string[] {
  if (view.phase === "ended") return view.diagnoses.slice(0, 1).map(causeText);
  return [
    ...(view.autoscalingSuspended ? ["autoscaling suspended"] : []),
    ...(view.lastEvent === undefined ? [] : [view.lastEvent.split("\n", 1)[0] ?? ""]),
  ];
}

function hasRemark(view: ServiceView): boolean {
  return remarks(view).length > 0;
}

function remarkRow(view: ServiceView, nameWidth: number, columns: number, paint: Paint): string {
  const indent = columns < wideFrom ? 2 : nameWidth + 2;
  return `${" ".repeat(indent)}${paint.faint(fit(remarks(view).join("; "), columns - indent))}`;
}

function stateWord({ phase, outcome }: ServiceView): string {
  switch (phase) {
    case "notBegun":
      return "waiting";
    case "waitingForLock":
    case "waitingForServices":
      return "waits for";
    case "preparing":
      return "preparing";
    case "rollingOut":
      return "rolling out";
    case "rollingBack":
      return "rolling back";
    case "ended":
      return outcome === undefined ? "ended" : outcomeWord(outcome);
  }
}

function longDetail(view: ServiceView, room: number): string {
  const { phase, holder, dependencies, revision, rollback, outcome } = view;
  switch (phase) {
    case "notBegun":
    case "preparing":
      return revision ?? "";
    case "waitingForLock":
      return holder === undefined
        ? "another run"
        : `${holder.owner}: ${holder.purpose}, since ${holder.since}`;
    case "waitingForServices":
      return dependencies.join(", ");
    case "rollingOut":
      return withTasks(revision, view, room);
    case "rollingBack":
      return withTasks(`${rollback?.by ?? "ECS"} goes back to ${rollback?.revision ?? "?"}`, view, room);
    case "ended":
      return outcome?.outcome === "failed" && outcome.rolledBackTo !== undefined
        ? `${outcome.failedRevision}; ${outcome.rolledBackTo} runs again`
        : (revision ?? "");
  }
}

function shortDetail(view: ServiceView): string {
  switch (view.phase) {
    case "notBegun":
    case "preparing":
    case "ended":
      return stateWord(view);
    case "waitingForLock":
      return `waits for ${view.holder?.owner ?? "another run"}`;
    case "waitingForServices":
      return `waits for ${view.dependencies.join(", ")}`;
    case "rollingOut":
      return tasks(view, shortCountsText, " ");
    case "rollingBack":
      return `back ${tasks(view, shortCountsText, " ")}`;
  }
}

/** The counts in words where they fit, in figures where they don't. */
function withTasks(what: string | undefined, view: ServiceView, room: number): string {
  const prefix = what === undefined ? "" : `${what}  `;
  const long = `${prefix}${tasks(view, (counts) => countsText(counts, "old"), ", ")}`;
  return stringWidth(long) <= room ? long : `${prefix}${tasks(view, shortCountsText, " ")}`;
}

function tasks(
  { counts, unhealthy }: ServiceView,
  words: (counts: RolloutCounts) => string,
  separator: string,
): string {
  if (counts === undefined) return "begun";
  const ill = unhealthy?.tasks.length ?? 0;
  return ill === 0 ? words(counts) : `${words(counts)}${separator}${ill} unhealthy`;
}

function toneOfView({ phase, outcome, counts }: ServiceView, paint: Paint): (text: string) => string {
  if (phase === "rollingBack") return paint.warning;
  if (phase === "ended") return outcome === undefined ? paint.faint : paint[toneOf(outcome)];
  if (phase === "rollingOut") return (counts?.failed ?? 0) > 0 ? paint.warning : (text) => text;
  return paint.faint;
}

function timeOf({ begunAt, endedAt }: ServiceView, now: number): string {
  return begunAt === undefined ? "" : elapsedText((endedAt ?? now) - begunAt);
}

/** The most urgent ones, in the order of the run, so that rows don't change places. */
function mostUrgent(views: readonly ServiceView[], count: number): readonly ServiceView[] {
  const ranked = [...views]
    .sort((left, right) => urgency(left) - urgency(right))
    .slice(0, Math.max(0, count));
  const chosen = new Set(ranked);
  return views.filter((view) => chosen.has(view));
}

function urgency({ phase, outcome, counts }: ServiceView): number {
  switch (phase) {
    case "rollingBack":
      return 0;
    case "rollingOut":
      return (counts?.failed ?? 0) > 0 ? 0 : 2;
    case "preparing":
    case "waitingForLock":
      return 3;
    case "waitingForServices":
      return 4;
    case "notBegun":
      return 5;
    case "ended": {
      const tone = outcome === undefined ? "good" : toneOf(outcome);
      return tone === "bad" ? 1 : tone === "warning" ? 4 : 6;
    }
  }
}

function summary(all: readonly ServiceView[], shown: readonly ServiceView[]): string {
  const rest = all.filter((view) => !shown.includes(view));
  const words = rest.map(restWord);
  const parts = [...new Set(words)].map(
    (word) => `${words.filter((other) => other === word).length} ${word}`,
  );
  return `${shown.length === 0 ? counted(rest.length, "service") : `and ${rest.length} more`}: ${parts.join(", ")}`;
}

/** `waits for` alone says nothing in a sum. */
function restWord(view: ServiceView): string {
  const word = stateWord(view);
  return word === "waits for" ? "waiting" : word;
}

function spread(left: string, right: string, columns: number): string {
  const room = columns - stringWidth(right) - 1;
  return `${padded(left, room)} ${right}`;
}

/** Exactly so wide. */
function padded(text: string, width: number): string {
  const fitted = fit(text, width);
  return fitted + " ".repeat(Math.max(0, width - stringWidth(fitted)));
}

/** At most so wide. */
function fit(text: string, width: number): string {
  if (width <= 0) return "";
  if (stringWidth(text) <= width) return text;
  const cut = cliTruncate(text, width);
  // cli-truncate may keep the first half of a wide character's room.
  return stringWidth(cut) <= width ? cut : cliTruncate(text, width - 1);
}
