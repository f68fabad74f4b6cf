/**
 * Generates tables of AWS's model from an installed AWS SDK client: structures, types and required fields from the SDK's
 * runtime schemas, enums (which the schemas leave out) from its type declarations.
 */
import type { AwsModel, FieldType, Structure } from "../core/aws-model/model.ts";
import { readDeclarations, type Declarations } from "./sdk-declarations.ts";
import { readSchema, type SchemaType, type StructureSchema } from "./sdk-schemas.ts";

/** What a table is made from. */
export interface ModelSource {
  /** As in `@aws-sdk/client-ecs`. */
  readonly packageName: string;
  /** What that package exports. */
  readonly sdk: Readonly<Record<string, unknown>>;
  /** Structures that the table starts from; it holds all that can be reached from them. */
  readonly inputs: readonly string[];
  /** What each input is described by, to tell fields that are only ever returned. */
  readonly described: readonly {
    readonly shape: string;
    readonly output: string;
    readonly inputs: readonly string[];
  }[];
  /** `Structure.field` of numbers that may have a fraction: the schemas do not tell them from whole numbers. */
  readonly fractional: ReadonlySet<string>;
}

/** The text of a generated file that exports the table. */
export function modelSource(name: string, source: ModelSource): string {
  return [
    `// Generated from ${source.packageName} by \`npm run generate\`: edit nothing here.`,
    'import type { AwsModel } from "./model.ts";',
    "",
    `export const ${name}: AwsModel = ${JSON.stringify(buildModel(source), null, 1)};`,
    "",
  ].join("\n");
}

/** The model of everything that can be reached from the inputs; throws where the SDK's two sources disagree. */
function buildModel({ packageName, sdk, inputs, described, fractional }: ModelSource): AwsModel {
  const declarations = readDeclarations(packageName);
  const schemaNamed = (name: string): StructureSchema => readSchema(sdk[`${name}$`], name);
  const structures: Record<string, Structure> = {};
  const enums: Record<string, readonly string[]> = {};
  const waiting = [...inputs];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name in structures) continue;
    const structure = structureFrom(name, schemaNamed(name), declarations, fractional);
    structures[name] = structure;
    for (const type of Object.values(structure.fields)) collect(type, declarations, enums, waiting);
  }
  const readOnly = Object.fromEntries(
    described.map(({ shape, output, inputs: from }) => {
      const settable = new Set(from.flatMap((input) => Object.keys(structures[input]?.fields ?? {})));
      return [
        shape,
        schemaNamed(output)
          .fields.map(({ name }) => name)
          .filter((name) => !settable.has(name)),
      ];
    }),
  );
  return { structures: sorted(structures), enums: sorted(enums), readOnly };
}

function structureFrom(
  name: string,
  schema: StructureSchema,
  declarations: Declarations,
  fractional: ReadonlySet<string>,
): Structure {
  const fields = Object.fromEntries(
    schema.fields.map((field) => [
      field.name,
      fieldType(field.type, declarations.enumOf(name, field.name), fractional.has(`${name}.${field.name}`)),
    ]),
  );
  const required = schema.fields.slice(0, schema.requiredCount).map((field) => field.name);
  const declared = declarations.requiredFieldsOf(name);
  if (!schema.union && required.toSorted().join() !== declared.toSorted().join()) {
    throw new Error(`${name}: the schema requires ${required.join()}, the declaration ${declared.join()}.`);
  }
  return schema.union ? { fields, required, union: true } : { fields, required };
}

function fieldType(type: SchemaType, enumName: string | undefined, fraction: boolean): FieldType {
  if (typeof type === "object") {
    if ("list" in type) return { list: fieldType(type.list, enumName, fraction) };
    if ("map" in type) return { map: fieldType(type.map, enumName, fraction) };
    return type;
  }
  if (type === "string") return enumName === undefined ? "string" : { enum: enumName };
  if (type === "number") return fraction ? "number" : "integer";
  return type;
}

function collect(
  type: FieldType,
  declarations: Declarations,
  enums: Record<string, readonly string[]>,
  waiting: string[],
): void {
  if (typeof type !== "object") return;
  if ("structure" in type) waiting.push(type.structure);
  else if ("enum" in type) enums[type.enum] = declarations.enumValues(type.enum);
  else collect("list" in type ? type.list : type.map, declarations, enums, waiting);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
