import { parseStack } from "../../scripts/core/infrastructure/stack.ts";
import type { SynthesizedStack } from "../../scripts/core/infrastructure/stack.ts";
import { synthesize } from "./terraform-synthesis.ts";

/** The stacks of an environments file, as the tools of the infrastructure read them. */
export function appStacks(environmentsText?: string): ReadonlyMap<string, SynthesizedStack> {
  const stacks = Object.entries(synthesize(environmentsText));
  return new Map(stacks.map(([name, stack]) => [name, parseStack(JSON.stringify(stack))]));
}

/** The same with one more resource. */
export function withResource(
  stacks: ReadonlyMap<string, SynthesizedStack>,
  stackName: string,
  type: string,
  attributes: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, SynthesizedStack> {
  const stack = stacks.get(stackName);
  if (stack === undefined) throw new Error(`There is no stack ${stackName}.`);
  const blocks = { ...stack.resource[type], added: { ...attributes } };
  return new Map(stacks).set(stackName, { ...stack, resource: { ...stack.resource, [type]: blocks } });
}
