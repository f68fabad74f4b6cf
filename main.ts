import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { projectRoot } from "./scripts/project-root.ts";
import { addStacks } from "./stacks/slipway.ts";

// An argument names another file, below the project's folder.
const file = process.argv[2] ?? "environments.jsonc";
const parsed = parseEnvironments(readFileSync(path.resolve(projectRoot(), file), "utf8"));

if (parsed.ok) {
  const app = new App();
  addStacks(app, { ...parsed, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  app.synth();
} else {
  process.stderr.write(parsed.problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
  process.exitCode = 2;
}
