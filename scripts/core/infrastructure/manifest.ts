import { z } from "zod";

const manifestSchema = z.object({
  stacks: z.record(
    z.string(),
    z.object({ name: z.string(), synthesizedStackPath: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** A stack as the app has written it. */
export interface StackFile {
  readonly name: string;
  /** Its configuration, below the output folder. */
  readonly file: string;
  /** Stacks that are applied before it. */
  readonly dependencies: readonly string[];
}

/** Reads cdktf's `manifest.json`: every stack, those that others depend on first. */
export function readManifest(text: string): readonly StackFile[] {
  const { stacks } = manifestSchema.parse(JSON.parse(text));
  const files = Object.values(stacks).map(({ name, synthesizedStackPath, dependencies }) => ({
    name,
    file: synthesizedStackPath,
    dependencies: dependencies.toSorted(),
  }));
  return inOrder(files.toSorted((left, right) => left.name.localeCompare(right.name)));
}

function inOrder(files: readonly StackFile[]): StackFile[] {
  const ordered: StackFile[] = [];
  const visit = (file: StackFile): void => {
    if (ordered.includes(file)) return;
    // cdktf refuses stacks that depend on each other in a circle.
    files.filter(({ name }) => file.dependencies.includes(name)).forEach(visit);
    ordered.push(file);
  };
  files.forEach(visit);
  return ordered;
}

/** The stacks asked for, by name or by a pattern with `*`; without any, all. Gives those that match nothing as well. */
export function chooseStacks(
  files: readonly StackFile[],
  patterns: readonly string[],
): { readonly chosen: readonly StackFile[]; readonly unknown: readonly string[] } {
  const matches = (pattern: string, name: string): boolean =>
    new RegExp(`^${pattern.split("*").map(escapeForPattern).join(".*")}$`).test(name);
  return {
    chosen: files.filter(({ name }) => patterns.length === 0 || patterns.some((one) => matches(one, name))),
    unknown: patterns.filter((one) => !files.some(({ name }) => matches(one, name))),
  };
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The stacks and everything that they depend on. */
export function withDependencies(
  files: readonly StackFile[],
  chosen: readonly StackFile[],
): readonly StackFile[] {
  const wanted = new Set(chosen.map(({ name }) => name));
  for (const { name, dependencies } of files.toReversed()) {
    if (wanted.has(name)) dependencies.forEach((dependency) => wanted.add(dependency));
  }
  return files.filter(({ name }) => wanted.has(name));
}
