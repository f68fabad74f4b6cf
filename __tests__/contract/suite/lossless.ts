import { resolveSchema, structureKind, type StructureTuple } from "../../../scripts/local/ecs/api/schema.ts";

const timestamps = [4, 5, 6, 7];
const listBit = 64;
const mapBit = 128;

/**
 * What an answer lost or made up on its way through the SDK, by the SDK's own schema of it; empty when nothing: members
 * that the schema lacks, values that changed, and required members that are not there.
 */
export function losses(reference: unknown, wire: unknown, output: unknown, path = "answer"): string[] {
  const schema = resolveSchema(reference);
  if (typeof schema === "number") return simpleLosses(schema, wire, output, path);
  // An operation without output.
  if (schema === "unit") return structureLosses([3, "", "nothing", 0, [], []], wire, output, path);
  if (!Array.isArray(schema)) return [`${path} has a schema of another form`];
  switch (structureKind(schema)) {
    case "structure":
      return structureLosses(schema as unknown as StructureTuple, wire, output, path);
    case "list":
      return listLosses(schema[4], wire, output, path);
    case "map":
      return mapLosses(schema[5], wire, output, path);
    case "simple":
      return simpleLosses(Number(schema[4]), wire, output, path);
    case undefined:
      return [`${path} has a schema of an unknown kind`];
  }
}

function structureLosses(
  [, , structure, , names, members, required = 0]: StructureTuple,
  wire: unknown,
  output: unknown,
  path: string,
): string[] {
  const given = (wire ?? {}) as Readonly<Record<string, unknown>>;
  const got = (output ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...Object.keys(given)
      .filter((name) => !names.includes(name))
      .map((name) => `${path}.${name} is no member of ${structure}`),
    ...Object.keys(got)
      .filter((name) => name !== "$metadata" && got[name] !== undefined && !(name in given))
      .map((name) => `${path}.${name} did not come over the wire`),
    ...names
      .slice(0, required)
      .filter((name) => given[name] === undefined)
      .map((name) => `${path}.${name} is required of ${structure}`),
    ...names.flatMap((name, index) =>
      name in given ? losses(members[index], given[name], got[name], `${path}.${name}`) : [],
    ),
  ];
}

function listLosses(member: unknown, wire: unknown, output: unknown, path: string): string[] {
  if (!Array.isArray(wire) || !Array.isArray(output)) return [`${path} is no list on both sides`];
  if (wire.length !== output.length) return [`${path} has ${wire.length} items, then ${output.length}`];
  return wire.flatMap((item, index) => losses(member, item, output[index], `${path}[${index}]`));
}

function mapLosses(member: unknown, wire: unknown, output: unknown, path: string): string[] {
  const got = (output ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(wire ?? {}).flatMap(([key, item]) =>
    losses(member, item, got[key], `${path}["${key}"]`),
  );
}

function simpleLosses(schema: number, wire: unknown, output: unknown, path: string): string[] {
  if (schema >= mapBit) return mapLosses(schema & ~mapBit, wire, output, path);
  if (schema >= listBit) return listLosses(schema & ~listBit, wire, output, path);
  if (timestamps.includes(schema)) {
    const seconds = Object.prototype.toString.call(output) === "[object Date]" ? Number(output) / 1000 : NaN;
    // A time of ours is the wall clock's: one of another year was not in seconds.
    const thisYear = Math.abs(seconds - Date.now() / 1000) < 366 * 86_400;
    return seconds === wire && thisYear ? [] : [`${path} is ${String(wire)}, then ${String(output)}`];
  }
  const type = ["string", "number", "boolean"][schema];
  if (type !== undefined && typeof wire !== type) return [`${path} is ${String(wire)}, not a ${type}`];
  return wire === output ? [] : [`${path} is ${String(wire)}, then ${String(output)}`];
}
