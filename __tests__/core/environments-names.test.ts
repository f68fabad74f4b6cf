import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { overlaps, parseCidr } from "../../scripts/core/environments/cidr.ts";
import { environmentsJsonSchema } from "../../scripts/core/environments/json-schema.ts";
import {
  deploymentRulePriorities,
  terraformRulePriorities,
} from "../../scripts/core/environments/rule-priorities.ts";
import { subnetBlocks } from "../../scripts/core/environments/subnets.ts";
import { boundedName, capacityProviderName } from "../../scripts/core/naming.ts";
import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../scripts/project-root.ts";

describe("subnets of a VPC", () => {
  test("two zones of a /16 take the first two parts for private and the ninth and tenth for public subnets", () => {
    expect(subnetBlocks("10.0.0.0/16", 2)).toEqual({
      private: ["10.0.0.0/20", "10.0.16.0/20"],
      public: ["10.0.128.0/20", "10.0.144.0/20"],
    });
  });

  test("never overlap, whatever the VPC and the number of zones", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 23 }), fc.integer({ min: 2, max: 8 }), (prefix, zones) => {
        const blocks = subnetBlocks(`10.20.0.0/${prefix}`, zones);
        const all = [...blocks.private, ...blocks.public].map((block) => parseCidr(block));
        const pairs = all.flatMap((one, index) => all.slice(0, index).map((other) => [one, other] as const));
        return pairs.every(
          ([one, other]) => one !== undefined && other !== undefined && !overlaps(one, other),
        );
      }),
    );
  });

  test("keep their place when a zone is added", () => {
    const [two, three] = [subnetBlocks("10.0.0.0/20", 2), subnetBlocks("10.0.0.0/20", 3)];
    expect(three.private.slice(0, 2)).toEqual(two.private);
    expect(three.public.slice(0, 2)).toEqual(two.public);
  });

  test("more zones than there is room for are refused", () => {
    expect(() => subnetBlocks("10.0.0.0/16", 9)).toThrow("at most 8");
  });
});

describe("names with a limit", () => {
  test("a name that fits is left as it is", () => {
    expect(boundedName(["test", "external", "instance"], 32)).toBe("test-external-instance");
  });

  test("a name that does not fit is cut to the limit and stays apart from one with the same beginning", () => {
    const names = ["one", "two"].map((end) => boundedName(["a".repeat(30), "external", end], 32));
    expect(names.map((name) => name.length)).toEqual([32, 32]);
    expect(new Set(names).size).toBe(2);
  });

  test("are always within the limit and never end in a hyphen", () => {
    const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const name = boundedName(parts, 32);
        return name.length <= 32 && !name.endsWith("-");
      }),
    );
  });

  test("capacity providers of two environments never share a name", () => {
    expect(capacityProviderName("a-b", "c")).not.toBe(capacityProviderName("a", "b-c"));
  });
});

test("deployments and Terraform take rule priorities from bands that do not meet", () => {
  expect(deploymentRulePriorities.last).toBeLessThan(terraformRulePriorities.first);
  expect(terraformRulePriorities.last).toBeLessThanOrEqual(50_000);
});

test("environments.schema.json is what the schema in the code says; npm run generate writes it anew", () => {
  const written: unknown = JSON.parse(
    readFileSync(path.join(projectRoot(), "environments.schema.json"), "utf8"),
  );
  expect(written).toEqual(JSON.parse(JSON.stringify(environmentsJsonSchema())));
});
