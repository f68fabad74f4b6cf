import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import * as z from "zod";

import { projectRoot } from "../../scripts/project-root.ts";

const folder = path.join(projectRoot(), "examples", "hello");
const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

const stepSchema = z.object({
  name: z.string(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
});
const permissions = z.record(z.string(), z.string());
const workflowSchema = z.object({
  permissions,
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }),
  jobs: z.object({
    deploy: z.object({
      permissions,
      env: z.record(z.string(), z.unknown()),
      steps: z.array(stepSchema),
    }),
  }),
});

const text = read(".github/workflows/deploy.yml");
const workflow = workflowSchema.parse(parse(text));
const { deploy: job } = workflow.jobs;
const { steps } = job;
const named = (name: string) => steps.find((step) => step.name === name);

/** What both have is what is done with Slipway and the image; how a shell is set up for it is each one's own. */
const shared = ["Build", "Push", "Stage", "Test", "Activate", "Tear down"];

/** Commands of a script that do something, each on one line. */
function commandsOf(script: string): readonly string[] {
  return script
    .replaceAll(/\\\n\s*/g, "")
    .replaceAll(/\|\|\n\s*/g, "|| ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(docker|aws|bash|\.\/deploy) /.test(line))
    .map((line) => line.replace(/ ?>"\$(scratch|RUNNER_TEMP)\/staged\.json"$/, ""));
}

/** The sections of the shell's pipeline, by the step that each one says. */
function sections(): ReadonlyMap<string, string> {
  const [, ...parts] = read("pipeline.sh").split(/^ *step "/m);
  return new Map(
    parts.map((part): [string, string] => [part.slice(0, part.indexOf('"')), part.slice(part.indexOf("\n"))]),
  );
}

describe("the example's pipelines", () => {
  test("do the same in the same order", () => {
    const scripts = sections();
    const inShell = [...scripts.keys()].filter((name) => shared.includes(name));
    const inWorkflow = steps.map(({ name }) => name).filter((name) => shared.includes(name));
    expect(inShell).toEqual(shared);
    expect(inWorkflow).toEqual(shared);
    for (const name of shared) {
      const commands = commandsOf(named(name)?.run ?? "");
      expect(commands.length).toBeGreaterThan(0);
      expect({ name, commands: commandsOf(scripts.get(name) ?? "") }).toEqual({ name, commands });
    }
  });

  test("both log in before they push, and take down what did not go live", () => {
    const scripts = sections();
    const last = "Tear down what did not go live";
    expect(commandsOf(scripts.get(last) ?? "")).toEqual(commandsOf(named(last)?.run ?? ""));
    expect(named(last)?.if).toBe("failure() && steps.stage.outputs.id != ''");
    const login = "Log in to ECR";
    expect([...scripts.keys()].indexOf(login)).toBeLessThan([...scripts.keys()].indexOf("Push"));
    expect(steps.findIndex(({ name }) => name === login)).toBeLessThan(
      steps.findIndex(({ name }) => name === "Push"),
    );
  });
});

describe("the workflow", () => {
  test("exchanges a token for a role, and stores no key", () => {
    expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(workflow.permissions).toEqual({});
    const credentials = steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
    expect(Object.keys(credentials?.with ?? {}).toSorted()).toEqual(["aws-region", "role-to-assume"]);
    expect(text).not.toMatch(/secrets\.|access[-_]key/i);
  });

  test("pins each action by a commit, with the version beside it", () => {
    const used = text.split("\n").filter((line) => line.includes("uses:"));
    expect(used.length).toBe(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("runs one deployment at a time to its end", () => {
    expect(workflow.concurrency).toEqual({ group: "deploy-hello", "cancel-in-progress": false });
  });

  test("gives a script what comes from outside as variables alone", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  test("pushes the commit as the tag", () => {
    expect(job.env).toMatchObject({
      VERSION: "${{ github.sha }}",
      CONTAINER_VERSION: "${{ vars.REPOSITORY }}:${{ github.sha }}",
    });
  });
});
