import type { ContainerDefinition, TaskDefinition } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import type { DefinitionChange } from "../../scripts/core/compat/command.ts";
import { readDefinitionFile } from "../../scripts/core/compat/definition-file.ts";
import { newDefinition } from "../../scripts/core/compat/new-definition.ts";
import { planDeploy, type DeployWork } from "../../scripts/core/compat/plan.ts";
import type { Observed } from "../../scripts/core/deployment/plan.ts";
import type { RegisteredRevision } from "../../scripts/core/deployment/task-definition.ts";
import { InvalidInputError } from "../../scripts/core/errors.ts";
import { parseImageReference } from "../../scripts/core/image-reference.ts";
import { formatProblem } from "../../scripts/core/problem.ts";

const digest = `sha256:${"a".repeat(64)}`;
const arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7";

function revision(images: readonly string[], more: Partial<TaskDefinition> = {}): RegisteredRevision {
  const names = ["app", "side", "more"];
  return {
    taskDefinition: {
      taskDefinitionArn: arn,
      family: "web",
      revision: 7,
      status: "ACTIVE",
      registeredAt: new Date(0),
      registeredBy: "somebody",
      compatibilities: ["EC2"],
      requiresAttributes: [{ name: "x" }],
      pidMode: "task",
      ipcMode: "host",
      cpu: "256",
      containerDefinitions: images.map((image, index): ContainerDefinition => ({
        name: names[index] ?? "?",
        image,
      })),
      ...more,
    },
    tags: [
      { key: "team", value: "shop" },
      { key: "aws:x", value: "1" },
      { key: "slipway:version", value: "1" },
    ],
  };
}

function to(image: string, more: Partial<DefinitionChange> = {}): DefinitionChange {
  const parsed = parseImageReference(image);
  if (!parsed.ok) throw new Error(parsed.message);
  return { to: { kind: "image", image: parsed.image }, newest: false, copyTags: false, ...more };
}

function images(base: RegisteredRevision, change: DefinitionChange): readonly (string | undefined)[] {
  return (newDefinition(base, change).definition.containerDefinitions ?? []).map(({ image }) => image);
}

describe("the new definition", () => {
  test("keeps every member that RegisterTaskDefinition takes and drops what only AWS sets", () => {
    expect(newDefinition(revision(["app:1"]), to("app:2")).definition).toEqual({
      family: "web",
      pidMode: "task",
      ipcMode: "host",
      cpu: "256",
      containerDefinitions: [{ name: "app", image: "app:2" }],
    });
  });

  test("gets the base's tags where that is asked for, but for AWS's and the trail's", () => {
    const { definition } = newDefinition(revision(["app:1"]), to("app:2", { copyTags: true }));
    expect(definition.tags).toEqual([{ key: "team", value: "shop" }]);
  });

  test.each([
    [["team/app:1", "redis:7"], "team/app:2", ["team/app:2", "redis:7"]],
    [["team/app:1", "team/app:2"], "team/app:3", ["team/app:3", "team/app:3"]],
    [
      ["registry:5000/app:1", "registry:6000/app:1"],
      "registry:6000/app:2",
      ["registry:5000/app:1", "registry:6000/app:2"],
    ],
    [["nginx", "redis"], "docker.io/library/nginx:2", ["docker.io/library/nginx:2", "redis"]],
    [[`team/app@${digest}`, "redis"], "team/app:2", ["team/app:2", "redis"]],
    [["team/app:1", "redis"], `team/app@${digest}`, [`team/app@${digest}`, "redis"]],
    [["old/app:1"], "new/app:2", ["new/app:2"]],
  ])("of %j and %s is %j", (before, image, after) => {
    expect(images(revision(before), to(image))).toEqual(after);
  });

  test("tells when the only container gets an image of another name", () => {
    expect(newDefinition(revision(["old/app:1"]), to("new/app:2")).warnings).toEqual([
      "The only container, app, ran old/app:1 and gets new/app:2, an image of another name.",
    ]);
  });

  test.each(["app:2", "registry:5000/team/app:2", "team/app2:2", "team/ap:2"])(
    "is refused for %s, which no container has and which may not become a part of another's name",
    (image) => {
      const attempt = (): unknown => newDefinition(revision(["team/app:1", "redis:7"]), to(image));
      expect(attempt).toThrow(InvalidInputError);
      expect(attempt).toThrow("It has app (team/app:1), side (redis:7).");
    },
  );

  test("gets a tag on every image, wherever a colon stands in it, and of named containers alone", () => {
    const base = revision(["registry:5000/side", `team/app@${digest}`, "redis:7"]);
    const tag = (containers?: readonly string[]): DefinitionChange => ({
      to: { kind: "tag", tag: "9", ...(containers === undefined ? {} : { containers }) },
      newest: false,
      copyTags: false,
    });
    expect(images(base, tag())).toEqual(["registry:5000/side:9", "team/app:9", "redis:9"]);
    expect(images(base, tag(["more"]))).toEqual(["registry:5000/side", `team/app@${digest}`, "redis:9"]);
    expect(() => images(base, tag(["mroe"]))).toThrow('has no container "mroe". Did you mean more?');
  });
});

describe("the definition's file", () => {
  const good = '{"family": "web", "containerDefinitions": [{"name": "app", "image": "app:1", "memory": 64}]}';

  test("is read as the AWS CLI prints it, without nulls and AWS's own members, or as the definition alone", () => {
    const printed = `{"taskDefinition": {"revision": 3, "status": "ACTIVE", "volumes": null, ${good.slice(1)}, "tags": []}`;
    expect(readDefinitionFile("td.json", printed)).toEqual(JSON.parse(good));
    expect(readDefinitionFile("td.json", `\uFEFF${good}`)).toEqual(JSON.parse(good));
  });

  test("may hold signs that are placeholders elsewhere", () => {
    const text = good.replace('"app:1"', '"app:1", "user": "@@A@@"');
    expect(readDefinitionFile("td.json", text).containerDefinitions?.[0]?.user).toBe("@@A@@");
  });

  test.each([
    ["", "td.json:1:1 $: "],
    ["[]", "td.json:1:1 $: A task definition is a JSON object"],
    ['{"taskDefinition": 3}', "td.json:1:20 $: A task definition is a JSON object"],
    ['{"taskDefinition": {"family": 3}}', "td.json:1:31 $.taskDefinition.family: "],
    ['{"family": "web"}', "$.containerDefinitions: "],
    ['{\n "famly": "web"}', "td.json:2:2 $.famly: "],
    ['{"family": "web",', "td.json:1:18 $: "],
    ["[".repeat(10_000), "nested more than 64 levels deep"],
  ])("with the mistake of %j is refused with its place", (text, message) => {
    let problems: readonly string[] = [];
    try {
      readDefinitionFile("td.json", text);
    } catch (error) {
      if (error instanceof InvalidInputError) problems = error.problems.map(formatProblem);
    }
    expect(problems.join("\n")).toContain(message);
  });
});

describe("the plan", () => {
  const work: DeployWork = {
    kind: "deploy",
    cluster: "prod",
    service: "web",
    rollback: false,
    waitForOldTasks: true,
    change: to("app:2"),
  };
  function observed(image: string): Observed {
    const base = { ...revision([image]), tags: [] };
    const service = {
      status: "ACTIVE",
      taskDefinition: arn,
      desiredCount: 3,
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    };
    return { service, currentRevision: base, latestRevision: base };
  }
  const kinds = (before: string, change: DefinitionChange): readonly string[] =>
    planDeploy(observed(before), { ...work, change }).steps.map(({ kind }) => kind);

  test("registers what is new and makes one UpdateService", () => {
    expect(kinds("app:1", to("app:2"))).toEqual([
      "registerTaskDefinition",
      "updateService",
      "waitForDeployment",
    ]);
  });

  test("forces a rollout of the same tag, which may mean another image by now, without a new revision", () => {
    const { steps } = planDeploy(observed("app:2"), work);
    expect(steps[0]).toMatchObject({ kind: "updateService", input: { forceNewDeployment: true } });
  });

  test("has nothing to do for the same digest, which means the same image for ever", () => {
    expect(kinds(`app@${digest}`, to(`app@${digest}`))).toEqual([]);
  });

  test("sets the count that is asked for even where autoscaling owns it, and keeps the circuit breaker", () => {
    const asked = { ...work, desiredCount: 5, minimumHealthyPercent: 50 };
    const { steps } = planDeploy({ ...observed("app:1"), countIsAutoscaled: true }, asked);
    expect(steps[1]).toMatchObject({
      input: {
        desiredCount: 5,
        deploymentConfiguration: {
          maximumPercent: 200,
          minimumHealthyPercent: 50,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      },
    });
  });
});
