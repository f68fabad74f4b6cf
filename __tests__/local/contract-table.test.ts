import { describe, expect, test } from "@jest/globals";

import { allCases } from "../contract/all-cases.ts";
import { choose } from "../contract/suite/run.ts";
import { openTarget } from "../contract/suite/target.ts";
import { losses } from "../contract/suite/lossless.ts";
import { ListServicesResponse$, DescribeServicesResponse$ } from "@aws-sdk/client-ecs";

describe("the contract suite", () => {
  test("has at least 150 cases, each with an id and a title of its own", () => {
    expect(allCases.length).toBeGreaterThanOrEqual(150);
    expect(new Set(allCases.map(({ id }) => id)).size).toBe(allCases.length);
    expect(new Set(allCases.map(({ title }) => title)).size).toBe(allCases.length);
  });

  test("cites a page of AWS's documentation for each", () => {
    const page = /^https:\/\/docs\.aws\.amazon\.com\/[\w./-]+\.html$/;
    expect(allCases.filter(({ source }) => !page.test(source)).map(({ id }) => id)).toEqual([]);
  });

  test("runs against AWS what can run there, and tells why the rest cannot", () => {
    const aws = { kind: "aws", region: "us-east-1", speed: 1, close: () => Promise.resolve() } as const;
    const { chosen, left } = choose(allCases, aws);
    expect(chosen.length + left.length).toBe(allCases.length);
    expect(chosen.every(({ localOnly, needs = [] }) => localOnly === undefined && needs.length === 0)).toBe(
      true,
    );
    expect(left.find(({ id }) => id === "task.run")?.reason).toMatch(/SLIPWAY_CONTRACT_CLUSTER/);
  });

  test("refuses a target that is none", async () => {
    await expect(openTarget("mars")).rejects.toThrow('SLIPWAY_CONTRACT_TARGET is "mars"');
    await expect(openTarget("http://127.0.0.1:9")).rejects.toThrow("Nothing answers at http://127.0.0.1:9");
  });
});

describe("an answer loses something when", () => {
  const now = Math.round(Date.now() / 1000);
  const service = (wire: object, output: object) =>
    losses(DescribeServicesResponse$, { services: [wire] }, { services: [output] });

  test("the SDK's schema lacks a member of it", () => {
    expect(losses(ListServicesResponse$, { serviceArns: [], colour: 1 }, { serviceArns: [] })).toEqual([
      "answer.colour is no member of ListServicesResponse",
    ]);
  });

  test("a value comes out as another, or a time in milliseconds", () => {
    expect(service({ desiredCount: 1 }, { desiredCount: 2 })).toHaveLength(1);
    expect(service({ serviceName: 7 }, { serviceName: "7" })).toHaveLength(1);
    expect(service({ createdAt: now }, { createdAt: new Date(now * 1000) })).toEqual([]);
    expect(service({ createdAt: now * 1000 }, { createdAt: new Date(now * 1_000_000) })).toHaveLength(1);
  });

  test("a required member is not there", () => {
    const strategy = [{ weight: 1 }];
    expect(service({ capacityProviderStrategy: strategy }, { capacityProviderStrategy: strategy })).toEqual([
      "answer.services[0].capacityProviderStrategy[0].capacityProvider is required of CapacityProviderStrategyItem",
    ]);
  });
});
