import { App } from "cdktf";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import * as z from "zod";
import { tmpdir } from "zx";

import { parseEnvironments } from "../core/environments.ts";
import { refusalText } from "../core/hardening/refusal.ts";
import { isClean } from "../core/hardening/report.ts";
import type { HardeningReport } from "../core/hardening/report.ts";
import { formatProblem } from "../core/problem.ts";
import { projectRoot } from "../project-root.ts";
import { auditText } from "../terminal/audit-text.ts";
import { jsonText } from "../terminal/json-text.ts";
import { paintFor } from "../terminal/paint.ts";
import { reportOn, stacksIn } from "../../stacks/aspects/survey.ts";
import { addStacks } from "../../stacks/slipway.ts";

const usage = `Usage: npm run audit [-- --output text|json] [--environments <file>] [--no-color]

  --output json           one JSON document on standard output
  --environments <file>   another file than environments.jsonc
  --no-color              no colours

Exit code 0 where every rule holds or is suppressed with a reason, otherwise 2.
`;

const widthWithoutTerminal = 100;
const succeeded = 0;
const refused = 2;

/** How Node reports what went wrong outside of the program. */
const codedError = z.object({ code: z.string(), message: z.string() });

/** Where the audit prints, and the variables that it heeds. */
export interface AuditSurroundings {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Lists every hardening rule with its state in every environment, from the stacks as they would be synthesized; it
 * leaves nothing behind.
 *
 * @param args as on the command line
 * @returns the exit code
 */
export function runAudit(args: readonly string[], surroundings: AuditSurroundings): number {
  const refuse = (message: string): number => {
    surroundings.stderr.write(message);
    return refused;
  };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        output: { type: "string", default: "text" },
        environments: { type: "string", default: path.join(projectRoot(), "environments.jsonc") },
        "no-color": { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      surroundings.stdout.write(usage);
      return succeeded;
    }
    const { output, environments: file } = values;
    if (output !== "text" && output !== "json") {
      return refuse(`--output ${output} is not known. Allowed: text, json.\n${usage}`);
    }
    const source = { file: path.relative(process.cwd(), file), text: readFileSync(file, "utf8") };
    const parsed = parseEnvironments(source.text);
    if (!parsed.ok) {
      const lines = parsed.problems.map((problem) => `${formatProblem({ ...problem, file: source.file })}\n`);
      return refuse(lines.join(""));
    }
    const report = reportFor(parsed);
    print(report, output, !values["no-color"], surroundings);
    return isClean(report) ? succeeded : refuse(`\n${refusalText(report, source)}`);
  } catch (error) {
    // Of the options, or of a file that is not there; anything else is not the user's to mend.
    const { data } = codedError.safeParse(error);
    if (data === undefined) throw error;
    return refuse(`${data.message}\n${usage}`);
  }
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
    rmSync(outdir, { recursive: true, force: true });
  }
}

function print(
  report: HardeningReport,
  output: "text" | "json",
  withColour: boolean,
  { stdout, env }: AuditSurroundings,
): void {
  if (output === "json") {
    stdout.write(jsonText(documentOf(report), 2));
  } else {
    stdout.write(
      auditText(report, paintFor(stdout, withColour, env), stdout.columns ?? widthWithoutTerminal),
    );
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
