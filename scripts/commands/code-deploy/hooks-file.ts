import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { Hook } from "../../core/code-deploy/app-spec.ts";
import type { HookTemplate } from "../../core/code-deploy/hooks.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { lookupIn, parameterFor } from "../../core/template/template-values.ts";
import type { RunCommand, RunContext } from "../run-context.ts";

/** An AppSpec's file, beside the service's other templates. */
const fileNames = (name: string): readonly string[] =>
  ["yaml", "yml", "json"].flatMap((ending) => [`${name}/appspec.${ending}`, `appspec-${name}.${ending}`]);

/** The hooks of a service, and the file that they stand in. */
export interface ServiceHooks {
  readonly file: string;
  readonly hooks: readonly Hook[];
}

/**
 * The hooks that a service's templates ask for, filled in; undefined where they have no AppSpec.
 *
 * @throws InvalidInputError with every mistake of the file
 */
export async function hooksOf(
  name: string,
  { options }: RunCommand,
  { known, parameters }: RunContext,
  workingFolder: string,
): Promise<ServiceHooks | undefined> {
  const folder = options.templatesFolder;
  const root = path.resolve(workingFolder, folder);
  const [found, second] = await existing(fileNames(name), root);
  if (found === undefined) return undefined;
  const file = path.join(folder, found);
  if (second !== undefined) {
    throw new InvalidInputError(
      `Service ${name} has two AppSpecs, ${file} and ${path.join(folder, second)}. Keep one of them. Nothing was changed.`,
    );
  }
  const text = await readFile(path.join(root, found), "utf8");
  const { readHooks } = await import("../../core/code-deploy/hooks.ts");
  const read = readHooks(file, text);
  if (!read.ok) throw new InvalidInputError("The AppSpec has mistakes; nothing was changed:", read.problems);
  const names = read.hooks
    .flatMap(({ placeholders }) => placeholders)
    .flatMap((placeholder) => parameterFor(placeholder, known) ?? []);
  const values = names.length === 0 ? new Map() : await parameters.read([...new Set(names)]);
  const filled = read.hooks.map((hook: HookTemplate) => hook.fill(lookupIn(known, values)));
  const problems = filled.flatMap((one) => (one.ok ? [] : [one.problem]));
  if (problems.length > 0)
    throw new InvalidInputError("The AppSpec has mistakes; nothing was changed:", problems);
  return { file, hooks: filled.flatMap((one) => (one.ok ? [one.hook] : [])) };
}

/** Those of some files that are in the folder. */
async function existing(files: readonly string[], root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const there = new Set(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  return files.filter((file) => there.has(file));
}
