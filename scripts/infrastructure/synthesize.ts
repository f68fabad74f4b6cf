import { execa } from "execa";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { readManifest } from "../core/infrastructure/manifest.ts";
import type { StackFile } from "../core/infrastructure/manifest.ts";
import type { Configuration } from "../core/infrastructure/plan/stand-ins.ts";
import { parseStack } from "../core/infrastructure/stack.ts";
import type { SynthesizedStack } from "../core/infrastructure/stack.ts";
import { projectRoot } from "../project-root.ts";
import { CommandFailure } from "./command-failure.ts";

/** A stack as the app has written it, with its configuration. */
export interface Synthesis extends StackFile {
  readonly stack: SynthesizedStack;
  /** The same, with all that Terraform reads. */
  readonly configuration: Configuration;
}

/**
 * Runs the app that `cdktf.json` names, as cdktf does, and reads what it wrote; stacks that others depend on come first.
 *
 * @param folder where the app writes to
 * @param app another command than that of `cdktf.json`
 * @throws CommandFailure with exit code 2 if the app refuses, with what it said
 */
export async function synthesize(folder: string, app?: string): Promise<readonly Synthesis[]> {
  const result = await execa(app ?? (await appCommand()), {
    shell: true,
    cwd: projectRoot(),
    env: { CDKTF_OUTDIR: folder, NODE_NO_WARNINGS: "1" },
    stdin: "ignore",
    reject: false,
    all: true,
  });
  if (result.failed) throw new CommandFailure(2, `The stacks can't be synthesized.\n${result.all.trimEnd()}`);
  const manifest = readManifest(await readFile(path.join(folder, "manifest.json"), "utf8"));
  return Promise.all(
    manifest.map(async (file) => {
      const text = await readFile(path.join(folder, file.file), "utf8");
      // An object by its syntax: parseStack would have thrown.
      return { ...file, stack: parseStack(text), configuration: JSON.parse(text) as Configuration };
    }),
  );
}

async function appCommand(): Promise<string> {
  const { app } = JSON.parse(await readFile(path.join(projectRoot(), "cdktf.json"), "utf8")) as {
    app: string;
  };
  return app;
}
