import { describe, expect, test } from "@jest/globals";

import { validateAgainst } from "../../scripts/core/aws-model/validate.ts";
import type { Filled, FilledObject } from "../../scripts/core/aws-model/values.ts";
import { lines } from "../helpers/violation-lines.ts";

const web: FilledObject = { name: "web", image: "nginx:alpine", memory: 64 };
const fargate: FilledObject = {
  family: "web",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  containerDefinitions: [web],
};

function task(fields: FilledObject): readonly string[] {
  return lines(validateAgainst("TaskDefinition", { family: "web", containerDefinitions: [web], ...fields }));
}

/** A task definition whose one container has some fields more, or instead. */
function container(fields: FilledObject, taskFields: FilledObject = {}): readonly string[] {
  return task({ containerDefinitions: [{ ...web, ...fields }], ...taskFields });
}

describe("a task definition for Fargate", () => {
  const found = (fields: FilledObject) => task({ ...fargate, ...fields });

  test.each([
    ["256", "512"],
    [".25 vCPU", "0.5GB"],
    ["1 vcpu", "2 GB"],
    ["4096", "30720"],
    ["16384", "122880"],
  ])("runs with cpu %s and memory %s", (cpu, memory) => {
    expect(found({ cpu, memory })).toEqual([]);
  });

  test.each([
    [
      "300",
      "512",
      '$.cpu: Fargate has no cpu size "300". It has 256, 512, 1024, 2048, 4096, 8192, 16384 (units).',
    ],
    ["a lot", "512", '$.cpu: Fargate has no cpu size "a lot".'],
    [
      "256",
      "4096",
      '$.memory: Fargate has no memory size "4096" with cpu "256". It has 512, 1024, 2048 (MiB).',
    ],
    ["8192", "17000", '$.memory: Fargate has no memory size "17000" with cpu "8192".'],
  ])("does not run with cpu %s and memory %s", (cpu, memory, problem) => {
    expect(found({ cpu, memory })).toEqual([expect.stringContaining(problem)]);
  });

  test("needs cpu, memory and a network interface of its own", () => {
    expect(task({ requiresCompatibilities: ["FARGATE"] })).toEqual([
      '$.networkMode: Fargate runs networkMode "awsvpc" only; none is given.',
      '$.cpu: The field "cpu" is missing; Fargate needs it on the task.',
      '$.memory: The field "memory" is missing; Fargate needs it on the task.',
    ]);
    expect(found({ networkMode: "bridge" })).toEqual([
      '$.networkMode: Fargate runs networkMode "awsvpc" only; "bridge" is given.',
    ]);
  });

  test.each<[string, Filled, string]>([
    ["write logs", { logConfiguration: { logDriver: "awslogs" } }, "to write logs with awslogs"],
    [
      "pull from ECR",
      { image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1" },
      "to pull images from ECR",
    ],
  ])("needs an execution role to %s", (_what, fields, problem) => {
    const containerDefinitions = [{ ...web, ...(fields as FilledObject) }];
    expect(found({ containerDefinitions })).toEqual([expect.stringContaining(problem)]);
    expect(found({ containerDefinitions, executionRoleArn: "arn" })).toEqual([]);
  });

  test("has 21 to 200 GiB of storage, when it says so", () => {
    expect(found({ ephemeralStorage: { sizeInGiB: 20 } })).toEqual([
      expect.stringContaining("20 GiB is out of range"),
    ]);
    expect(found({ ephemeralStorage: { sizeInGiB: 21 } })).toEqual([]);
  });

  test.each<[FilledObject, string]>([
    [{ privileged: true }, "Fargate runs no privileged containers."],
    [{ links: ["db"] }, "Links do not exist on Fargate."],
    [{ stopTimeout: 121 }, "Fargate waits 120 seconds at most."],
  ])("has no container with %j", (fields, problem) => {
    expect(found({ containerDefinitions: [{ ...web, ...fields }] })).toEqual([
      expect.stringContaining(problem),
    ]);
    expect(container(fields)).toEqual([]);
  });
});
