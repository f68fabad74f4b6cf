import { execa } from "execa";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { parsePlan } from "../core/infrastructure/plan/plan-json.ts";
import type { PlanJson } from "../core/infrastructure/plan/plan-json.ts";
import type { Configuration } from "../core/infrastructure/plan/stand-ins.ts";
import { CommandFailure } from "./command-failure.ts";

/** What Terraform is run with. */
export interface TerraformRun {
  readonly binary: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Plans a configuration with the real Terraform, in a folder of its own. Nothing is written to the stack's state, so no
 * lock is taken either: a plan never stands in the way of who applies.
 *
 * @throws CommandFailure with exit code 5 if Terraform or AWS refuses, with what it said
 */
export async function planWithTerraform(
  stack: string,
  configuration: Configuration,
  folder: string,
  run: TerraformRun,
): Promise<PlanJson> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "cdk.tf.json"), JSON.stringify(configuration, null, 1), { mode: 0o600 });
  const terraform = async (...args: string[]): Promise<string> => {
    const result = await execa(run.binary, args, {
      cwd: folder,
      env: { ...run.environment, TF_IN_AUTOMATION: "1", TF_INPUT: "0" },
      extendEnv: false,
      stdin: "ignore",
      reject: false,
      maxBuffer: 200 * 1024 * 1024,
    });
    if (result.failed) {
      const told = result.stderr.trim() === "" ? result.shortMessage : result.stderr.trim();
      throw new CommandFailure(5, `Stack ${stack}: terraform ${args[0] ?? ""} failed.\n${told}`);
    }
    return result.stdout;
  };
  await terraform("init", "-input=false", "-no-color");
  await terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan");
  return parsePlan(await terraform("show", "-json", "-no-color", "plan"));
}
