import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "./scripts/core/environments.ts";
import { inSurroundings } from "./scripts/core/environments/surroundings.ts";
import { formatProblem } from "./scripts/core/problem.ts";
import { projectRoot } from "./scripts/project-root.ts";
import { synthesizeHardened } from "./stacks/aspects/synthesize.ts";
import { overfullPipelines } from "./stacks/pipeline-limits.ts";
import { addStacks } from "./stacks/slipway.ts";

// An argument names another file, below the project's folder.
const file = process.argv[2] ?? "environments.jsonc";
const text = readFileSync(path.resolve(projectRoot(), file), "utf8");
const parsed = parseEnvironments(text);
const problems = parsed.ok ? overfullPipelines(text, parsed) : parsed.problems;

if (parsed.ok && problems.length === 0) {
  const app = new App();
  const settings = inSurroundings(parsed, process.env);
  addStacks(app, { ...settings, stateDirectory: path.resolve(process.env.SLIPWAY_STATE_DIR ?? "") });
  refuse(synthesizeHardened(app, { users: parsed.users, file, text }) ?? "");
} else {
  refuse(problems.map((problem) => `${formatProblem({ file, ...problem })}\n`).join(""));
}

function refuse(message: string): void {
  if (message === "") return;
  process.stderr.write(message);
  process.exitCode = 2;
}
