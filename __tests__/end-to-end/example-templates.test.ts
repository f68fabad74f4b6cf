import { readdir } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { ExampleWorld } from "../helpers/example-world.ts";
import type { Strategy } from "../helpers/example-surroundings.ts";

jest.setTimeout(120_000);

const strategies: readonly Strategy[] = ["rolling", "stage", "codedeploy", "native"];

interface Rendered {
  readonly services: {
    readonly hello: {
      readonly registerTaskDefinition: Record<string, unknown>;
      readonly createService: Record<string, unknown>;
    };
  };
}

describe("the example's templates", () => {
  let world: ExampleWorld;
  beforeAll(async () => {
    world = await ExampleWorld.start(strategies);
  });
  afterAll(() => world.stop());

  async function render(strategy: Strategy): Promise<Rendered["services"]["hello"]> {
    const { stdout } = await world.deploy(strategy, ["render", "hello"], { image: "hello:1.0.0" });
    return (JSON.parse(stdout) as Rendered).services.hello;
  }

  test("are there for each strategy", async () => {
    const folders = await readdir(path.join(world.project.folder, "examples/hello/templates"));
    expect(folders.toSorted()).toEqual(["codedeploy", "ecs", "rolling", "stage"]);
  });

  test.each(strategies)("%s: are filled and valid, and run on Fargate as no root", async (strategy) => {
    const { registerTaskDefinition, createService } = await render(strategy);
    expect(registerTaskDefinition).toMatchObject({
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      containerDefinitions: [{ image: "hello:1.0.0", readonlyRootFilesystem: true, stopTimeout: 30 }],
    });
    expect(createService).toMatchObject({ cluster: strategy, launchType: "FARGATE", desiredCount: 2 });
    // Its ARN is known when it is registered, and that of a deployment's own target group when that is made.
    const { taskDefinition, ...others } = createService;
    expect(taskDefinition).toBe("@@TASKDEFINITION_ARN@@");
    const left = JSON.stringify([registerTaskDefinition, others]).match(/@@\w+@@/g) ?? [];
    expect(left).toEqual(strategy === "stage" ? ["@@TARGET_GROUP_ARN@@"] : []);
  });

  test("the task definition is the same for each, but for the family and the role that a staged application has of its own", async () => {
    const [first, ...others] = await Promise.all(strategies.map(render));
    const plain = (one: typeof first, strategy = "rolling") =>
      JSON.stringify({ ...one?.registerTaskDefinition, family: "", taskRoleArn: undefined }).replaceAll(
        strategy,
        "rolling",
      );
    for (const [index, other] of others.entries())
      expect(plain(other, strategies[index + 1])).toBe(plain(first));
  });

  test("the others say how they deploy", async () => {
    expect((await render("codedeploy")).createService).toMatchObject({
      deploymentController: { type: "CODE_DEPLOY" },
    });
    expect((await render("native")).createService).toMatchObject({
      deploymentConfiguration: {
        strategy: "CANARY",
        alarms: { alarmNames: [expect.any(String), expect.any(String)] },
      },
    });
  });
});
