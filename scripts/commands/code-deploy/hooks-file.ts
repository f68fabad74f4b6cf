import { readFile } from "node:fs/promises";
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
  const found = (
    await Promise.all(
      fileNames(name).map(async (file) => {
        const text = await textOf(path.resolve(workingFolder, folder, file));
        return text === undefined ? [] : [{ file: path.join(folder, file), text }];
      }),
    )
  ).flat();
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw new InvalidInputError(
      `Service ${name} has two AppSpecs, ${first.file} and ${second.file}. Keep one of them. Nothing was changed.`,
    );
  }
  const { file, text } = first;
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

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new InvalidInputError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
