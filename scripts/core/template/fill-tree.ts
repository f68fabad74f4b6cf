/** Makes a filled document of a template's syntax tree. Values go into the document, never into its text. */
import type { Node } from "jsonc-parser";

import { structureNamed, type FieldType, type Structure } from "../aws-model/model.ts";
import { DeferredText, elementsOf, type Filled, type FilledObject } from "../aws-model/values.ts";
import { quoted, type JsonPath } from "../aws-model/violation.ts";
import { convertValue } from "./convert.ts";
import { missingValue, type Lookup } from "./lookup.ts";
import { formatPlaceholder, placeholderKey, type PlaceholderName, type Segment } from "./placeholder.ts";

/** What filling knows of, and what it finds. */
export interface Filling {
  readonly segments: ReadonlyMap<number, readonly Segment[]>;
  readonly lookup: Lookup;
  /** Reports a mistake, and settles the value's path. */
  readonly report: (offset: number, path: JsonPath, message: string, hint?: string) => void;
  /** From here on nothing (more) is said of the value at the path. */
  readonly settle: (path: JsonPath) => void;
  /** Tells where in the text a value of the document comes from. */
  readonly place: (path: JsonPath, valueOffset: number, nameOffset?: number) => void;
}

/** Lists of identifiers, in which one element may stand for several: no comma can be part of one. */
const separable: ReadonlySet<string> = new Set(["subnets", "securityGroups"]);

/** Fills an object that has the fields of a structure. */
export function fillStructure(node: Node, structure: Structure, filling: Filling): FilledObject {
  return fillObject(node, [], filling, structureTypes(structure));
}

/** Types of an object's fields, and whether its names are the API's (so that no value may choose one). */
interface FieldTypes {
  readonly fixedNames: boolean;
  readonly typeOf: (name: string) => FieldType | undefined;
}

function structureTypes({ fields }: Structure): FieldTypes {
  return { fixedNames: true, typeOf: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined) };
}

function fillValue(node: Node, type: FieldType | undefined, path: JsonPath, filling: Filling): Filled {
  const segments = filling.segments.get(node.offset);
  if (segments !== undefined) return fillText(node, segments, type, path, filling);
  const known = typeof type === "object" ? type : undefined;
  if (node.type === "array") {
    return fillList(node, known !== undefined && "list" in known ? known.list : undefined, path, filling);
  }
  // The parser gives every other node the value that it stands for.
  if (node.type !== "object") return node.value as string | number | boolean | null;
  if (known !== undefined && "structure" in known) {
    return fillObject(node, path, filling, structureTypes(structureNamed(known.structure)));
  }
  const element = known !== undefined && "map" in known ? known.map : undefined;
  return fillObject(node, path, filling, { fixedNames: false, typeOf: () => element });
}

function fillObject(node: Node, path: JsonPath, filling: Filling, types: FieldTypes): FilledObject {
  const fields = new Map<string, Filled>();
  for (const { children: [key, value] = [] } of node.children ?? []) {
    if (key === undefined) continue;
    const name = fillName(key, path, types.fixedNames, filling);
    if (name === undefined) continue;
    const inner = [...path, name];
    if (fields.has(name)) {
      filling.report(
        key.offset,
        inner,
        `The field ${quoted(name)} is given twice in one object.`,
        "Keep one of them.",
      );
      continue;
    }
    filling.place(inner, value?.offset ?? key.offset, key.offset);
    fields.set(name, value === undefined ? null : fillValue(value, types.typeOf(name), inner, filling));
  }
  // fromEntries defines own fields whatever they are called, __proto__ included.
  return Object.fromEntries(fields);
}

/** Names of map entries, such as labels, may hold placeholders; undefined when the name cannot be told. */
function fillName(key: Node, path: JsonPath, fixed: boolean, filling: Filling): string | undefined {
  const segments = filling.segments.get(key.offset);
  if (segments === undefined) return String(key.value);
  const inner = [...path, String(key.value)];
  if (fixed) {
    const message = `${quoted(String(key.value))}: a placeholder cannot choose the field that it fills.`;
    filling.report(key.offset, inner, message, "Write the field's name out.");
    return undefined;
  }
  const text = joinSegments(segments, inner, filling);
  if (typeof text !== "object") return text;
  filling.report(
    key.offset,
    inner,
    `${quoted(text.toString())} is not known yet and cannot be part of a name.`,
  );
  return undefined;
}

function fillList(
  node: Node,
  type: FieldType | undefined,
  path: JsonPath,
  filling: Filling,
): readonly Filled[] {
  const elements: Filled[] = [];
  const name = path.at(-1);
  const several =
    (typeof type === "object" && "enum" in type) || (typeof name === "string" && separable.has(name));
  for (const child of node.children ?? []) {
    const inner = [...path, elements.length];
    filling.place(inner, child.offset);
    const value = fillValue(child, type, inner, filling);
    const [first] = filling.segments.get(child.offset) ?? [];
    const separated =
      several && first?.kind === "placeholder" && typeof value === "string" && value.includes(",");
    const parts = separated ? elementsFrom(value, type, child.offset, inner, filling) : [value];
    for (const part of parts) {
      filling.place([...path, elements.length], child.offset);
      elements.push(part);
    }
  }
  return elements;
}

function elementsFrom(
  value: string,
  type: FieldType | undefined,
  offset: number,
  path: JsonPath,
  filling: Filling,
): readonly Filled[] {
  const converted = convertValue(value, { list: type ?? "string" });
  if (converted.ok) return elementsOf(converted.value);
  filling.report(offset, path, converted.message);
  return [null];
}

function fillText(
  node: Node,
  segments: readonly Segment[],
  type: FieldType | undefined,
  path: JsonPath,
  filling: Filling,
): Filled {
  const [first, second] = segments;
  if (first?.kind !== "placeholder" || second !== undefined)
    return joinSegments(segments, path, filling) ?? null;
  const found = resolve(first.placeholder, first.offset, path, filling);
  if (found === undefined) return null;
  if (typeof found === "object") return deferWhole(found, node, type, path, filling);
  const converted = convertValue(found, type);
  if (converted.ok) {
    elementsOf(converted.value).forEach((_, index) => filling.place([...path, index], node.offset));
    return converted.value;
  }
  filling.report(node.offset, path, `${formatPlaceholder(first.placeholder)}: ${converted.message}`);
  return null;
}

/** A value that is not known yet is a text, so it fits where a text does, or a list of one. */
function deferWhole(
  found: Pending,
  node: Node,
  type: FieldType | undefined,
  path: JsonPath,
  filling: Filling,
): Filled {
  const text = new DeferredText([{ deferred: found.deferred }]);
  if (type === undefined || type === "string" || type === "time" || type === "anything") return text;
  if (found.unchecked) {
    filling.settle(path);
    return null;
  }
  if (typeof type === "object" && "list" in type && type.list === "string") return [text];
  const message = `${text.toString()} is a text that becomes known during the deployment; this field takes none.`;
  filling.report(node.offset, path, message);
  return null;
}

/** The text of all segments; undefined when one of them has none, which has been reported then. */
function joinSegments(
  segments: readonly Segment[],
  path: JsonPath,
  filling: Filling,
): string | DeferredText | undefined {
  const parts = segments.map((segment) => {
    if (segment.kind === "literal") return segment.text;
    if (segment.kind === "placeholder") return resolve(segment.placeholder, segment.offset, path, filling);
    filling.report(segment.offset, path, segment.message, segment.hint);
    return undefined;
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  if (known.every((part) => typeof part === "string")) return known.join("");
  return new DeferredText(
    known.map((part) => (typeof part === "string" ? part : { deferred: part.deferred })),
  );
}

/** A value that is not known now: because the plan has to run first, or because nobody has looked yet. */
interface Pending {
  readonly deferred: string;
  readonly unchecked: boolean;
}

function resolve(
  placeholder: PlaceholderName,
  offset: number,
  path: JsonPath,
  filling: Filling,
): string | Pending | undefined {
  const found = filling.lookup(placeholder);
  switch (found.kind) {
    case "value":
      return found.value;
    case "deferred":
    case "unchecked":
      return { deferred: placeholderKey(placeholder), unchecked: found.kind === "unchecked" };
    case "missing": {
      const { message, hint } = missingValue(placeholder, found);
      filling.report(offset, path, message, hint);
      return undefined;
    }
    case "refused":
      filling.report(offset, path, found.message, found.hint);
      return undefined;
  }
}
