/** Fills in what becomes known while the plan runs. */
import {
  DeferredText,
  isFields,
  isList,
  type Filled,
  type FilledObject,
  type JsonObject,
  type JsonValue,
} from "../aws-model/values.ts";

/**
 * The document with its deferred texts filled in. A value is never searched for placeholders.
 *
 * @param values - by placeholder name, such as `{ TASKDEFINITION_ARN: "arn:aws:ecs:…" }`
 * @throws Error when a name is not among the values: a plan fills a document only once it knows them all
 */
export function resolveDeferred(
  document: FilledObject,
  values: Readonly<Record<string, string>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, resolveValue(value, values)]),
  );
}

/** Names of the values that the document still waits for, sorted. */
export function deferredNames(document: Filled): readonly string[] {
  const names = new Set<string>();
  const visit = (value: Filled): void => {
    if (value instanceof DeferredText) {
      for (const part of value.parts) if (typeof part !== "string") names.add(part.deferred);
    } else if (isList(value)) value.forEach(visit);
    else if (isFields(value)) Object.values(value).forEach(visit);
  };
  visit(document);
  return [...names].sort();
}

function resolveValue(value: Filled, values: Readonly<Record<string, string>>): JsonValue {
  if (value instanceof DeferredText) return value.parts.map((part) => textOf(part, values)).join("");
  if (isList(value)) return value.map((element) => resolveValue(element, values));
  return isFields(value) ? resolveDeferred(value, values) : value;
}

function textOf(part: DeferredText["parts"][number], values: Readonly<Record<string, string>>): string {
  if (typeof part === "string") return part;
  const value = Object.hasOwn(values, part.deferred) ? values[part.deferred] : undefined;
  if (value === undefined)
    throw new Error(`@@${part.deferred}@@ was to be filled in before its value was known.`);
  return value;
}
