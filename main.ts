import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { inSurroundings } from "./scripts/core/environments/surroundings.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { synthesizeHardened } from "./stacks/aspects/synthesize.ts";
import { addStacks } from "./stacks/slipway.ts";

const root = path.dirname(fileURLToPath(import.meta.url));
const file = "environments.jsonc";
const text = readFileSync(path.join(root, file), "utf8");
const parsed = parseEnvironments(text);

if (parsed.ok) {
  const app = new App();
  const settings = inSurroundings(parsed, process.env);
  addStacks(app, { ...settings, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  refuse(synthesizeHardened(app, { users: parsed.users, file, text }) ?? "");
} else {
  refuse(parsed.problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
}

function refuse(message: string): void {
  if (message === "") return;
  process.stderr.write(message);
  process.exitCode = 2;
}
