/** Gives a value, which is always text, the type of the field that it fills. */
import { describeType } from "../aws-model/describe.ts";
import type { FieldType } from "../aws-model/model.ts";
import type { Filled } from "../aws-model/values.ts";
import { quoted } from "../aws-model/violation.ts";

/** What converting gives: the typed value, or why the text has none. */
export type Converted =
  { readonly ok: true; readonly value: Filled } | { readonly ok: false; readonly message: string };

/**
 * Converts the value of a string that is nothing but a placeholder.
 *
 * Numbers and booleans are read as JSON writes them, with no spaces around. A list is read with commas between its
 * elements and spaces around them dropped; an empty text is an empty list. No text becomes an object.
 *
 * @param type - undefined where the API has no such field, which is reported elsewhere
 */
export function convertValue(text: string, type: FieldType | undefined): Converted {
  switch (type) {
    case undefined:
    case "string":
    case "time":
    case "anything":
      return { ok: true, value: text };
    case "boolean":
      return text === "true" || text === "false" ? { ok: true, value: text === "true" } : refuse(text, type);
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? { ok: true, value: Number(text) } : refuse(text, type);
    case "number":
      return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)
        ? { ok: true, value: Number(text) }
        : refuse(text, type);
  }
  if ("enum" in type) return { ok: true, value: text };
  if ("list" in type) return convertList(text, type.list);
  return { ok: false, message: `A placeholder cannot stand for ${describeType(type)}.` };
}

function convertList(text: string, type: FieldType): Converted {
  const elements: Filled[] = [];
  if (text.trim() === "") return { ok: true, value: elements };
  for (const part of text.split(",").map((element) => element.trim())) {
    if (part === "") return { ok: false, message: `The list ${quoted(text)} has an empty element.` };
    const converted = convertValue(part, type);
    if (!converted.ok) return converted;
    elements.push(converted.value);
  }
  return { ok: true, value: elements };
}

function refuse(text: string, type: FieldType): Converted {
  return { ok: false, message: `${quoted(text)} is not ${describeType(type)}, which this field takes.` };
}
