import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseEnvironments, type Environment, type ParsedEnvironments } from "../core/environments.ts";
import { environmentIn } from "../core/environments/surroundings.ts";
import { InvalidInputError } from "../core/errors.ts";
import { projectRoot } from "../project-root.ts";

const fileName = "environments.jsonc";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The environment of that name from the project's environments.jsonc.
 *
 * @throws InvalidInputError when the file has mistakes, or no environment of that name
 */
export async function loadEnvironment(name: string, variables: Variables): Promise<Environment> {
  const parsed = readEnvironments(await readFile(path.join(projectRoot(), fileName), "utf8"), fileName);
  const environment = parsed.environments.get(name);
  if (environment !== undefined) return environmentIn(environment, variables);
  const known = [...parsed.environments.keys()].join(", ");
  throw new InvalidInputError(
    `There is no environment ${JSON.stringify(name)} in ${fileName}. Known: ${known}. Choose one with --env, or add it there.`,
  );
}

/**
 * Everything that an environments file says.
 *
 * @param file its name, as messages have it
 * @throws InvalidInputError with every mistake
 */
export function readEnvironments(text: string, file: string): Extract<ParsedEnvironments, { ok: true }> {
  const parsed = parseEnvironments(text);
  if (parsed.ok) return parsed;
  throw new InvalidInputError(
    `${file} has ${parsed.problems.length === 1 ? "a mistake" : `${parsed.problems.length} mistakes`}:`,
    parsed.problems.map((problem) => ({ file, ...problem })),
  );
}
