/**
 * Reads the hooks of a service's `appspec.yaml` or `appspec.json`: in CodeDeploy's own form, without `Resources`, which
 * are made from the service's templates.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-ecs
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from "yaml";

import { nearestName } from "../aws-model/nearest.ts";
import type { Problem } from "../problem.ts";
import { missingValue, type Lookup } from "../template/lookup.ts";
import { splitPlaceholders, type PlaceholderName } from "../template/placeholder.ts";
import { hookableEvents, type Hook } from "./app-spec.ts";

/** A hook whose function may hold placeholders. */
export interface HookTemplate {
  readonly placeholders: readonly PlaceholderName[];
  fill(
    lookup: Lookup,
  ): { readonly ok: true; readonly hook: Hook } | { readonly ok: false; readonly problem: Problem };
}

type Read =
  | { readonly ok: true; readonly hooks: readonly HookTemplate[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A Lambda function's name, or its ARN with or without a version. */
const functionPattern =
  /^(arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:)?[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9$_-]{1,128})?$/;

/** Reads the file; every mistake with its place. */
export function readHooks(file: string, text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: Problem[] = [];
  const report = (offset: number, path: string, message: string, hint?: string): void => {
    const { line, col } = lines.linePos(offset);
    problems.push({ file, line, column: col, path, message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const { pos, message } of document.errors) report(pos[0], "$", message.split("\n")[0] ?? message);
  if (problems.length > 0) return { ok: false, problems };
  const root = document.contents;
  if (!isMap(root)) {
    report(0, "$", "An AppSpec is a map with Hooks.", 'Write "Hooks:" with a list of events and functions.');
    return { ok: false, problems };
  }
  const hooks: HookTemplate[] = [];
  for (const [key, value, offset] of entries(root)) {
    const name = key.toLowerCase();
    if (name === "version") continue;
    if (name === "hooks") hooks.push(...readList(value, offset, file, lines, report));
    else if (name === "resources") {
      report(
        offset,
        "$.Resources",
        "Resources are made from service.json and the revision.",
        "Take them out.",
      );
    } else report(offset, `$.${key}`, `An AppSpec has no ${key}.`, "It has version and Hooks.");
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, hooks };
}

type Report = (offset: number, path: string, message: string, hint?: string) => void;

function readList(
  list: unknown,
  offset: number,
  file: string,
  lines: LineCounter,
  report: Report,
): readonly HookTemplate[] {
  if (!isSeq(list)) {
    report(
      offset,
      "$.Hooks",
      "Hooks is a list of events, each with its function.",
      'As in "- BeforeAllowTraffic: my-function".',
    );
    return [];
  }
  const seen = new Set<string>();
  return list.items.flatMap((item, index): readonly HookTemplate[] => {
    const at = offsetOf(item, offset);
    if (!isMap(item)) {
      report(
        at,
        `$.Hooks[${index}]`,
        "A hook is an event with its function.",
        'As in "- BeforeAllowTraffic: my-function".',
      );
      return [];
    }
    return entries(item).flatMap(([key, value, place]): readonly HookTemplate[] => {
      const path = `$.Hooks[${index}].${key}`;
      const event = hookableEvents.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
      if (event === undefined) {
        const near = nearestName(key, hookableEvents);
        const hint = `${near === undefined ? "" : `Did you mean ${near}? `}Allowed: ${hookableEvents.join(", ")}.`;
        report(place, path, `CodeDeploy asks no function at ${key} of an ECS deployment.`, hint);
        return [];
      }
      if (seen.has(event))
        report(place, path, `${event} is there twice; CodeDeploy asks one function.`, "Keep one.");
      seen.add(event);
      if (!isScalar(value) || typeof value.value !== "string" || value.value === "") {
        report(
          offsetOf(value, place),
          path,
          "A hook names a Lambda function.",
          "Its name or its ARN, as text.",
        );
        return [];
      }
      const start = offsetOf(value, place);
      const position = lines.linePos(start);
      return [
        hookTemplate(
          event,
          value.value,
          { file, line: position.line, column: position.col, path },
          report,
          start,
        ),
      ];
    });
  });
}

function hookTemplate(
  event: Hook["event"],
  text: string,
  place: Omit<Problem, "message">,
  report: Report,
  offset: number,
): HookTemplate {
  const segments = splitPlaceholders(JSON.stringify(text).slice(1, -1), 0);
  for (const segment of segments) {
    if (segment.kind === "broken") report(offset, place.path ?? "$", segment.message, segment.hint);
  }
  return {
    placeholders: segments.flatMap((segment) =>
      segment.kind === "placeholder" ? [segment.placeholder] : [],
    ),
    fill(lookup) {
      let name = "";
      for (const segment of segments) {
        if (segment.kind === "literal") name += segment.text;
        if (segment.kind !== "placeholder") continue;
        const found = lookup(segment.placeholder);
        if (found.kind === "value") name += found.value;
        else if (found.kind === "missing")
          return { ok: false, problem: { ...place, ...missingValue(segment.placeholder, found) } };
        else {
          const message =
            found.kind === "refused" ? found.message : "This value is not known when a hook is set.";
          return { ok: false, problem: { ...place, message } };
        }
      }
      if (functionPattern.test(name)) return { ok: true, hook: { event, function: name } };
      const message = `${JSON.stringify(name)} is not a Lambda function.`;
      return { ok: false, problem: { ...place, message, hint: "Give its name or its ARN." } };
    },
  };
}

function entries(map: YAMLMap): readonly (readonly [string, unknown, number])[] {
  return map.items.map(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : String(key);
    return [name, value, offsetOf(key, 0)];
  });
}

function offsetOf(node: unknown, otherwise: number): number {
  // Every node that was parsed from a text has its range in it.
  return (node as Node | null)?.range?.[0] ?? otherwise;
}
