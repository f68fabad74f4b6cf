import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

/** Resources and published outputs; what cdktf adds for references between stacks is its own affair. */
function idsOf(stack: SynthesizedStack): string[] {
  const resources = Object.entries(stack.resource).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((id) => `${type}.${id}`),
  );
  const outputs = Object.keys(stack.output).filter((name) => !name.startsWith("cross-stack-output-"));
  return [...resources, ...outputs.map((name) => `output.${name}`)].toSorted();
}

test("no resource and no output of the shipped environment has another address than before", () => {
  const fixture = new URL("./logical-ids.json", import.meta.url);
  const frozen: unknown = JSON.parse(readFileSync(fixture, "utf8"));
  const stacks = Object.entries(synthesize()).map(([name, stack]) => [name, idsOf(stack)]);
  // A new id may be added to the file. A changed one replaces a resource that may carry traffic: move it in the state.
  expect(Object.fromEntries(stacks)).toEqual(frozen);
});
