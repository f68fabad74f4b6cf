// Lists every hardening rule with its state in every environment: `npm run audit`. It synthesizes the stacks, and
// leaves nothing behind.
import { App } from "cdktf";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { fs, tmpdir } from "zx";

import { parseEnvironments } from "./core/environments.ts";
import { refusalText } from "./core/hardening/refusal.ts";
import { isClean } from "./core/hardening/report.ts";
import type { HardeningReport } from "./core/hardening/report.ts";
import { formatProblem } from "./core/problem.ts";
import { projectRoot } from "./project-root.ts";
import { auditText } from "./terminal/audit-text.ts";
import { jsonText } from "./terminal/json-text.ts";
import { paintFor } from "./terminal/paint.ts";
import { reportOn, stacksIn } from "../stacks/aspects/survey.ts";
import { addStacks } from "../stacks/slipway.ts";

const usage = `Usage: npm run audit [-- --output text|json] [--environments <file>] [--no-color]

  --output json           one JSON document on standard output
  --environments <file>   another file than environments.jsonc
  --no-color              no colours

Exit code 0 where every rule holds or is suppressed with a reason, otherwise 2.
`;

const widthWithoutTerminal = 100;

main();

function main(): void {
  try {
    const { values } = parseArgs({
      options: {
        output: { type: "string", default: "text" },
        environments: { type: "string", default: path.join(projectRoot(), "environments.jsonc") },
        "no-color": { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      process.stdout.write(usage);
    } else if (values.output === "text" || values.output === "json") {
      audit({ file: values.environments, output: values.output, withColour: !values["no-color"] });
    } else {
      refuse(`--output ${values.output} is not known. Allowed: text, json.\n${usage}`);
    }
  } catch (error) {
    refuse(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

interface AuditOptions {
  readonly file: string;
  readonly output: "text" | "json";
  readonly withColour: boolean;
}

function audit({ file, output, withColour }: AuditOptions): void {
  const source = { file: path.relative(process.cwd(), file), text: readFileSync(file, "utf8") };
  const parsed = parseEnvironments(source.text);
  if (!parsed.ok) {
    refuse(
      parsed.problems.map((problem) => `${formatProblem({ ...problem, file: source.file })}\n`).join(""),
    );
    return;
  }
  const report = reportFor(parsed);
  const paint = paintFor(process.stdout, withColour, process.env);
  const columns = process.stdout.columns || widthWithoutTerminal;
  process.stdout.write(
    output === "json" ? jsonText(documentOf(report), 2) : auditText(report, paint, columns),
  );
  if (!isClean(report)) refuse(`\n${refusalText(report, source)}`);
}

/** cdktf makes its folder even for an app that is never written. */
function reportFor(parsed: Extract<ReturnType<typeof parseEnvironments>, { ok: true }>): HardeningReport {
  const outdir = tmpdir();
  try {
    const app = new App({ outdir });
    addStacks(app, { ...parsed, stateDirectory: outdir });
    stacksIn(app).forEach((stack) => stack.prepareStack());
    return reportOn(app, parsed.users);
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** What `--output json` prints: rules by environment, and null for the account's. */
function documentOf({ results, unused }: HardeningReport): object {
  const scopes = [...new Set(results.map(({ scope }) => scope))];
  return {
    clean: isClean({ results, unused }),
    scopes: scopes.map((environment) => ({
      environment: environment ?? null,
      rules: results.flatMap(({ scope, ...rule }) => (scope === environment ? [rule] : [])),
    })),
    unusedSuppressions: unused.map(({ scope, ...suppression }) => ({
      environment: scope ?? null,
      ...suppression,
    })),
  };
}

function refuse(message: string): void {
  process.stderr.write(message);
  process.exitCode = 2;
}
