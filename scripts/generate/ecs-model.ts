/**
 * Generates scripts/core/aws-model/ecs-model.generated.ts from the installed AWS SDK: structures, types and required
 * fields from the SDK's runtime schemas, enums (which the schemas leave out) from its type declarations.
 */
import * as sdk from "@aws-sdk/client-ecs";

import type { AwsModel, FieldType, Structure } from "../core/aws-model/model.ts";
import { readDeclarations, type Declarations } from "./sdk-declarations.ts";
import { readSchema, type SchemaType } from "./sdk-schemas.ts";

const inputs = ["RegisterTaskDefinitionRequest", "CreateServiceRequest", "UpdateServiceRequest"];

/** What each input is described by, to tell fields that are only ever returned. */
const described = [
  { shape: "TaskDefinition", output: "TaskDefinition", inputs: ["RegisterTaskDefinitionRequest"] },
  { shape: "Service", output: "Service", inputs: ["CreateServiceRequest", "UpdateServiceRequest"] },
];

/**
 * The numbers that may have a fraction: the schemas do not tell them from whole numbers.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
 */
const fractional = new Set(["LinearConfiguration.stepPercent", "CanaryConfiguration.canaryPercent"]);

/** The model of everything that can be reached from the inputs; throws where the SDK's two sources disagree. */
function buildEcsModel(): AwsModel {
  const declarations = readDeclarations("@aws-sdk/client-ecs");
  const structures: Record<string, Structure> = {};
  const enums: Record<string, readonly string[]> = {};
  const waiting = [...inputs];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (name in structures) continue;
    const structure = structureFrom(name, declarations);
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

/** The generated file's text. */
export function ecsModelSource(): string {
  return [
    "// Generated from @aws-sdk/client-ecs by `npm run generate`: edit nothing here.",
    'import type { AwsModel } from "./model.ts";',
    "",
    `export const ecsModel: AwsModel = ${JSON.stringify(buildEcsModel(), null, 1)};`,
    "",
  ].join("\n");
}

function schemaNamed(name: string) {
  return readSchema((sdk as Readonly<Record<string, unknown>>)[`${name}$`], name);
}

function structureFrom(name: string, declarations: Declarations): Structure {
  const schema = schemaNamed(name);
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
