/** What the rules for task definitions and services share: reading fields, and saying what is wrong. */
import { fieldsOf, type Filled, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/** A field's text; undefined when it is missing, of another type (which the model reports) or not known yet. */
export function textAt(object: FilledObject, field: string): string | undefined {
  const value = object[field];
  return typeof value === "string" ? value : undefined;
}

/** A field's number; undefined when it is missing or of another type (which the model reports). */
export function numberAt(object: FilledObject, field: string): number | undefined {
  const value = object[field];
  return typeof value === "number" ? value : undefined;
}

/** A violation at a value, or at the place where a missing one would be. */
export function wrong(path: JsonPath, message: string, hint?: string): Violation {
  return hint === undefined ? { path, at: "value", message } : { path, at: "value", message, hint };
}

/** Families, containers and services are all named by one pattern. */
export function checkName(value: Filled | undefined, path: JsonPath): Violation[] {
  if (typeof value !== "string" || /^[A-Za-z0-9_-]{1,255}$/.test(value)) return [];
  const allowed = "It takes 1 to 255 letters, digits, hyphens and underscores.";
  return [wrong(path, `${quoted(value)} is not a name that ECS takes.`, allowed)];
}

/** The elements whose text in a field has been there before, each with its index. */
export function duplicates(elements: readonly Filled[], field: string): { index: number; value: string }[] {
  const seen = new Set<string>();
  return elements.flatMap((element, index) => {
    const value = textAt(fieldsOf(element), field);
    if (value === undefined) return [];
    if (seen.has(value)) return [{ index, value }];
    seen.add(value);
    return [];
  });
}
