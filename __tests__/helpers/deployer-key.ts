import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { userWith } from "./local-iam.ts";

/**
 * Variables of a child that calls a local AWS with `enforceIam` as the deployer does: with the policy that the stacks
 * give it and nothing else.
 */
export async function deployerVariables(local: LocalAws): Promise<Record<string, string>> {
  const parsed = parseEnvironments(await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8"));
  if (!parsed.ok) throw new Error("The environments of the project are not valid.");
  const statements = deployerStatements([...parsed.environments.values()], {
    partition: "aws",
    id: "123456789012",
  });
  const { accessKeyId, secretAccessKey } = await userWith(local, ...statements);
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}
