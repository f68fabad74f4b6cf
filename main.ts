import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { overfullPipelines } from "./stacks/pipeline-limits.ts";
import { addStacks } from "./stacks/slipway.ts";

const root = path.dirname(fileURLToPath(import.meta.url));
const file = "environments.jsonc";
const text = readFileSync(path.join(root, file), "utf8");
const parsed = parseEnvironments(text);
const problems = parsed.ok ? overfullPipelines(text, parsed) : parsed.problems;

if (parsed.ok && problems.length === 0) {
  const app = new App();
  addStacks(app, { ...parsed, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  app.synth();
} else {
  process.stderr.write(problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
  process.exitCode = 2;
}
