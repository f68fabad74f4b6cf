import { App } from "cdktf";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { synthesizeHardened } from "../../stacks/aspects/synthesize.ts";
import { addStacks } from "../../stacks/slipway.ts";

/** The arguments of one resource, data source or output in Terraform's own names. */
export type Block = Readonly<Record<string, unknown>>;

/** A stack as Terraform reads it: blocks by type and id. */
export interface SynthesizedStack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output: Readonly<Record<string, Block>>;
  readonly provider: Readonly<Record<string, readonly Block[]>>;
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
}

/** The environments file that the project ships. */
export function shippedEnvironments(): string {
  return readFileSync(path.join(projectRoot(), "environments.jsonc"), "utf8");
}

/**
 * Synthesizes the stacks of an environments file the way main.ts does, and gives them by name.
 *
 * @param hardened whether the hardening rules have to hold, as they have to for main.ts
 */
export function synthesize(
  environmentsText: string = shippedEnvironments(),
  { hardened = false }: { readonly hardened?: boolean } = {},
): Readonly<Record<string, SynthesizedStack>> {
  const parsed = parseEnvironments(environmentsText);
  if (!parsed.ok) {
    throw new Error(`The environments are not valid: ${JSON.stringify(parsed.problems)}`);
  }
  const outdir = mkdtempSync(path.join(os.tmpdir(), "slipway-synthesis-"));
  try {
    const app = new App({ outdir });
    addStacks(app, { ...parsed, stateDirectory: "/state" });
    if (hardened) {
      const source = { users: parsed.users, file: "environments.jsonc", text: environmentsText };
      const refusal = synthesizeHardened(app, source);
      if (refusal !== undefined) throw new Error(refusal);
    } else {
      app.synth();
    }
    const folder = path.join(outdir, "stacks");
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readStack(path.join(folder, name))]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The stack of that name. */
export function stackOf(stacks: Readonly<Record<string, SynthesizedStack>>, name: string): SynthesizedStack {
  const stack = stacks[name];
  if (stack === undefined) {
    throw new Error(`There is no stack ${name}; there are ${Object.keys(stacks).join(", ")}.`);
  }
  return stack;
}

/** All resources of a type in a stack, by id. */
export function resourcesOf(stack: SynthesizedStack, type: string): Readonly<Record<string, Block>> {
  return stack.resource[type] ?? {};
}

/** The only resource of a type in a stack. */
export function onlyResource(stack: SynthesizedStack, type: string): Block {
  const [first, ...others] = Object.values(resourcesOf(stack, type));
  if (first === undefined || others.length > 0) {
    throw new Error(`One ${type} is expected, not ${first === undefined ? 0 : others.length + 1}.`);
  }
  return first;
}

function readStack(folder: string): SynthesizedStack {
  const written = JSON.parse(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")) as SynthesizedStack;
  const empty = { resource: {}, data: {}, output: {} };
  return { ...empty, ...written };
}
