/**
 * Reads the AWS SDK's runtime schemas: nested tuples, documented by the types below `schema/` in `@smithy/types`.
 * A structure is `[3, namespace, name, traits, names, types, requiredCount?]`, its required members first.
 */

/** A type as the SDK's schemas tell it: they have neither enums nor different kinds of numbers. */
export type SchemaType =
  | "string"
  | "number"
  | "boolean"
  | "time"
  | "anything"
  | { readonly structure: string }
  | { readonly list: SchemaType }
  | { readonly map: SchemaType };

/** A structure as the SDK's schemas tell it. */
export interface StructureSchema {
  readonly fields: readonly { readonly name: string; readonly type: SchemaType }[];
  readonly requiredCount: number;
  readonly union: boolean;
}

const kind = { list: 1, map: 2, structure: 3, union: 4 } as const;
/** The simple types by number. */
const simple: Readonly<Record<number, SchemaType>> = {
  0: "string",
  1: "number",
  2: "boolean",
  4: "time",
  15: "anything",
};
const listBit = 64;
const mapBit = 128;

/** Reads a structure's schema; throws when it is not one, which means that the SDK has changed its format. */
export function readSchema(schema: unknown, name: string): StructureSchema {
  if (!isTuple(schema) || (schema[0] !== kind.structure && schema[0] !== kind.union)) {
    throw new Error(`The AWS SDK exports no structure schema "${name}$".`);
  }
  const [, , , , names, types, requiredCount] = schema;
  if (!isTuple(names) || !isTuple(types))
    throw new Error(`The schema of ${name} has another form than known.`);
  return {
    fields: names.map((field, index) => ({ name: String(field), type: readType(types[index], name) })),
    requiredCount: typeof requiredCount === "number" ? requiredCount : 0,
    union: schema[0] === kind.union,
  };
}

function readType(type: unknown, owner: string): SchemaType {
  if (typeof type === "function") return readType((type as () => unknown)(), owner);
  if (typeof type === "number") return readNumber(type, owner);
  if (!isTuple(type)) throw new Error(`A field of ${owner} has a schema of an unknown form.`);
  // A pair is a type with traits, and a simple type that has a name of its own starts with 0.
  if (type.length === 2) return readType(type[0], owner);
  if (type[0] === 0) return readType(type[4], owner);
  if (type[0] === kind.list) return { list: readType(type[4], owner) };
  if (type[0] === kind.map) return { map: readType(type[5], owner) };
  if (type[0] === kind.structure || type[0] === kind.union) return { structure: String(type[2]) };
  throw new Error(`A field of ${owner} has a schema of an unknown kind.`);
}

function readNumber(type: number, owner: string): SchemaType {
  if (type >= mapBit) return { map: readNumber(type & ~mapBit, owner) };
  if (type >= listBit) return { list: readNumber(type & ~listBit, owner) };
  const found = simple[type];
  if (found === undefined) throw new Error(`A field of ${owner} has the unknown simple type ${type}.`);
  return found;
}

function isTuple(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
