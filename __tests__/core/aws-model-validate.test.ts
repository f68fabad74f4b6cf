import { describe, expect, test } from "@jest/globals";

import { nearestName } from "../../scripts/core/aws-model/nearest.ts";
import { validateAgainst } from "../../scripts/core/aws-model/validate.ts";
import { DeferredText, type Filled } from "../../scripts/core/aws-model/values.ts";
import { formatPath } from "../../scripts/core/aws-model/violation.ts";
import { lines } from "../helpers/violation-lines.ts";

/** What is wrong with a good service that has some more fields, one line each. */
function serviceWith(fields: Readonly<Record<string, Filled>>): readonly string[] {
  return lines(validateAgainst("Service", { serviceName: "web", ...fields }));
}

describe("a service is good", () => {
  test.each<[string, Readonly<Record<string, Filled>>]>([
    ["with its name alone", {}],
    ["with a count of zero", { desiredCount: 0 }],
    ["with empty lists", { placementConstraints: [], loadBalancers: [] }],
    ["with numbers that have a fraction where AWS takes one", canary(12.5)],
    ["with any JSON where the API takes it", hook({ hookDetails: { a: [1, null, true] } })],
    [
      "with a text that becomes known later",
      { taskDefinition: new DeferredText([{ deferred: "TASKDEFINITION_ARN" }]) },
    ],
  ])("%s", (_name, fields) => {
    expect(serviceWith(fields)).toEqual([]);
  });
});

function canary(canaryPercent: Filled): Readonly<Record<string, Filled>> {
  return { deploymentConfiguration: { strategy: "CANARY", canaryConfiguration: { canaryPercent } } };
}

function hook(fields: Readonly<Record<string, Filled>>): Readonly<Record<string, Filled>> {
  const pause = { targetType: "PAUSE", lifecycleStages: ["PRE_SCALE_UP"] };
  return { deploymentConfiguration: { lifecycleHooks: [{ ...pause, ...fields }] } };
}

describe("a mistake is told with what was found, what is allowed and what is near", () => {
  test.each<[Readonly<Record<string, Filled>>, string]>([
    [
      { desiredCounts: 1 },
      '$.desiredCounts: "desiredCounts" is not a field of Service. Did you mean "desiredCount"?',
    ],
    [
      { DesiredCount: 1 },
      '$.DesiredCount: "DesiredCount" is not a field of Service. Did you mean "desiredCount"?',
    ],
    [{ zzz: 1 }, '$.zzz: "zzz" is not a field of Service.'],
    [
      { runningCount: 1 },
      '$.runningCount: "runningCount" is not a field of Service. AWS reports it, but it cannot be set: leave it out.',
    ],
    [
      { deploymentController: { type: "ECS", kind: "ECS" } },
      '$.deploymentController.kind: "kind" is not a field of DeploymentController. It has type.',
    ],
    [
      { desiredCount: "2" },
      '$.desiredCount: Expected a whole number, found the text "2". Write 2, without quotes.',
    ],
    [{ desiredCount: 2.5 }, "$.desiredCount: Expected a whole number, found the number 2.5."],
    [{ desiredCount: Infinity }, "$.desiredCount: Expected a whole number, found the number Infinity."],
    [{ desiredCount: -1 }, "$.desiredCount: -1 is out of range. It takes 0 to 2147483647."],
    [{ desiredCount: null }, "$.desiredCount: null is not a value that AWS takes. Leave the field out."],
    [{ desiredCount: [1] }, "$.desiredCount: Expected a whole number, found a list."],
    [{ cluster: 5 }, '$.cluster: Expected a text, found the number 5. Write "5", in quotes.'],
    [{ cluster: { name: "x" } }, "$.cluster: Expected a text, found an object."],
    [
      { forceNewDeployment: "true" },
      '$.forceNewDeployment: Expected true or false, found the text "true". Write true, without quotes.',
    ],
    [
      { launchType: "fargate" },
      '$.launchType: "fargate" is not a value of LaunchType. Did you mean "FARGATE"? It takes EC2, EXTERNAL, ' +
        "FARGATE, MANAGED_INSTANCES.",
    ],
    [
      { launchType: 1 },
      "$.launchType: Expected one of EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES, found the number 1.",
    ],
    [
      { launchType: new DeferredText([{ deferred: "X" }]) },
      '$.launchType: Expected one of EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES, found the text "@@X@@", whose ' +
        "value is not known yet.",
    ],
    [
      { loadBalancers: {} },
      "$.loadBalancers: Expected a list, each element an object (LoadBalancer), found an object.",
    ],
    [{ loadBalancers: ["x"] }, '$.loadBalancers[0]: Expected an object (LoadBalancer), found the text "x".'],
    [
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true } } },
      '$.deploymentConfiguration.deploymentCircuitBreaker.rollback: The field "rollback" is missing; ' +
        "DeploymentCircuitBreaker needs it.",
    ],
    [
      canary(0),
      "$.deploymentConfiguration.canaryConfiguration.canaryPercent: 0 is out of range. It takes 0.1 to 100.",
    ],
    [
      { networkConfiguration: { awsvpcConfiguration: { subnets: ["a", null] } } },
      "$.networkConfiguration.awsvpcConfiguration.subnets[1]: null is not a value that AWS takes. Leave the field out.",
    ],
  ])("%j", (fields, problem) => {
    expect(serviceWith(fields)).toEqual([problem]);
  });

  test.each<[Readonly<Record<string, Filled>>, readonly string[]]>([
    [{ nvidiaMps: { memory: 1 } }, []],
    [{}, ["SharingStrategy takes exactly one of nvidiaMps; 0 are given."]],
  ])("a union takes exactly one of its fields: %j", (sharingStrategy, expected) => {
    const resourceRequirements = [{ type: "GPU", value: "1", sharingStrategy }];
    const violations = validateAgainst("TaskDefinition", {
      family: "a",
      containerDefinitions: [{ name: "a", image: "a", memory: 6, resourceRequirements }],
    });
    expect(violations.map(({ message }) => message)).toEqual(expected);
  });

  test("a document that is no object is told", () => {
    expect(validateAgainst("TaskDefinition", [])).toMatchObject([
      { message: "Expected an object, found a list." },
    ]);
  });

  test("a map's values are checked, whatever their names", () => {
    const violations = validateAgainst("TaskDefinition", {
      family: "a",
      containerDefinitions: [{ name: "a", image: "a", memory: 6, dockerLabels: { "x.y": 1 } }],
    });
    expect(violations.map(({ path }) => formatPath(path))).toEqual([
      '$.containerDefinitions[0].dockerLabels["x.y"]',
    ]);
  });

  test("the inputs of the two calls are told apart", () => {
    expect(validateAgainst("UpdateService", { service: "web", launchType: "EC2" })).toMatchObject([
      { path: ["launchType"], message: '"launchType" is not a field of UpdateService.' },
    ]);
    expect(validateAgainst("CreateService", { serviceName: "web", forceNewDeployment: true })).toHaveLength(
      1,
    );
    expect(validateAgainst("CreateService", {})).toMatchObject([{ path: ["serviceName"] }]);
  });
});

describe("the nearest name", () => {
  test.each([
    ["FAMILY", ["family", "families"], "family"],
    ["tpc", ["udp", "tcp"], "tcp"],
    ["memoryReservations", ["memory", "memoryReservation"], "memoryReservation"],
    ["imgae", ["name", "image"], "image"],
    ["q", ["image", "a"], "a"],
    ["quite-another-thing", ["image", "name"], undefined],
    ["x".repeat(100_000), ["image"], undefined],
  ])("of %.20s among %j is %s", (name, known, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });
});
