import { readFile } from "node:fs/promises";
import path from "node:path";

import { parseEnvironments } from "../core/environments.ts";
import { completionScript, type Shell } from "../core/completion/script.ts";
import { exitCode } from "../core/exit-code.ts";
import { projectRoot } from "../project-root.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import type { RunCommand } from "./run-context.ts";

/** `./deploy completion <shell>`: prints the script that a shell sources. AWS is not asked. */
export async function completion({ services: [shell] }: RunCommand): Promise<CommandResult> {
  // The parser lets no other word through.
  const script = completionScript(shell as Shell, await environmentNames());
  return { exitCode: exitCode.completed, document: { shell, script }, text: () => script };
}

/** None where environments.jsonc cannot be read: other commands say what is wrong with it. */
async function environmentNames(): Promise<readonly string[]> {
  const text = await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8").catch(() => "");
  const parsed = parseEnvironments(text);
  return parsed.ok ? [...parsed.environments.keys()] : [];
}
