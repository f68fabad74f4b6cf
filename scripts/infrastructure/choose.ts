import { chooseStacks } from "../core/infrastructure/manifest.ts";
import { environmentOf } from "../core/infrastructure/stack.ts";
import { CommandFailure } from "./command-failure.ts";
import type { Synthesis } from "./synthesize.ts";

/** Which stacks are meant: by name or by a pattern with `*`, of one environment or of all. */
export interface Choice {
  readonly patterns: readonly string[];
  readonly environment?: string;
}

/**
 * The stacks that are meant.
 *
 * @throws CommandFailure with exit code 2 if there is none of that name or environment
 */
export function chooseFrom(
  all: readonly Synthesis[],
  { patterns, environment }: Choice,
): readonly Synthesis[] {
  const environments = environmentsIn(all);
  if (environment !== undefined && !environments.includes(environment)) {
    throw new CommandFailure(
      2,
      `There is no environment ${JSON.stringify(environment)} in environments.jsonc. Allowed: ${environments.join(", ")}.`,
    );
  }
  const own = all.filter(({ stack }) => environment === undefined || environmentOf(stack) === environment);
  const { chosen, unknown } = chooseStacks(own, patterns);
  if (unknown.length > 0) {
    const names = own.map(({ name }) => name).join(", ");
    const where = environment === undefined ? "" : ` in environment ${environment}`;
    throw new CommandFailure(
      2,
      `There is no stack ${unknown.map((one) => JSON.stringify(one)).join(", ")}${where}. Allowed: ${names}; or a pattern as in '*-network'.`,
    );
  }
  const names = new Set(chosen.map(({ name }) => name));
  return own.filter(({ name }) => names.has(name));
}

/** The environments that stacks belong to, each once. */
export function environmentsIn(all: readonly Synthesis[]): readonly string[] {
  return [...new Set(all.flatMap(({ stack }) => environmentOf(stack) ?? []))];
}
