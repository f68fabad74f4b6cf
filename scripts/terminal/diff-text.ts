import { diffArrays, diffLines, diffWordsWithSpace } from "diff";

import type { Difference } from "../core/diff/compare.ts";
import type { ServiceDiff, TemplateDifference } from "../core/diff/service-diff.ts";
import type { Paint } from "./paint.ts";

/** Longer values are shown on lines of their own. */
const shortest = 60;

const titles: Readonly<Record<TemplateDifference["document"], string>> = {
  taskDefinition: "task definition",
  service: "service",
  autoscaling: "autoscaling",
};

/** What the templates of each service would change, for people: `+` new, `-` gone, `~` changed. */
export function diffText(services: readonly ServiceDiff[], paint: Paint): string {
  return services.map((service) => `${serviceText(service, paint)}\n`).join("");
}

function serviceText(diff: ServiceDiff, paint: Paint): string {
  const { service, cluster, revision, differences, notes } = diff;
  const where = `${paint.strong(service)} in cluster ${cluster}`;
  const count = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  const title =
    differences.length === 0
      ? `${where}: no difference to what runs (${revision ?? "no revision"}).`
      : revision === undefined
        ? `${where}: does not exist yet, so everything is new.`
        : `${where}: ${count} to what runs (${revision}).`;
  const documents = (["taskDefinition", "service", "autoscaling"] as const).flatMap((document) => {
    const own = differences.filter((difference) => difference.document === document);
    return own.length === 0
      ? []
      : [`  ${titles[document]}`, ...own.flatMap((difference) => differenceLines(difference, paint))];
  });
  return [title, ...documents, ...notes.map((note) => `  ${paint.warning(note)}`)].join("\n");
}

function differenceLines(difference: Difference, paint: Paint): readonly string[] {
  const { path, kind, from, to } = difference;
  switch (kind) {
    case "added":
      return oneSided("+", path, to, paint.good);
    case "removed":
      return oneSided("-", path, from, paint.bad);
    case "changed": {
      const short = [from, to].map(oneLine);
      if (short.every((text) => text !== undefined)) {
        return [
          `  ${paint.warning("~")} ${path}: ${paint.bad(short[0] ?? "")} → ${paint.good(short[1] ?? "")}`,
        ];
      }
      return [`  ${paint.warning("~")} ${path}`, ...changedLines(from, to, paint)];
    }
  }
}

function oneSided(
  sign: string,
  path: string,
  value: unknown,
  colour: (text: string) => string,
): readonly string[] {
  // An element of a set is its own name.
  if (path.endsWith(`[${String(value)}]`)) return [`  ${colour(`${sign} ${path}`)}`];
  const short = oneLine(value);
  if (short !== undefined) return [`  ${colour(`${sign} ${path}: ${short}`)}`];
  return [
    `  ${colour(`${sign} ${path}`)}`,
    ...valueLines(value).map((line) => `      ${colour(`${sign} ${line}`)}`),
  ];
}

/** A value that fits behind its path; undefined for one that does not. */
function oneLine(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null && !isPlainList(value)) return undefined;
  const text = JSON.stringify(value);
  return text.length <= shortest && !(typeof value === "string" && value.includes("\n")) ? text : undefined;
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object");
}

function valueLines(value: unknown): readonly string[] {
  if (typeof value === "string" && value.includes("\n")) return value.split("\n");
  return JSON.stringify(value, undefined, 2).split("\n");
}

function changedLines(from: unknown, to: unknown, paint: Paint): readonly string[] {
  const line = (sign: string, text: string, colour: (text: string) => string): string =>
    `      ${colour(`${sign} ${text}`)}`;
  if (typeof from === "string" && typeof to === "string") {
    return from.includes("\n") || to.includes("\n")
      ? changedText(from, to, line, paint)
      : changedWords(from, to, paint);
  }
  const [left, right] = [from, to].map((value) =>
    Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : valueLines(value),
  );
  return diffArrays([...(left ?? [])], [...(right ?? [])]).flatMap(({ added, removed, value }) =>
    value.map((text) =>
      added
        ? line("+", text, paint.good)
        : removed
          ? line("-", text, paint.bad)
          : line(" ", text, paint.faint),
    ),
  );
}

function changedText(
  from: string,
  to: string,
  line: (sign: string, text: string, colour: (text: string) => string) => string,
  paint: Paint,
): readonly string[] {
  return diffLines(from, to).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text) =>
        added
          ? line("+", text, paint.good)
          : removed
            ? line("-", text, paint.bad)
            : line(" ", text, paint.faint),
      ),
  );
}

/** Both texts whole, with the words that differ set off where there are colours. */
function changedWords(from: string, to: string, paint: Paint): readonly string[] {
  const parts = diffWordsWithSpace(from, to);
  const side = (sign: string, colour: (text: string) => string, left: boolean): string => {
    const text = parts
      .filter(({ added, removed }) => (left ? !added : !removed))
      .map(({ added, removed, value }) => (added || removed ? paint.strong(colour(value)) : colour(value)))
      .join("");
    return `      ${colour(sign)} ${text}`;
  };
  return [side("-", paint.bad, true), side("+", paint.good, false)];
}
