/**
 * The runtime schemas of the AWS SDK: a number is a simple type, with a bit for a list and one for a map of it; a tuple
 * begins with its kind, and one that does not is a schema with traits. See `@smithy/core/schema`.
 */

/** A structure: kind, namespace, name, traits, members' names, members' schemas, how many of the first are required. */
export type StructureTuple = readonly [
  kind: number,
  namespace: string,
  name: string,
  traits: unknown,
  names: readonly string[],
  members: readonly unknown[],
  required?: number,
];

const kinds = ["simple", "list", "map", "structure", "union"] as const;
type Kind = Exclude<(typeof kinds)[number], "union">;

/** What a tuple describes. */
export function structureKind(schema: readonly unknown[]): Kind | undefined {
  const kind = kinds[Number(schema[0])];
  // A union is a structure of which one member is there.
  return kind === "union" ? "structure" : kind;
}

/** The schema itself, without the function around one that refers to itself, and without traits. */
export function resolveSchema(reference: unknown): unknown {
  const schema: unknown = typeof reference === "function" ? (reference as () => unknown)() : reference;
  return Array.isArray(schema) && typeof schema[0] !== "number" ? resolveSchema(schema[0]) : schema;
}
