import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseEnvironments, type Environment } from "../core/environments.ts";
import { environmentIn } from "../core/environments/surroundings.ts";
import { InvalidInputError } from "../core/errors.ts";
import { projectRoot } from "../project-root.ts";

const fileName = "environments.jsonc";

/**
 * The environment of that name from the project's environments.jsonc.
 *
 * @throws InvalidInputError when the file has mistakes, or no environment of that name
 */
export async function loadEnvironment(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Environment> {
  const parsed = parseEnvironments(await readFile(path.join(projectRoot(), fileName), "utf8"));
  if (!parsed.ok) {
    throw new InvalidInputError(
      `${fileName} has ${parsed.problems.length === 1 ? "a mistake" : `${parsed.problems.length} mistakes`}:`,
      parsed.problems.map((problem) => ({ file: fileName, ...problem })),
    );
  }
  const environment = parsed.environments.get(name);
  if (environment !== undefined) return environmentIn(environment, variables);
  const known = [...parsed.environments.keys()].join(", ");
  throw new InvalidInputError(
    `There is no environment ${JSON.stringify(name)} in ${fileName}. Known: ${known}. Choose one with --env, or add it there.`,
  );
}
