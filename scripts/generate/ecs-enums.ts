/**
 * Generates scripts/local/ecs/api/enums.generated.ts: the values that the API's inputs take, which the AWS SDK's runtime
 * schemas leave out and its type declarations hold. The local AWS checks its callers' inputs by it.
 */
import * as sdk from "@aws-sdk/client-ecs";

import { readDeclarations } from "./sdk-declarations.ts";
import { readSchema, type SchemaType } from "./sdk-schemas.ts";

/** Operations of these are not modelled, so their structures would only be ballast. */
const leftOut = /Daemon|Gateway|Submit|RegisterContainerInstance/;

/** The generated file's text. */
export function ecsEnumsSource(): string {
  const { members, enums } = readEnums();
  return [
    "// Generated from @aws-sdk/client-ecs by `npm run generate`: edit nothing here.",
    "",
    "/** The values of each enum, by its name. */",
    `export const enums: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(enums, null, 1)};`,
    "",
    "/** The enum of each member of a structure that has one, itself or in its elements, by `Structure.member`. */",
    `export const enumMembers: Readonly<Record<string, string>> = ${JSON.stringify(members, null, 1)};`,
    "",
  ].join("\n");
}

function readEnums() {
  const declarations = readDeclarations("@aws-sdk/client-ecs");
  const members: [string, string][] = [];
  const seen = new Set<string>();
  const waiting = Object.keys(sdk)
    .filter((name) => name.endsWith("Request$") && !leftOut.test(name))
    .map((name) => name.slice(0, -1));
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const schema = readSchema((sdk as Readonly<Record<string, unknown>>)[`${name}$`], name);
    for (const field of schema.fields) {
      const found = declarations.enumOf(name, field.name);
      if (found !== undefined) members.push([`${name}.${field.name}`, found]);
      waiting.push(...structuresIn(field.type));
    }
  }
  const names = [...new Set(members.map(([, name]) => name))].toSorted();
  return {
    members: Object.fromEntries(members.toSorted(([one], [other]) => (one < other ? -1 : 1))),
    enums: Object.fromEntries(names.map((name) => [name, declarations.enumValues(name)])),
  };
}

function structuresIn(type: SchemaType): string[] {
  if (typeof type !== "object") return [];
  if ("structure" in type) return [type.structure];
  return structuresIn("list" in type ? type.list : type.map);
}
