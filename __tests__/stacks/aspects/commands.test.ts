import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { runAudit } from "../../../scripts/audit/run-audit.ts";
import { projectRoot } from "../../../scripts/project-root.ts";
import { shippedEnvironments } from "../../helpers/terraform-synthesis.ts";

const root = projectRoot();
const twoMinutes = 120_000;

/** Runs the audit in this process. */
function audit(...args: string[]): { exitCode: number; stdout: string; stderr: string } {
  const written = { stdout: "", stderr: "" };
  const exitCode = runAudit(args, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env: {},
  });
  return { exitCode, ...written };
}

let folder: string;
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-audit-"));
  broken = path.join(folder, "environments.jsonc");
  const text = shippedEnvironments().replace(/"CKV_AWS_150": "[^"]*",/, "");
  const unused = '"CKV_AWS_8": "Nothing on the disks is worth a key.",';
  await writeFile(broken, text.replace('"CKV_AWS_91":', `${unused} "CKV_AWS_91":`));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("npm run audit", () => {
  test("lists every rule of the shipped environment and exits with 0", () => {
    const { exitCode, stdout, stderr } = audit();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Environment test: 29 rules: \d+ hold, \d+ suppressed, \d+ do not apply$/m);
    expect(stdout).toMatch(/^Account-wide: 29 rules:/m);
  });

  test("prints the same as one JSON document, and exits with 2 where a rule is broken or a suppression unused", () => {
    const { exitCode, stdout, stderr } = audit("--output", "json", "--environments", broken);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      scopes: [
        {
          environment: "test",
          rules: expect.arrayContaining([expect.objectContaining({ id: "CKV_AWS_150", state: "violated" })]),
        },
        { environment: null },
      ],
      unusedSuppressions: [{ environment: "test", id: "CKV_AWS_8" }],
    });
    expect(stderr).toContain("The stacks break 1 hardening rule;");
    expect(stderr).toContain("$.environments.test.suppressions.CKV_AWS_8: This suppresses nothing");
  });

  test("says what is wrong with its options, and with the environments file", async () => {
    expect(audit("--help")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Usage: npm run audit/),
    });
    const unknown = audit("--output", "yaml");
    expect(unknown).toMatchObject({ exitCode: 2, stdout: "" });
    expect(unknown.stderr).toMatch(
      /^--output yaml is not known\. Allowed: text, json\.\nUsage: npm run audit/,
    );
    expect(audit("--evironments", "a")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Unknown option '--evironments'"),
    });
    expect(audit("--environments", path.join(folder, "nowhere"))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("no such file"),
    });
    const invalid = path.join(folder, "invalid.jsonc");
    await writeFile(invalid, '{ "environments": {} }');
    const refused = audit("--environments", invalid);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("There is no environment.");
  });
});

test(
  "main.ts prints what is broken, exits with 2 and writes no stack",
  async () => {
    const outdir = path.join(folder, "out");
    const { exitCode, stdout, stderr } = await execa("node", ["--import", "tsx", "main.ts", broken], {
      cwd: root,
      env: { CDKTF_OUTDIR: outdir },
      reject: false,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^The stacks break 1 hardening rule; nothing was written\./);
    expect(stderr).toContain("CKV_AWS_150 Load balancers are protected from deletion (environment test)");
    expect(await readdir(path.join(outdir, "stacks"))).toEqual([]);
  },
  twoMinutes,
);
