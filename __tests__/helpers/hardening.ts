import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { App, TerraformStack } from "cdktf";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import type { HardeningReport, RuleResult } from "../../scripts/core/hardening/report.ts";
import type { RuleId } from "../../scripts/core/hardening/rule-ids.ts";
import { reportOn, stacksIn } from "../../stacks/aspects/survey.ts";
import { synthesizeHardened } from "../../stacks/aspects/synthesize.ts";
import { addStacks } from "../../stacks/slipway.ts";
import { shippedEnvironments } from "./terraform-synthesis.ts";

/** Adds resources to a stack of a test. */
export type Build = (stack: TerraformStack) => void;

/** What a rule refuses and what it takes. */
export interface RuleCase {
  readonly refused: readonly { readonly what: string; readonly build: Build; readonly found: string }[];
  readonly taken: readonly { readonly what: string; readonly build: Build }[];
}

/** Does something with an app whose folder goes with it. */
export function withApp<Result>(use: (app: App, outdir: string) => Result): Result {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "slipway-hardening-"));
  try {
    return use(new App({ outdir }), outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function addTestStack(app: App, id: string, build: Build): void {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
}

const users = { deployerAccessKey: false, suppressions: {} };
const noFile = { file: "environments.jsonc", text: "{}" };

/** Synthesizes a stack; what is said where it is refused, and the stacks that were written. */
export function synthesizeStack(build: Build): { refusal: string | undefined; written: readonly string[] } {
  return withApp((app, outdir) => {
    // One without a fault, which cdktf would write first.
    addTestStack(app, "before", () => undefined);
    addTestStack(app, "stack", build);
    const refusal = synthesizeHardened(app, { users, ...noFile });
    return { refusal, written: readdirSync(path.join(outdir, "stacks")) };
  });
}

/** How a rule fares with a stack. */
export function resultFor(id: RuleId, build: Build): RuleResult {
  return withApp((app) => {
    addTestStack(app, "stack", build);
    return resultOf(prepared(app), id);
  });
}

/** The rules' report on an environments file. */
export function reportOnFile(text: string = shippedEnvironments()): HardeningReport {
  return withApp((app) => {
    const parsed = accepted(text);
    addStacks(app, { ...parsed, stateDirectory: "/state" });
    return prepared(app, parsed.users);
  });
}

/** What is said of an environments file that is synthesized as main.ts does it; undefined where it is synthesized. */
export function refusalOfFile(text: string): string | undefined {
  return withApp((app) => {
    const parsed = accepted(text);
    addStacks(app, { ...parsed, stateDirectory: "/state" });
    return synthesizeHardened(app, { users: parsed.users, file: "environments.jsonc", text });
  });
}

/** The rules' report on an app that was not synthesized. */
export function prepared(app: App, of: Parameters<typeof reportOn>[1] = users): HardeningReport {
  stacksIn(app).forEach((stack) => stack.prepareStack());
  return reportOn(app, of);
}

function accepted(text: string): Extract<ReturnType<typeof parseEnvironments>, { ok: true }> {
  const parsed = parseEnvironments(text);
  if (!parsed.ok) throw new Error(`The environments are not valid: ${JSON.stringify(parsed.problems)}`);
  return parsed;
}

/** A rule's result in an environment, or for the account. */
export function resultOf({ results }: HardeningReport, id: RuleId, environment?: string): RuleResult {
  const found = results.find((result) => result.id === id && result.scope === environment);
  if (found === undefined)
    throw new Error(`There is no result for ${id} in ${environment ?? "the account"}.`);
  return found;
}
