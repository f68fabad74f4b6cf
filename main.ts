import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { inSurroundings } from "./scripts/core/environments/surroundings.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { addStacks } from "./stacks/slipway.ts";

const root = path.dirname(fileURLToPath(import.meta.url));
const file = "environments.jsonc";
const parsed = parseEnvironments(readFileSync(path.join(root, file), "utf8"));

if (parsed.ok) {
  const app = new App();
  const settings = inSurroundings(parsed, process.env);
  addStacks(app, { ...settings, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  app.synth();
} else {
  process.stderr.write(parsed.problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
  process.exitCode = 2;
}
