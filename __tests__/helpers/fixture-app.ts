/**
 * Synthesizes the stacks of an environments file of the tests, as main.ts does those of the project's own.
 * Arguments: the file; state goes to SLIPWAY_STATE_DIR.
 */
import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { inSurroundings } from "../../scripts/core/environments/surroundings.ts";
import { addStacks } from "../../stacks/slipway.ts";

const parsed = parseEnvironments(readFileSync(process.argv[2] ?? "", "utf8"));
if (!parsed.ok) {
  throw new Error(`The environments are not valid: ${JSON.stringify(parsed.problems)}`);
}
const app = new App();
const settings = inSurroundings(parsed, process.env);
addStacks(app, { ...settings, stateDirectory: path.resolve(process.env["SLIPWAY_STATE_DIR"] ?? "") });
app.synth();
