/** Checks a document against AWS's own model of the API: names, types, required fields, enums and ranges. */
import { checkAutoscaling } from "./autoscaling-rules.ts";
import { describeType, describeValue } from "./describe.ts";
import { rangeOf, type Range } from "./limits.ts";
import {
  enumValues,
  readOnlyFields,
  structureNamed,
  structureOf,
  type FieldType,
  type ShapeName,
  type Structure,
} from "./model.ts";
import { nearestName } from "./nearest.ts";
import { checkService } from "./service-rules.ts";
import { checkTaskDefinition } from "./task-definition-rules.ts";
import { DeferredText, isFields, isList, type Filled } from "./values.ts";
import { formatPath, quoted, type JsonPath, type Violation } from "./violation.ts";

/**
 * Everything in a document that AWS would refuse, as far as it can be told without calling AWS: what its model says,
 * then the rules that its documentation adds. Empty when the document is good.
 *
 * A {@link DeferredText} counts as a text of unknown content.
 */
export function validateAgainst(shape: ShapeName, document: Filled): readonly Violation[] {
  const found: Violation[] = [];
  if (isFields(document)) {
    checkFields(document, shape, structureOf(shape), [], new Set(readOnlyFields(shape)), found);
  } else {
    found.push(mismatch(document, "an object", []));
  }
  const rules = rulesOf(shape, document);
  // A value of the wrong type breaks rules too; that it has the wrong type is what to tell.
  const reported = new Set(found.map(({ path }) => formatPath(path)));
  return [...found, ...rules.filter(({ path }) => !reported.has(formatPath(path)))];
}

function rulesOf(shape: ShapeName, document: Filled): readonly Violation[] {
  if (shape === "TaskDefinition") return checkTaskDefinition(document);
  return shape === "Autoscaling" ? checkAutoscaling(document) : checkService(document, shape);
}

function check(
  value: Filled,
  type: FieldType,
  range: Range | undefined,
  path: JsonPath,
  found: Violation[],
): void {
  if (value === null && type !== "anything") {
    found.push({
      path,
      at: "value",
      message: "null is not a value that AWS takes.",
      hint: "Leave the field out.",
    });
  } else if (typeof type === "string") {
    checkPrimitive(value, type, range, path, found);
  } else if ("enum" in type) {
    checkEnum(value, type.enum, path, found);
  } else if ("list" in type) {
    if (isList(value))
      value.forEach((element, index) => check(element, type.list, range, [...path, index], found));
    else found.push(mismatch(value, describeType(type), path));
  } else if (!isFields(value)) {
    found.push(mismatch(value, describeType(type), path));
  } else if ("map" in type) {
    for (const [key, element] of Object.entries(value))
      check(element, type.map, range, [...path, key], found);
  } else {
    checkFields(value, type.structure, structureNamed(type.structure), path, new Set(), found);
  }
}

function checkFields(
  value: Readonly<Record<string, Filled>>,
  name: string,
  structure: Structure,
  path: JsonPath,
  readOnly: ReadonlySet<string>,
  found: Violation[],
): void {
  for (const [field, element] of Object.entries(value)) {
    const type = Object.hasOwn(structure.fields, field) ? structure.fields[field] : undefined;
    if (type === undefined) found.push(unknownField(field, name, structure, readOnly, [...path, field]));
    else check(element, type, rangeOf(name, field), [...path, field], found);
  }
  for (const field of structure.required.filter((required) => !Object.hasOwn(value, required))) {
    found.push({
      path: [...path, field],
      at: "value",
      message: `The field "${field}" is missing; ${name} needs it.`,
    });
  }
  const set = Object.keys(value).length;
  if (structure.union === true && set !== 1) {
    const choices = Object.keys(structure.fields).join(", ");
    found.push({ path, at: "value", message: `${name} takes exactly one of ${choices}; ${set} are given.` });
  }
}

function unknownField(
  field: string,
  name: string,
  structure: Structure,
  readOnly: ReadonlySet<string>,
  path: JsonPath,
): Violation {
  const message = `${quoted(field)} is not a field of ${name}.`;
  if (structure.filledIn?.includes(field) === true) {
    return { path, at: "name", message, hint: "Slipway fills it in: leave it out." };
  }
  if (readOnly.has(field)) {
    return { path, at: "name", message, hint: "AWS reports it, but it cannot be set: leave it out." };
  }
  const known = Object.keys(structure.fields);
  const near = nearestName(field, known);
  if (near !== undefined) return { path, at: "name", message, hint: `Did you mean "${near}"?` };
  return known.length > 12
    ? { path, at: "name", message }
    : { path, at: "name", message, hint: `It has ${known.join(", ")}.` };
}

function checkPrimitive(
  value: Filled,
  type: Extract<FieldType, string>,
  range: Range | undefined,
  path: JsonPath,
  found: Violation[],
): void {
  switch (type) {
    case "anything":
      return;
    case "string":
      if (typeof value !== "string" && !(value instanceof DeferredText)) {
        const hint =
          typeof value === "number" || typeof value === "boolean"
            ? `Write "${value}", in quotes.`
            : undefined;
        found.push(mismatch(value, describeType(type), path, hint));
      }
      return;
    case "time":
      if (value instanceof DeferredText) return;
      if (typeof value !== "string" || !isTime(value)) {
        found.push(mismatch(value, describeType(type), path, 'As in "2026-01-31T08:00:00Z".'));
      }
      return;
    case "boolean":
      if (typeof value !== "boolean") {
        const hint = value === "true" || value === "false" ? `Write ${value}, without quotes.` : undefined;
        found.push(mismatch(value, describeType(type), path, hint));
      }
      return;
    case "integer":
    case "number":
      if (typeof value !== "number" || (type === "integer" && !Number.isInteger(value))) {
        const hint =
          typeof value === "string" && /^-?\d+$/.test(value) ? `Write ${value}, without quotes.` : undefined;
        found.push(mismatch(value, describeType(type), path, hint));
      } else if (range !== undefined && (value < range.least || value > range.greatest)) {
        const allowed = `It takes ${range.least} to ${range.greatest}.`;
        found.push({ path, at: "value", message: `${value} is out of range.`, hint: allowed });
      }
      return;
  }
}

/** A date and a time of day with its offset: without one, it would be read in the time zone of whoever runs this. */
function isTime(text: string): boolean {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;
  return form.test(text) && !Number.isNaN(Date.parse(text));
}

function checkEnum(value: Filled, name: string, path: JsonPath, found: Violation[]): void {
  const values = enumValues(name);
  if (typeof value !== "string") {
    found.push(mismatch(value, `one of ${values.join(", ")}`, path));
    return;
  }
  if (values.includes(value)) return;
  const near = nearestName(value, values);
  const allowed = `It takes ${values.join(", ")}.`;
  found.push({
    path,
    at: "value",
    message: `${quoted(value)} is not a value of ${name}.`,
    hint: near === undefined ? allowed : `Did you mean "${near}"? ${allowed}`,
  });
}

function mismatch(value: Filled, expected: string, path: JsonPath, hint?: string): Violation {
  const message = `Expected ${expected}, found ${describeValue(value)}.`;
  return hint === undefined ? { path, at: "value", message } : { path, at: "value", message, hint };
}
