import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { projectRoot } from "../../scripts/project-root.ts";
import { deploy } from "./deploy-command.ts";

/** A copy of the project as a team has it that deploys the example: its programs, its environments, its templates. */
export interface ExampleProject {
  /** Where `./deploy` is. */
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Copies what a deployment needs into a folder of its own, with the example's environments in the place of the
 * project's: `./deploy` reads those of the folder that it stands in.
 */
export async function exampleProject(): Promise<ExampleProject> {
  const root = projectRoot();
  // The launcher bundles what is out of date.
  await deploy(["--version"], { endpoint: "http://127.0.0.1:1" });
  const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-example-"));
  const take = (from: string, to = from) =>
    cp(path.join(root, from), path.join(folder, to), { recursive: true });
  await mkdir(path.join(folder, "scripts"));
  for (const file of ["deploy", "package.json", "cdktf.json", "scripts/launch.sh", "examples"]) {
    await take(file);
  }
  await take("examples/hello/environments.jsonc", "environments.jsonc");
  // Last, so that it is newer than what it is made of.
  await take("dist");
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
