import {
  CreateServiceRequest$,
  RegisterTaskDefinitionRequest$,
  UpdateServiceRequest$,
  type CreateServiceCommandInput,
  type RegisterTaskDefinitionCommandInput,
  type UpdateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { Call } from "../../scripts/local/ecs/api/call.ts";
import { enumMembers, enums } from "../../scripts/local/ecs/api/enums.generated.ts";
import { AwsError } from "../../scripts/local/ecs/api/errors.ts";
import { readInput } from "../../scripts/local/ecs/api/input.ts";
import { resolveSchema, structureKind, type StructureTuple } from "../../scripts/local/ecs/api/schema.ts";
import { createService } from "../../scripts/local/ecs/api/services.ts";
import { registerTaskDefinition } from "../../scripts/local/ecs/api/task-definitions.ts";
import { updateService } from "../../scripts/local/ecs/api/update-service.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

/** Strings that mean something to the API, among those that mean nothing. */
const telling = fc.constantFrom(
  "web",
  "test",
  "web:1",
  "80",
  "256",
  "512",
  "FARGATE",
  "1.4.0",
  targetGroupArn,
);
const text = fc.oneof({ weight: 3, arbitrary: telling }, fc.string({ maxLength: 300 }));
const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2, 80, 100, 128, 200), fc.integer());

/** Anything that the API's own schema of an input lets through, and now and then what it does not. */
function valueOf(reference: unknown, name: string, depth: number): fc.Arbitrary<unknown> {
  const schema = resolveSchema(reference);
  const allowed = enums[enumMembers[name] ?? ""];
  if (typeof schema === "number") {
    if (schema >= 128) return fc.dictionary(text, valueOf(schema & ~128, name, depth), { maxKeys: 2 });
    if (schema >= 64) return fc.array(valueOf(schema & ~64, name, depth), { maxLength: 3 });
    if (schema === 0)
      return allowed ? fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...allowed) }, text) : text;
    return schema === 1 ? number : schema === 2 ? fc.boolean() : fc.jsonValue();
  }
  if (!Array.isArray(schema) || depth === 0) return fc.constant(undefined);
  if (structureKind(schema) === "list") return fc.array(valueOf(schema[4], name, depth), { maxLength: 3 });
  if (structureKind(schema) === "map")
    return fc.dictionary(text, valueOf(schema[5], name, depth), { maxKeys: 2 });
  if (structureKind(schema) !== "structure") return text;
  const [, , structure, , names, members] = schema as unknown as StructureTuple;
  const fields = names.map((field, index) => [
    field,
    // Most members are left out, or no input would ever get past the first rules.
    fc.option(valueOf(members[index], `${structure}.${field}`, depth - 1), { nil: undefined, freq: 2 }),
  ]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>);
}

const plain = {
  family: "web",
  containerDefinitions: [
    { name: "web", image: "nginx", memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
  ],
};
const calls: readonly [string, unknown, object, (call: Call, input: unknown) => unknown][] = [
  [
    "RegisterTaskDefinition",
    RegisterTaskDefinitionRequest$,
    plain,
    (call, input) => registerTaskDefinition(call, input as RegisterTaskDefinitionCommandInput),
  ],
  [
    "CreateService",
    CreateServiceRequest$,
    { cluster: "test", serviceName: "other", taskDefinition: "web", desiredCount: 1 },
    (call, input) => createService(call, input as CreateServiceCommandInput),
  ],
  [
    "UpdateService",
    UpdateServiceRequest$,
    { cluster: "test", service: "web" },
    (call, input) => updateService(call, input as UpdateServiceCommandInput),
  ],
];

/** So many members of an input that are given, from one of them on. */
function someOf(input: object, first: number, count: number): object {
  const members = Object.entries(input).filter(([, value]) => value !== undefined);
  const start = first % Math.max(1, members.length);
  return Object.fromEntries([...members.slice(start), ...members.slice(0, start)].slice(0, count));
}

describe("whatever it is given,", () => {
  test.each(calls)(
    "%s answers or throws an AwsError, which changes nothing",
    (_name, schema, base, handle) => {
      const world = new World();
      world.create("nginx:1");
      const before = world.state;
      const outcomes = { answered: 0, refused: 0 };
      // A member or two in an input that is in order gets further than an input that is all chance.
      const input = fc.tuple(valueOf(schema, "", 4), fc.constantFrom(0, 1, 2, 20), fc.nat());
      fc.assert(
        fc.property(input, ([given, kept, first]) => {
          world.state = before;
          const body = JSON.stringify(
            kept === 20 ? given : { ...someOf(given as object, first, kept), ...base },
          );
          try {
            world.call((call) => handle(call, readInput(schema, body)));
            outcomes.answered += 1;
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            outcomes.refused += 1;
            expect(world.state).toBe(before);
          }
        }),
        { numRuns: 400, seed: 20_261_121 },
      );
      expect(outcomes.refused).toBeGreaterThan(0);
      expect(outcomes.answered).toBeGreaterThan(0);
    },
  );
});
