/**
 * What every input must hold by the API's model, whatever the operation: required members and the values of enums. The
 * SDK's clients check neither, so ECS does.
 */
import { enumMembers, enums } from "./enums.generated.ts";
import { clientException, invalidParameter, type AwsError } from "./errors.ts";
import { resolveSchema, structureKind, type StructureTuple } from "./schema.ts";

type Refusal = (message: string) => AwsError;

/**
 * Throws for the first member that is missing or has a value of no enum; nested structures too.
 *
 * @throws AwsError ClientException for a task definition, InvalidParameterException for other inputs
 */
export function checkConstraints(schema: unknown, input: unknown): void {
  const structure = resolveSchema(schema) as StructureTuple;
  checkStructure(
    structure,
    input,
    structure[2] === "RegisterTaskDefinitionRequest" ? clientException : invalidParameter,
  );
}

function checkStructure(
  [, , structure, , names, members, required]: StructureTuple,
  value: unknown,
  refuse: Refusal,
) {
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of names.slice(0, required ?? 0)) {
    if (given[name] === undefined) throw refuse(`${name} can not be blank.`);
  }
  for (const [index, name] of names.entries()) {
    const member = given[name];
    if (member === undefined) continue;
    checkEnum(`${structure}.${name}`, name, member, refuse);
    checkNested(members[index], member, refuse);
  }
}

function checkNested(reference: unknown, value: unknown, refuse: Refusal): void {
  const schema = resolveSchema(reference);
  if (!Array.isArray(schema)) return;
  if (structureKind(schema) === "structure")
    checkStructure(schema as unknown as StructureTuple, value, refuse);
  else if (structureKind(schema) === "list") {
    for (const item of value as unknown[]) checkNested(schema[4], item, refuse);
  } else if (structureKind(schema) === "map") {
    for (const item of Object.values(value as object)) checkNested(schema[5], item, refuse);
  }
}

/** How ECS names a member in its messages, where that is not the member's own name. */
const spoken: Readonly<Record<string, string>> = {
  launchType: "launch type",
  schedulingStrategy: "Scheduling strategy",
};

function checkEnum(member: string, name: string, value: unknown, refuse: Refusal): void {
  const values = enums[enumMembers[member] ?? ""];
  if (!values) return;
  const given = Array.isArray(value) ? (value as unknown[]) : [value];
  if (given.every((item) => typeof item !== "string" || values.includes(item))) return;
  throw refuse(`${spoken[name] ?? name} should be one of [${values.join(",")}]`);
}
