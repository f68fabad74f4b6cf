import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { awsVariables, deploy, type Finished } from "../helpers/deploy-command.ts";
import { deployInTerminal, type Seen, type TerminalSettings } from "../helpers/in-terminal.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;

let local: LocalForTests;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 4 * speed });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
}, 2 * minutes);

afterAll(() => local.stop());

/** Two services, of which the second depends on the first; names of their own, so that tests run in any order. */
async function templatesFor(prefix: string): Promise<readonly string[]> {
  const templates = path.join(local.directory, `templates-${prefix}`);
  for (const [name, more] of [
    [`${prefix}-api`, {}],
    [`${prefix}-web`, { dependsOn: [`${prefix}-api`] }],
  ] as const) {
    await mkdir(path.join(templates, name), { recursive: true });
    const definition = {
      family: name,
      containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64 }],
    };
    const service = {
      serviceName: name,
      cluster: "test",
      launchType: "EC2",
      desiredCount: 1,
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      ...more,
    };
    await writeFile(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
    await writeFile(path.join(templates, name, "service.json"), JSON.stringify(service));
  }
  return ["--all", "--templates", templates];
}

async function run(
  args: readonly string[],
  image: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return deploy(args, { endpoint: local.endpoint, image, speed, variables });
}

/** In a terminal, against the local AWS of this file unless another is named. */
function inTerminal(
  args: readonly string[],
  image: string,
  settings: Partial<TerminalSettings> = {},
): Promise<Seen> {
  return deployInTerminal(args, image, { endpoint: local.endpoint, speed, ...settings });
}

describe("a run in a terminal", () => {
  test(
    "is drawn in one place while it goes on, and leaves the result and what mattered",
    async () => {
      const { exitCode, pictures, left, terminal } = await inTerminal(
        ["create", ...(await templatesFor("drawn"))],
        "app:1",
      );
      expect(exitCode).toBe(0);
      expect(terminal.unknown).toEqual([]);
      expect(terminal.cursorShown).toBe(true);
      expect(pictures.some((picture) => /drawn-api +rolling out +drawn-api:1/.test(picture))).toBe(true);
      expect(pictures.some((picture) => /drawn-web +waits for +drawn-api/.test(picture))).toBe(true);
      expect(pictures.every((picture) => (picture.match(/of 2 done/g) ?? []).length <= 1)).toBe(true);
      expect(left).toMatch(/^\d\d:\d\d:\d\dZ {2}drawn-api {2}completed in .*\n/);
      expect(left).not.toContain("rolling out");
      expect(left).toContain("drawn-web: completed. Cluster test runs drawn-web:1");
      expect(left).toMatch(/create in test, 2 services: 2 completed\.$/);
    },
    2 * minutes,
  );

  test(
    "of 40 columns and 10 rows without colours fits, and shows no colour",
    async () => {
      const { exitCode, pictures, written } = await inTerminal(
        ["create", ...(await templatesFor("small"))],
        "app:1",
        { columns: 40, rows: 10, variables: { NO_COLOR: "1" } },
      );
      expect(exitCode).toBe(0);
      expect(written).not.toMatch(/\p{Cc}\[\d+m/u);
      const drawn = pictures.filter((picture) => picture.includes("of 2 done"));
      expect(drawn.length).toBeGreaterThan(0);
      expect(drawn.some((picture) => /^small-api [01]\/1/m.test(picture))).toBe(true);
    },
    2 * minutes,
  );

  test(
    "that is interrupted says what goes on and how to take it up again, and gives the cursor back",
    async () => {
      const templates = await templatesFor("stopped");
      const { exitCode, left, terminal } = await inTerminal(["create", ...templates], "app:slow-start-60", {
        columns: 120,
        pattern: "rolling out",
        keys: "\u0003",
      });
      expect(exitCode).toBe(130);
      expect(terminal.cursorShown).toBe(true);
      const words = left.replaceAll(/\s+/g, " ");
      expect(words).toMatch(
        /stopped-api: deployment ecs-svc\/\d+ of stopped-api:1 .*goes on in ECS without us\./,
      );
      expect(words).toContain("No rollout was started yet for stopped-web; this run starts none.");
      expect(words).toContain("stopped-web: interrupted. No rollout was started.");
      expect(words).toMatch(
        /take it up again: +CONTAINER_VERSION=app:slow-start-60 \.\/deploy create stopped-api/,
      );
    },
    2 * minutes,
  );

  test(
    "that waits for an AWS that does not answer is left at once by the second Ctrl-C",
    async () => {
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const { port } = silent.address() as AddressInfo;
      try {
        const { exitCode, left, terminal } = await inTerminal(
          ["create", ...(await templatesFor("silent"))],
          "app:1",
          { pattern: "waiting|Interrupted", keys: "\u0003", endpoint: `http://127.0.0.1:${port}` },
        );
        expect(exitCode).toBe(130);
        expect(terminal.cursorShown).toBe(true);
        expect(left).toContain("Left at once.");
      } finally {
        silent.closeAllConnections();
        silent.close();
      }
    },
    2 * minutes,
  );
});

describe("a run in GitHub Actions", () => {
  test(
    "annotates its failure on standard error and writes a step summary",
    async () => {
      const templates = await templatesFor("actions");
      expect(await run(["create", ...templates], "app:1")).toMatchObject({ exitCode: 0 });
      const summaryFile = path.join(local.directory, "summary.md");
      const failed = await run(["update", ...templates], "app:crash", {
        GITHUB_ACTIONS: "true",
        GITHUB_STEP_SUMMARY: summaryFile,
      });
      expect(failed.exitCode).toBe(1);
      expect(failed.stdout).not.toMatch(/^\s*::/m);
      const annotations = failed.stderr.split("\n").filter((line) => /^::(error|warning)/.test(line));
      expect(annotations).toEqual([
        expect.stringMatching(
          /^::error title=actions-api failed::actions-api: .*%0AIt was rolled back: .*exit.* code 1/,
        ),
        expect.stringMatching(/^::warning title=actions-web not begun::/),
      ]);
      const summary = await readFile(summaryFile, "utf8");
      expect(summary).toContain("| actions-api | ❌ failed | <code>actions-api:1</code> |");
      expect(summary).toContain("| actions-web | ⚠️ not begun |");
      expect(summary).toContain("**Why:**");
    },
    2 * minutes,
  );
});

describe("a run whose output a program reads", () => {
  test(
    "is one event a line with --events ndjson, each with its time, and the result is the last",
    async () => {
      const templates = await templatesFor("told");
      const { exitCode, stdout } = await run(["create", "--events", "ndjson", ...templates], "app:1");
      expect(exitCode).toBe(0);
      const lines = stdout.split("\n").map((line) => JSON.parse(line) as { at: string; type: string });
      expect(lines[0]).toMatchObject({ type: "runStarted", command: "create", environment: "test" });
      expect(lines.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
      expect(lines.filter(({ type }) => type === "ended")).toHaveLength(2);
      expect(lines.at(-1)).toMatchObject({
        type: "result",
        exitCode: 0,
        services: [{ outcome: "completed" }, { outcome: "completed" }],
      });
    },
    2 * minutes,
  );

  test(
    "ends with an error line where the run is refused",
    async () => {
      const templates = await templatesFor("refused");
      const { exitCode, stdout } = await run(["update", "--events", "ndjson", ...templates], "app:1");
      expect(exitCode).toBe(4);
      expect(JSON.parse(stdout.split("\n").at(-1) ?? "")).toMatchObject({ type: "error", code: "refused" });
    },
    minutes,
  );

  test(
    "goes on to its end when its reader has left",
    async () => {
      const [, , templates = ""] = await templatesFor("unread");
      const command = `"$0" create --all --templates "$1" --events ndjson 2>&1 | head -n 1; exit "\${PIPESTATUS[0]}"`;
      const finished = await execa("bash", ["-c", command, path.join(projectRoot(), "deploy"), templates], {
        reject: false,
        extendEnv: false,
        env: {
          ...awsVariables(local.endpoint),
          SLIPWAY_CLOCK_SPEED: String(speed),
          CONTAINER_VERSION: "app:1",
        },
      });
      expect(finished).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("runStarted") });
      expect(await run(["update", "--all", "--templates", templates], "app:1")).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("unread-web: nothing to do"),
      });
    },
    2 * minutes,
  );
});
