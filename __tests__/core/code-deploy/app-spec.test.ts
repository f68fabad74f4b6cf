import { describe, expect, test } from "@jest/globals";

import { appSpecText, hookableEvents, taskDefinitionIn } from "../../../scripts/core/code-deploy/app-spec.ts";
import { readHooks } from "../../../scripts/core/code-deploy/hooks.ts";
import { parseAppSpec } from "../../../scripts/local/codedeploy/app-spec.ts";

const arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7";
const subject = { taskDefinition: arn, containerName: "web", containerPort: 80, hooks: [] };

describe("an AppSpec", () => {
  test("is what CodeDeploy reads: the revision, and the container that gets the traffic", () => {
    expect(parseAppSpec(appSpecText(subject))).toEqual({
      taskDefinition: arn,
      containerName: "web",
      containerPort: 80,
      platformVersion: null,
      awsvpcConfiguration: null,
      capacityProviderStrategy: null,
      hooks: {},
    });
  });

  test("carries network, platform version, capacity and hooks where the templates have them", () => {
    const text = appSpecText({
      ...subject,
      platformVersion: "1.4.0",
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
      },
      capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 2 }],
      hooks: hookableEvents.map((event) => ({ event, function: `check-${event}` })),
    });
    expect(parseAppSpec(text)).toMatchObject({
      platformVersion: "1.4.0",
      awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
      capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 2, base: 0 }],
      hooks: Object.fromEntries(hookableEvents.map((event) => [event, `check-${event}`])),
    });
  });

  test("is the same text for the same subject, by which CodeDeploy knows a revision", () => {
    expect(appSpecText({ ...subject })).toBe(appSpecText({ ...subject }));
  });

  test("tells its revision also where somebody else wrote it, in YAML and with names in any case", () => {
    const text = `version: 0.0\nresources:\n  - TargetService:\n      type: AWS::ECS::Service\n      properties:\n        taskDefinition: ${arn}\n`;
    expect(taskDefinitionIn(text)).toBe(arn);
    expect(taskDefinitionIn(appSpecText(subject))).toBe(arn);
    expect(taskDefinitionIn("- not: one")).toBeUndefined();
    expect(taskDefinitionIn("{")).toBeUndefined();
  });
});

describe("appspec.yaml of a service", () => {
  const value = () => ({ kind: "value", value: "canary-test" }) as const;
  const fill = (text: string) => {
    const read = readHooks("appspec.yaml", text);
    return read.ok ? read.hooks.map((hook) => hook.fill(value)) : read.problems;
  };

  test("gives hooks in CodeDeploy's form, as YAML or JSON, with placeholders filled", () => {
    const hook = { ok: true, hook: { event: "BeforeAllowTraffic", function: "check-canary-test" } };
    expect(fill("version: 0.0\nHooks:\n  - BeforeAllowTraffic: check-@@NAME@@\n")).toEqual([hook]);
    expect(fill('{"Hooks": [{"beforeAllowTraffic": "check-@@NAME@@"}]}')).toEqual([hook]);
  });

  test.each([
    [
      "Hooks:\n  - BeforAllowTraffic: f\n",
      "asks no function at BeforAllowTraffic",
      "Did you mean BeforeAllowTraffic?",
    ],
    ["Hooks:\n  - Install: f\n", "asks no function at Install", "Allowed: BeforeInstall"],
    ["Hooks:\n  - AfterInstall: f\n  - AfterInstall: g\n", "AfterInstall is there twice", "Keep one."],
    ["Hooks:\n  AfterInstall: f\n", "Hooks is a list", "BeforeAllowTraffic"],
    ["Hooks:\n  - AfterInstall: 3\n", "names a Lambda function", "its ARN"],
    ["Resources: []\n", "Resources are made from service.json", "Take them out."],
    ["Hook: []\n", "has no Hook", "version and Hooks"],
    ["- 1\n", "is a map with Hooks", "Hooks"],
  ])("%j is refused with its place and what to do", (text, message, hint) => {
    const [problem] = fill(text);
    expect(problem).toMatchObject({ file: "appspec.yaml", message: expect.stringContaining(message) });
    expect(String((problem as { hint?: string }).hint).toLowerCase()).toContain(hint.toLowerCase());
  });

  test("names no function that is none", () => {
    expect(fill("Hooks:\n  - AfterInstall: arn:aws:sqs:us-east-1:123456789012:queue\n")).toMatchObject([
      { ok: false, problem: { line: 2, message: expect.stringContaining("is not a Lambda function") } },
    ]);
  });
});
