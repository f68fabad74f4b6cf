/** Names types and values in words, for messages. */
import type { FieldType } from "./model.ts";
import { DeferredText, isList, type Filled } from "./values.ts";
import { quoted } from "./violation.ts";

/** A type in words, as in "Expected a whole number". */
export function describeType(type: FieldType): string {
  switch (type) {
    case "string":
      return "a text";
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "time":
      return "a time (ISO 8601)";
    case "anything":
      return "a value";
  }
  if ("enum" in type) return `a text (${type.enum})`;
  if ("structure" in type) return `an object (${type.structure})`;
  return "list" in type ? `a list, each element ${describeType(type.list)}` : "an object of names and texts";
}

/** A value in words, as in "found the text \"2\"": what it is and, when it is short, what it holds. */
export function describeValue(value: Filled): string {
  if (value === null) return "null";
  if (value instanceof DeferredText)
    return `the text ${quoted(value.toString())}, whose value is not known yet`;
  if (typeof value === "string") return `the text ${quoted(value)}`;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return isList(value) ? "a list" : "an object";
}
