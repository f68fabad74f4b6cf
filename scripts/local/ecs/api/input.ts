/**
 * Reads a request body by the API's own model: the runtime schemas that the AWS SDK ships.
 *
 * Members that the model does not know are dropped, as AWS's services do; a value of another type is a
 * SerializationException with the service's wording.
 */
import { checkConstraints } from "./constraints.ts";
import { AwsError } from "./errors.ts";
import { resolveSchema, structureKind } from "./schema.ts";

/** Simple schemas are numbers, see `@smithy/core/schema`. */
const simple = { string: 0, number: 1, boolean: 2, timestamps: [4, 5, 6, 7] };
const listModifier = 64;
const mapModifier = 128;

function token(value: unknown): string {
  if (Array.isArray(value)) return "START_ARRAY";
  if (value === null) return "NULL_VALUE";
  if (typeof value === "object") return "START_OBJECT";
  if (typeof value === "string") return "STRING_VALUE";
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
}

function refuse(value: unknown, type: string): never {
  const what = token(value);
  const message = what.startsWith("START_")
    ? `Start of ${what === "START_ARRAY" ? "list" : "structure or map"} found where not expected`
    : `${what} cannot be converted to ${type}`;
  throw new AwsError("SerializationException", message);
}

function simpleValue(schema: number, value: unknown): unknown {
  if (schema === simple.string) return typeof value === "string" ? value : refuse(value, "String");
  if (schema === simple.number) return typeof value === "number" ? value : refuse(value, "Integer");
  if (schema === simple.boolean) return typeof value === "boolean" ? value : refuse(value, "Boolean");
  if (simple.timestamps.includes(schema)) {
    return typeof value === "number" ? new Date(value * 1000) : refuse(value, "Timestamp");
  }
  return value;
}

function listOf(member: unknown, value: unknown): unknown[] {
  if (!Array.isArray(value)) refuse(value, "List");
  return (value as unknown[]).filter((item) => item !== null).map((item) => read(member, item));
}

function mapOf(member: unknown, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || Array.isArray(value)) refuse(value, "Map");
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, read(member, item)]));
}

function structureOf(names: string[], members: unknown[], value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(value, "Structure");
  const given = value as Record<string, unknown>;
  const known = names
    .map((name, index) => [name, members[index], given[name]] as const)
    .filter(([, , item]) => item !== undefined && item !== null);
  return Object.fromEntries(known.map(([name, member, item]) => [name, read(member, item)]));
}

function read(reference: unknown, value: unknown): unknown {
  const schema = resolveSchema(reference);
  if (typeof schema === "number") {
    if (schema & mapModifier) return mapOf(schema & ~mapModifier, value);
    if (schema & listModifier) return listOf(schema & ~listModifier, value);
    return simpleValue(schema, value);
  }
  if (!Array.isArray(schema)) return value;
  switch (structureKind(schema)) {
    case "list":
      return listOf(schema[4], value);
    case "map":
      return mapOf(schema[5], value);
    case "structure":
      return structureOf(schema[4] as string[], schema[5] as unknown[], value);
    case "simple":
      return simpleValue(Number(schema[4]), value);
    case undefined:
      return value;
  }
}

/**
 * Parses a request body by the schema of an operation's input, and nothing else: what must be there is for the caller
 * to check.
 *
 * @throws AwsError SerializationException for a value of another type
 */
export function parseInput(schema: unknown, body: string): unknown {
  return read(schema, parseJson(body));
}

/**
 * Parses a request body of ECS by the schema of an operation's input.
 *
 * @throws AwsError as `parseInput`, and when a required member is missing or a value is of no enum
 */
export function readInput(schema: unknown, body: string): unknown {
  const input = parseInput(schema, body);
  checkConstraints(schema, input);
  return input;
}

function parseJson(body: string): unknown {
  try {
    return body.trim() === "" ? {} : JSON.parse(body);
  } catch {
    throw new AwsError("SerializationException", "Unable to parse the request body as JSON");
  }
}

/** Writes an operation's output in awsJson1.1: times are seconds since 1970, what is undefined is left out. */
export function writeOutput(output: unknown): string {
  return JSON.stringify(wire(output));
}

function wire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => [key, wire(item)]),
  );
}
