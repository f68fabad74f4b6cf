import { existsSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";

import { differences } from "../core/infrastructure/differences.ts";
import type { Difference } from "../core/infrastructure/differences.ts";
import { shellWord } from "../core/shell-word.ts";
import { projectRoot } from "../project-root.ts";
import { CommandFailure } from "./command-failure.ts";
import { inFolder } from "./in-folder.ts";
import { synthesize } from "./synthesize.ts";
import type { Synthesis } from "./synthesize.ts";

/** What one stack comes to under CDK Terrain. */
export interface CheckedStack {
  readonly name: string;
  /** None: the same JSON. */
  readonly differences: readonly Difference[];
}

/**
 * Synthesizes the stacks of an environments file twice, with cdktf and with CDK Terrain (`cdktn`) in its place, and
 * compares what Terraform would read, stack by stack.
 *
 * @throws CommandFailure with exit code 2 if the file is not there or either of them refuses it
 */
export async function checkCdktn(environmentsFile: string): Promise<readonly CheckedStack[]> {
  if (!existsSync(path.resolve(projectRoot(), environmentsFile))) {
    throw new CommandFailure(2, `${environmentsFile}: there is no such file in the project's folder.`);
  }
  return inFolder("cdktn", async (folder) => {
    const [under, before] = [path.join(folder, "cdktn.js"), path.join(folder, "cdktf.js")];
    await Promise.all([bundle(under, "cdktf=cdktn"), bundle(before)]);
    const run = (program: string): Promise<readonly Synthesis[]> =>
      synthesize(`${program}.out`, `node ${shellWord(program)} ${shellWord(environmentsFile)}`);
    const [ours, theirs] = [await run(before), await run(under)];
    await expectFramework(theirs);
    const names = [...new Set([...ours, ...theirs].map(({ name }) => name))];
    const configuration = (stacks: readonly Synthesis[], name: string): unknown =>
      stacks.find((stack) => stack.name === name)?.configuration;
    return names.map((name) => ({
      name,
      differences: differences(configuration(ours, name), configuration(theirs, name)),
    }));
  });
}

async function bundle(outfile: string, ...aliases: readonly string[]): Promise<void> {
  await execa("node", ["scripts/bundle-stacks.js", outfile, ...aliases], { cwd: projectRoot() });
}

/** The same JSON would prove nothing if cdktf had made both. */
async function expectFramework(stacks: readonly Synthesis[]): Promise<void> {
  const version = await cdktnVersion();
  const found = new Set(stacks.map(({ configuration }) => versionIn(configuration)));
  if (found.size !== 1 || !found.has(version)) {
    throw new Error(
      `The stacks should have been synthesized by cdktn ${version}, not by ${[...found].join(", ")}.`,
    );
  }
}

/** Both frameworks note their version in every stack. */
function versionIn(configuration: Synthesis["configuration"]): unknown {
  const comment = configuration["//"] as { metadata?: { version?: unknown } } | undefined;
  return comment?.metadata?.version;
}

/** The release of CDK Terrain that is installed. */
export async function cdktnVersion(): Promise<string> {
  const { stdout } = await execa("node", ["-p", "require('cdktn/package.json').version"], {
    cwd: projectRoot(),
  });
  return stdout;
}
