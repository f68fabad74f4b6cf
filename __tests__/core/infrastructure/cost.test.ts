import { describe, expect, test } from "@jest/globals";

import { assumptionNames, assumptionTable } from "../../../scripts/core/infrastructure/cost/assumptions.ts";
import type { Assumptions } from "../../../scripts/core/infrastructure/cost/assumptions.ts";
import { estimate } from "../../../scripts/core/infrastructure/cost/estimate.ts";
import type { Estimate } from "../../../scripts/core/infrastructure/cost/estimate.ts";
import { withOwnPrices } from "../../../scripts/core/infrastructure/cost/own-prices.ts";
import { pricesByRegion } from "../../../scripts/core/infrastructure/cost/prices.ts";
import type { Prices } from "../../../scripts/core/infrastructure/cost/prices.ts";
import { costText } from "../../../scripts/terminal/infrastructure/cost-text.ts";
import { appStacks, withResource } from "../../helpers/app-stacks.ts";
import { shippedEnvironments } from "../../helpers/terraform-synthesis.ts";

// Made from every name of the table.
const usual = Object.fromEntries(
  assumptionNames.map((name) => [name, assumptionTable[name].usual]),
) as unknown as Assumptions;
const prices = pricesByRegion["us-east-1"] as Prices;
const stacks = appStacks();
const testStacks = new Set([...stacks.keys()].filter((name) => name.startsWith("test-")));

function monthly({ items }: Estimate, what: string): number | undefined {
  return items.find((item) => item.what === what)?.monthly;
}

describe("the shipped environment", () => {
  const found = estimate(stacks, testStacks, prices, usual);

  test("hosts cost their number times the price of their type, with their volumes", () => {
    expect(monthly(found, "Hosts t3.small")).toBeCloseTo(2 * 730 * 0.0208);
    expect(monthly(found, "Volumes gp3")).toBeCloseTo(2 * 30 * 0.08);
  });

  test("one NAT gateway with its address, two load balancers of which one has an address in each zone", () => {
    expect(monthly(found, "NAT gateways")).toBeCloseTo(730 * 0.045);
    expect(monthly(found, "Public IPv4 addresses kept")).toBeCloseTo(730 * 0.005);
    expect(monthly(found, "Load balancers")).toBeCloseTo(2 * 730 * 0.0225);
    expect(monthly(found, "Public IPv4 addresses of load balancers")).toBeCloseTo(2 * 730 * 0.005);
  });

  test("the sum is that of its lines, and every type of resource was looked at", () => {
    expect(found.total).toBeCloseTo(found.items.reduce((sum, { monthly: one = 0 }) => sum + one, 0));
    expect(found.unknownTypes).toEqual({});
  });

  test("more traffic costs more", () => {
    const busy = estimate(stacks, testStacks, prices, { ...usual, natGb: 1100, lcu: 11 });
    expect(busy.total - found.total).toBeCloseTo(1000 * 0.045 + 2 * 10 * 730 * 0.008);
  });
});

test("hosts of a type without a price are told and left out of the sum, not guessed", () => {
  const text = shippedEnvironments().replace('"t3.small"', '"m5zn.6xlarge"');
  const found = estimate(appStacks(text), testStacks, prices, usual);
  expect(monthly(found, "Hosts m5zn.6xlarge")).toBeUndefined();
  expect(found.unpriced).toEqual(["Hosts m5zn.6xlarge"]);
  const costs = [{ environment: "test", region: "us-east-1", pricedAs: "us-east-1", estimate: found }];
  expect(costText(costs, usual, prices)).toContain(
    "Not in the sum, since no price is here: Hosts m5zn.6xlarge.",
  );
});

test("a resource of a type that nothing is known of is counted", () => {
  const added = withResource(stacks, "test-cluster", "aws_mq_broker", {});
  const found = estimate(added, testStacks, prices, usual);
  expect(found.unknownTypes).toEqual({ aws_mq_broker: 1 });
});

test("keys, firewall rules, zones and endpoints have their lines", () => {
  const more: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["aws_kms_key", {}],
    ["aws_wafv2_web_acl", { rule: [{}, {}] }],
    ["aws_route53_zone", {}],
    ["aws_vpc_endpoint", { vpc_endpoint_type: "Interface", subnet_ids: ["a", "b"] }],
  ];
  const all = more.reduce(
    (map, [type, attributes]) => withResource(map, "test-network", type, attributes),
    stacks,
  );
  const found = estimate(all, testStacks, prices, usual);
  expect(monthly(found, "KMS keys")).toBe(1);
  expect(monthly(found, "WAF rules")).toBe(2);
  expect(monthly(found, "Hosted zones")).toBe(0.5);
  expect(monthly(found, "Interface endpoints")).toBeCloseTo(2 * 730 * 0.01);
});

test("a region without prices gets no figure but the way to one", () => {
  const text = costText([{ environment: "test", region: "eu-north-1" }], usual, undefined);
  expect(text).toContain("no prices of this region are here");
  expect(text).toContain("--as-region us-east-1");
});

test("prices of one's own take the place of those of a region that they are like", () => {
  const own = withOwnPrices(
    '{ "eu-x": { "like": "us-east-1", "natGatewayHour": 1, "instances": { "t3.small": 2 } } }',
  );
  expect(own["eu-x"]).toMatchObject({ natGatewayHour: 1, natGatewayGb: prices.natGatewayGb });
  expect(own["eu-x"]?.instances).toMatchObject({ "t3.small": 2, "t3.micro": 0.0104 });
  expect(() => withOwnPrices('{ "eu-x": { "like": "mars" } }')).toThrow(/Allowed: us-east-1/);
  expect(() => withOwnPrices('{ "eu-x": { "like": "us-east-1", "nat": 1 } }')).toThrow(/nat/);
});
