/**
 * 20,000 templates, placeholders, image references and command lines: never an unhandled error, never a write after
 * bad input, always exit 2 (in ecs-deploy's form its own code) and a message that names the place.
 */
import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";

import { runDeploy, type Ran, type World } from "../helpers/deploy-in-process.ts";
import { anyCommandLine, badCommandLine, compatLine } from "../helpers/hostile-command-lines.ts";
import {
  brokenTemplate,
  damagedTemplate,
  goodTemplates,
  type Templates,
} from "../helpers/hostile-templates.ts";
import { hostileText } from "../helpers/hostile-text.ts";

// Thousands of runs take seconds, and more of them where other tests share the processor.
jest.setTimeout(120_000);

const cases = {
  broken: 5_000,
  damaged: 2_000,
  placeholders: 4_000,
  images: 4_000,
  badLines: 3_000,
  anyLines: 2_000,
};

test("the cases are 20,000", () => {
  expect(Object.values(cases).reduce((sum, count) => sum + count, 0)).toBe(20_000);
});

const place = /^ {2}templates\/x\/(task-definition|service)\.json:\d+:\d+ \$.*: ./s;

/** Outputs of the stacks that the example templates name. */
const outputs =
  /^\/slipway\/test\/(cluster-name|capacity-provider-name|target-group-arn|[a-z-]+-role-arn|log-group-name|private-subnet-ids|[a-z-]+-security-group-id|[a-z-]*target-group-arn[a-z-]*)$/;

function world(
  { taskDefinition, service }: Templates,
  variables: Readonly<Record<string, string>> = {},
): World {
  return {
    files: { "templates/x/task-definition.json": taskDefinition, "templates/x/service.json": service },
    variables: { CONTAINER_VERSION: "nginx:alpine", MODE: "live", ...variables },
    parameters: (name) => {
      if (name === "/secret") return { kind: "secure" };
      return name === "/plain" || outputs.test(name) ? { kind: "plain", value: "1" } : undefined;
    },
  };
}

/** What holds whatever was given. */
function handledWell(ran: Ran): void {
  expect(ran.stderr).not.toContain("This is a bug");
  if (ran.exitCode === 2) expect(ran.writes).toEqual([]);
  if (ran.exitCode !== 0) expect(ran.stderr).toMatch(/^error: \S/m);
}

/** Every mistake with its file, line, column and path. */
function namesPlaces({ stderr }: Ran): void {
  const problems = stderr.split("\n").filter((line) => line.startsWith("  "));
  expect(problems).not.toEqual([]);
  for (const line of problems) expect(line).toMatch(place);
}

describe("templates", () => {
  test("without a mistake go all the way to AWS, so that the rest of this file means something", async () => {
    const ran = await runDeploy(["update", "x"], world(goodTemplates));
    expect(ran).toMatchObject({
      exitCode: 4,
      writes: ["lock"],
      calls: expect.arrayContaining(["describeServices"]),
    });
    expect(ran.stderr).toContain("There is no service x in cluster test.");
  });

  test("with a mistake end in exit 2, and each mistake has its place", async () => {
    await fc.assert(
      fc.asyncProperty(brokenTemplate, async (templates) => {
        const ran = await runDeploy(["update", "x"], world(templates));
        handledWell(ran);
        expect(ran.exitCode).toBe(2);
        namesPlaces(ran);
        expect(ran.calls.filter((call) => call !== "readParameters")).toEqual([]);
      }),
      { numRuns: cases.broken },
    );
  });

  test("damaged anywhere are refused with the place, or were not damaged where it matters", async () => {
    await fc.assert(
      fc.asyncProperty(damagedTemplate, async (templates) => {
        const ran = await runDeploy(["update", "x"], world(templates));
        handledWell(ran);
        expect([2, 4]).toContain(ran.exitCode);
        if (ran.exitCode === 2) namesPlaces(ran);
        else expect(ran.calls).toContain("describeServices");
      }),
      { numRuns: cases.damaged },
    );
  });
});

describe("placeholders", () => {
  const name = fc.oneof(
    fc.constantFrom(
      "MODE",
      "VERSION",
      "TASKDEFINITION_ARN",
      "DEPLOYMENT_ID",
      "toString",
      "constructor",
      "valueOf",
    ),
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/),
    fc.constantFrom("ssm:/secret", "ssm:/plain", "ssm:/gone", "ssm:x:1", "ssm:"),
    hostileText,
  );
  const value = fc.oneof(
    hostileText,
    fc.constantFrom("", "0", "-1", "1e9", "true", "a,b", "nginx", "[]", "{}"),
  );
  const field = fc.constantFrom(
    ["taskDefinition", '"live"', '"family": "x",', '"family": "@@N@@",'],
    ["taskDefinition", '"cpu": 64', '"cpu": "@@N@@"'],
    ["taskDefinition", '"essential": true', '"essential": @N@'],
    ["taskDefinition", '"protocol": "tcp"', '"protocol": "@@N@@"'],
    ["taskDefinition", '"value": "@@MODE@@"', '"value": "a @@N@@ b@@N@@"'],
    ["service", '"desiredCount": 1', '"desiredCount": "@@N@@"'],
    ["service", '"launchType": "EC2"', '"launchType": @N@'],
    ["service", '"cluster": "test"', '"cluster": "@@N@@"'],
  );

  test("of any name and value are filled, or refused with the place where they stand", async () => {
    await fc.assert(
      fc.asyncProperty(name, value, field, async (placeholder, given, [template = "", ...edit]) => {
        const [from = "", to = ""] = edit.slice(-2);
        const key = template === "service" ? "service" : "taskDefinition";
        const source = goodTemplates[key].replace(from, () => to.replaceAll("N@", () => `${placeholder}@`));
        const variables = /^[A-Za-z]\w*$/.test(placeholder) && given !== "" ? { [placeholder]: given } : {};
        const ran = await runDeploy(["update", "x"], world({ ...goodTemplates, [key]: source }, variables));
        handledWell(ran);
        expect([2, 4]).toContain(ran.exitCode);
        if (ran.exitCode === 2 && !ran.stderr.includes("CONTAINER_VERSION: ")) namesPlaces(ran);
      }),
      { numRuns: cases.placeholders },
    );
  });

  test("whose names are words of Object's own have no value", async () => {
    for (const word of ["toString", "constructor", "valueOf", "hasOwnProperty"]) {
      const source = goodTemplates.taskDefinition.replace("@@MODE@@", `@@${word}@@`);
      const without = { ...world({ ...goodTemplates, taskDefinition: source }), parameters: () => undefined };
      const ran = await runDeploy(["update", "x"], without);
      expect(ran).toMatchObject({ exitCode: 2, writes: [] });
      namesPlaces(ran);
    }
  });
});

describe("image references", () => {
  /** The grammar of the registries, written down a second time: what does not fit it is wrong for certain. */
  const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  const host = String.raw`(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
  const tag = String.raw`[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`;
  const grammar = new RegExp(
    `^(?:${host}/)?${component}(?:/${component})*(?::${tag})?(?:@sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128}))?$`,
  );
  const containers = [
    { name: "app", image: "team/app:1", memory: 64 },
    { name: "side", image: "registry:5000/side", memory: 64 },
  ];
  const running = {
    files: {},
    variables: {},
    service: {
      serviceName: "web",
      status: "ACTIVE",
      taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
      // Of another controller, so that the plan ends before the first write whatever the image.
      deploymentController: { type: "CODE_DEPLOY" as const },
    },
    revision: {
      taskDefinition: { family: "web", status: "ACTIVE" as const, containerDefinitions: containers },
      tags: [],
    },
  };

  test("in CONTAINER_VERSION are taken or refused by name, without a call", async () => {
    const image = fc.oneof(hostileText, fc.stringMatching(/^[a-zA-Z0-9._:/@[\]-]{0,40}$/));
    await fc.assert(
      fc.asyncProperty(image, async (reference) => {
        const ran = await runDeploy(["update", "x"], world(goodTemplates, { CONTAINER_VERSION: reference }));
        handledWell(ran);
        expect([2, 4]).toContain(ran.exitCode);
        if (!grammar.test(reference)) expect(ran.exitCode).toBe(2);
        if (ran.exitCode === 2) {
          expect(ran.stderr).toMatch(/^error: CONTAINER_VERSION: .* is not a valid image reference: /s);
          expect(ran.calls).toEqual([]);
        }
      }),
      { numRuns: cases.images / 2 },
    );
  });

  test("and tags in ecs-deploy's form are taken, or refused by option before anything is locked", async () => {
    await fc.assert(
      fc.asyncProperty(compatLine, async ({ option, value, args }) => {
        const ran = await runDeploy(args, running);
        handledWell(ran);
        expect([2, 3, 4, 8, 13]).toContain(ran.exitCode);
        const isImage = option === "-i" || option === "--image";
        if (isImage && !grammar.test(value)) expect([3, 13]).toContain(ran.exitCode);
        if (ran.exitCode !== 4) {
          expect(ran.writes).toEqual([]);
          expect(ran.stderr).toMatch(isImage ? /-i\b|--image/ : /-to\b|--tag-only|--image|-i\b/);
        }
      }),
      { numRuns: cases.images / 2 },
    );
  });
});

describe("command lines", () => {
  const nothing: World = { files: {}, variables: {} };

  test("with a mistake end in exit 2 and a message that names it, and no verb's work begins", async () => {
    await fc.assert(
      fc.asyncProperty(badCommandLine, async ({ args, names }) => {
        const ran = await runDeploy(args, nothing);
        handledWell(ran);
        expect(ran).toMatchObject({ exitCode: 2, writes: [], calls: [], stdout: "" });
        expect(ran.handled).toBeUndefined();
        expect(ran.stderr).toContain(names);
        expect(ran.stderr).toMatch(/ See \.\/deploy ([a-z]+ )?--help\.$/m);
      }),
      { numRuns: cases.badLines },
    );
  });

  test("of any words are taken by a verb, answered with help, or refused", async () => {
    await fc.assert(
      fc.asyncProperty(anyCommandLine, async (args) => {
        const ran = await runDeploy(args, { ...nothing, variables: { AWS_REGION: "us-east-1" } });
        handledWell(ran);
        expect([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]).toContain(ran.exitCode);
        const answered = ran.handled !== undefined || ran.stdout !== "";
        if (ran.exitCode === 0) expect(answered).toBe(true);
        else if (ran.exitCode !== 4) expect(ran.writes).toEqual([]);
      }),
      { numRuns: cases.anyLines },
    );
  });
});
