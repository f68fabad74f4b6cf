/** The values that templates are made of: JSON, and texts that become known only while a plan runs. */

/** A value of a JSON document. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Stands in a {@link DeferredText} for the value of that name. */
export interface DeferredName {
  readonly deferred: string;
}

/**
 * A text with parts that are not known yet, such as the ARN of a revision that the plan registers first.
 *
 * It is an object of its own and not a marked text, so that no value can be mistaken for it.
 */
export class DeferredText {
  readonly parts: readonly (string | DeferredName)[];

  constructor(parts: readonly (string | DeferredName)[]) {
    this.parts = parts;
  }

  /** The text as the template has it, for people: `@@TASKDEFINITION_ARN@@`. */
  toString(): string {
    return this.parts.map((part) => (typeof part === "string" ? part : `@@${part.deferred}@@`)).join("");
  }

  /** So that a plan can be printed as JSON before the value is known. */
  toJSON(): string {
    return this.toString();
  }
}

/** A value of a filled template: JSON, with deferred texts wherever a text may stand. */
export type Filled = string | number | boolean | null | DeferredText | readonly Filled[] | FilledObject;

/** A filled template, or an object in it. */
export interface FilledObject {
  readonly [name: string]: Filled;
}

/** Whether a value is an object with fields: neither a list nor a deferred text. */
export function isFields(value: Filled | undefined): value is FilledObject {
  return typeof value === "object" && value !== null && !isList(value) && !(value instanceof DeferredText);
}

/** Whether a value is a list. */
export function isList(value: Filled | undefined): value is readonly Filled[] {
  return Array.isArray(value);
}

/** The fields of an object, none for any other value. */
export function fieldsOf(value: Filled | undefined): FilledObject {
  return isFields(value) ? value : {};
}

/** The elements of a list, none for any other value. */
export function elementsOf(value: Filled | undefined): readonly Filled[] {
  return isList(value) ? value : [];
}
