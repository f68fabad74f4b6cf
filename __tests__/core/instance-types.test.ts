import { readFileSync } from "node:fs";

import { describe, expect, test } from "@jest/globals";

import {
  architectureOf,
  isForHosts,
  isInstanceType,
  nearestInstanceType,
} from "../../scripts/core/environments/instance-types.ts";
import { instanceTypesSource, regionsSource } from "../../scripts/generate/aws-names.ts";

test.each([
  ["instance-types", instanceTypesSource],
  ["regions", regionsSource],
])("the committed %s are those of the installed AWS SDK (else: npm run generate)", (name, source) => {
  const committed = new URL(`../../scripts/core/environments/${name}.generated.ts`, import.meta.url);
  expect(readFileSync(committed, "utf8")).toBe(source());
});

describe("an instance type", () => {
  test.each([
    "t4g.small",
    "m7g.large",
    "c8gn.xlarge",
    "im4gn.large",
    "is4gen.large",
    "x2gd.large",
    "a1.large",
  ])("%s has a Graviton processor", (type) => {
    expect([isInstanceType(type), architectureOf(type)]).toEqual([true, "arm64"]);
  });

  test.each([
    "t3.small",
    "g5.xlarge",
    "g4dn.xlarge",
    "m7i-flex.large",
    "u7i-6tb.112xlarge",
    "p5en.48xlarge",
    "gr6.4xlarge",
  ])("%s has none", (type) => {
    expect([isInstanceType(type), architectureOf(type)]).toEqual([true, "x86_64"]);
  });

  test("of the accelerated family g5g has one, unlike g5", () => {
    expect(architectureOf("g5g.xlarge")).toBe("arm64");
  });

  test.each([
    ["t3.smal", "t3.small"],
    ["t3.smlal", "t3.small"],
    ["m77i.large", "m7i.large"],
    ["toString.large", undefined],
    ["t3.", undefined],
  ])("%s that is none gets the nearest one that is: %s", (type, nearest) => {
    expect(isInstanceType(type)).toBe(false);
    expect(nearestInstanceType(type)).toBe(nearest);
  });

  test("of a Mac is none for hosts", () => {
    expect([isInstanceType("mac2.metal"), isForHosts("mac2.metal")]).toEqual([true, false]);
  });
});
