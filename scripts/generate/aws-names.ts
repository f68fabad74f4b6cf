/**
 * Generates the names that environments.jsonc is checked against: instance types and Regions, as the AWS SDK declares
 * them. They are as new as the installed SDK.
 */
import { readDeclarations } from "./sdk-declarations.ts";

/** The text of scripts/core/environments/instance-types.generated.ts: the sizes of each family, in one text a family. */
export function instanceTypesSource(): string {
  const sizes = new Map<string, string[]>();
  for (const type of readDeclarations("@aws-sdk/client-ec2").enumValues("_InstanceType")) {
    const [family = "", size = ""] = type.split(".");
    sizes.set(family, [...(sizes.get(family) ?? []), size]);
  }
  return source(
    "@aws-sdk/client-ec2",
    "The sizes that each family of instance types has, with spaces between them.",
    "export const instanceSizes: Readonly<Record<string, string>>",
    Object.fromEntries([...sizes].map(([family, known]) => [family, known.join(" ")])),
  );
}

/** The text of scripts/core/environments/regions.generated.ts: the Regions that a VPC can lie in. */
export function regionsSource(): string {
  return source(
    "@aws-sdk/client-route-53",
    "The Regions that a VPC can lie in, of every partition.",
    "export const regions: readonly string[]",
    readDeclarations("@aws-sdk/client-route-53").enumValues("VPCRegion"),
  );
}

function source(packageName: string, what: string, declaration: string, value: unknown): string {
  return [
    `// Generated from ${packageName} by \`npm run generate\`: edit nothing here.`,
    "",
    `/** ${what} */`,
    `${declaration} = ${JSON.stringify(value, null, 1)};`,
    "",
  ].join("\n");
}
