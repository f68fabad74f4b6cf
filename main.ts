import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { projectRoot } from "./scripts/project-root.ts";
import { addStacks } from "./stacks/slipway.ts";

const file = "environments.jsonc";
const parsed = parseEnvironments(readFileSync(path.join(projectRoot(), file), "utf8"));

if (parsed.ok) {
  const app = new App();
  addStacks(app, { ...parsed, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  app.synth();
} else {
  process.stderr.write(parsed.problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
  process.exitCode = 2;
}
