/**
 * Synthesizes the stacks of an environments file of the tests, as main.ts does those of the project's own.
 * Arguments: the file; state goes to SLIPWAY_STATE_DIR.
 */
import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { inSurroundings } from "../../scripts/core/environments/surroundings.ts";
import { synthesizeHardened } from "../../stacks/aspects/synthesize.ts";
import { addStacks } from "../../stacks/slipway.ts";

const file = process.argv[2] ?? "";
const text = readFileSync(file, "utf8");
const parsed = parseEnvironments(text);
if (!parsed.ok) {
  throw new Error(`The environments are not valid: ${JSON.stringify(parsed.problems)}`);
}
const app = new App();
const settings = inSurroundings(parsed, process.env);
addStacks(app, { ...settings, stateDirectory: path.resolve(process.env["SLIPWAY_STATE_DIR"] ?? "") });
const refusal = synthesizeHardened(app, { users: parsed.users, file, text });
if (refusal !== undefined) throw new Error(refusal);
