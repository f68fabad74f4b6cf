import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { render } from "../../scripts/commands/render.ts";
import type { RunEdge } from "../../scripts/commands/run-context.ts";
import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { InvalidInputError } from "../../scripts/core/errors.ts";
import { jumpingClock } from "../helpers/fake-ecs.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-render-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const definition = {
  family: "web",
  containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64 }],
};

async function write(files: Readonly<Record<string, object | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, "templates", name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** Nothing listens behind any of its ports: a call of AWS would fail. */
async function rendered(
  args: readonly string[] = [],
  variables: Record<string, string> = {},
): Promise<unknown> {
  const command = parseCommandLine(["render", ...args]);
  if (command.kind !== "run") throw new Error("render is a run");
  const unexpected = (): never => {
    throw new Error("nothing is printed while templates are rendered");
  };
  const edge: RunEdge = {
    output: {
      event: unexpected,
      part: unexpected,
      detail: unexpected,
      result: unexpected,
      error: unexpected,
    },
    clock: jumpingClock(),
    wallClock: jumpingClock(),
    variables: { CONTAINER_VERSION: "app:1", ...variables },
    workingFolder: folder,
    attended: false,
    signal: new AbortController().signal,
  };
  const { document, text, exitCode } = await render(command, edge);
  expect(exitCode).toBe(0);
  const same = (part: string): string => part;
  expect(JSON.parse(text({ good: same, bad: same, warning: same, faint: same, strong: same }, 80))).toEqual(
    JSON.parse(JSON.stringify(document)),
  );
  return document;
}

describe("render prints what a run sends", () => {
  test("for both calls from the one service.json, without asking AWS", async () => {
    await write({
      "web/task-definition.json": definition,
      "web/service.json": {
        serviceName: "web",
        launchType: "EC2",
        desiredCount: "@@COUNT@@",
        tags: [{ key: "a", value: "=b=" }],
      },
    });
    const { services } = (await rendered([], { COUNT: "3" })) as {
      services: { web: Record<string, object> };
    };
    expect(services.web).toEqual({
      registerTaskDefinition: {
        ...definition,
        containerDefinitions: [{ name: "app", image: "app:1", memory: 64 }],
      },
      createService: {
        serviceName: "web",
        cluster: "test",
        taskDefinition: "@@TASKDEFINITION_ARN@@",
        launchType: "EC2",
        desiredCount: 3,
        tags: [{ key: "a", value: "=b=" }],
        clientToken: expect.any(String),
      },
      updateService: {
        service: "web",
        cluster: "test",
        taskDefinition: "@@TASKDEFINITION_ARN@@",
        desiredCount: 3,
      },
    });
  });

  test("from a file for each call where there are two", async () => {
    await write({
      "web/task-definition.json": definition,
      "web/service-create.json": { serviceName: "web", desiredCount: 1 },
      "web/service-update.json": { service: "web", desiredCount: 5 },
    });
    expect(await rendered()).toMatchObject({
      services: { web: { createService: { desiredCount: 1 }, updateService: { desiredCount: 5 } } },
    });
  });

  test("for the one call that there is a file for", async () => {
    await write({
      "web/task-definition.json": definition,
      "web/service-create.json": { serviceName: "web", desiredCount: 1 },
    });
    const { services } = (await rendered(["web"])) as { services: { web: object } };
    expect(Object.keys(services.web)).toEqual(["registerTaskDefinition", "createService"]);
  });

  test("exactly, a secret included: it is the tool to see what is sent", async () => {
    const containers = [
      { name: "app", image: "app:1", memory: 64, environment: [{ name: "PASSWORD", value: "@@PW@@" }] },
    ];
    await write({
      "web/task-definition.json": { family: "web", containerDefinitions: containers },
      "web/service.json": { serviceName: "web" },
    });
    expect(JSON.stringify(await rendered([], { PW: 'hunter"2' }))).toContain(String.raw`hunter\"2`);
  });

  test("of several services under their names, in the order in which they are named", async () => {
    for (const name of ["a", "b"]) {
      await write({
        [`${name}/task-definition.json`]: definition,
        [`${name}/service.json`]: { serviceName: name },
      });
    }
    const { services } = (await rendered(["b", "a"])) as { services: object };
    expect(Object.keys(services)).toEqual(["b", "a"]);
    expect(Object.keys(((await rendered(["--all"])) as { services: object }).services)).toEqual(["a", "b"]);
    await expect(rendered()).rejects.toThrow("Which service?");
  });
});

describe("render refuses", () => {
  test("a service that is not there, a folder that is not there and a service without templates", async () => {
    await expect(rendered()).rejects.toThrow(InvalidInputError);
    await write({ "web/task-definition.json": definition });
    await expect(rendered(["web"])).rejects.toThrow("Templates are missing");
    await expect(rendered(["wbe"])).rejects.toThrow("Did you mean web?");
  });

  test("templates with mistakes, each with its place", async () => {
    await write({
      "web/task-definition.json": definition,
      "web/service.json": '{\n"serviceName": "web", "desiredCout": 1 }',
    });
    const problems = await rendered().catch((error: unknown) =>
      error instanceof InvalidInputError ? error.problems : [],
    );
    expect(problems).toMatchObject([{ file: "templates/web/service.json", line: 2, path: "$.desiredCout" }]);
  });
});
