import { describe, expect, test } from "@jest/globals";

import { bucketsOf } from "../../scripts/local/throttling/limits.ts";
import { TokenBuckets } from "../../scripts/local/throttling/token-buckets.ts";

/** How many of so many calls at one instant go through. */
function admitted(
  buckets: TokenBuckets,
  service: string,
  operation: string,
  calls: number,
  now: number,
): number {
  const wanted = bucketsOf(service, operation);
  return Array.from({ length: calls }, () => buckets.take(wanted, now)).filter((taken) => taken).length;
}

describe("API rate limits", () => {
  test.each([
    ["ecs", "UpdateService", 50, 5],
    ["ecs", "DescribeServices", 100, 20],
    ["ecs", "RegisterTaskDefinition", 20, 1],
    ["ecs", "DescribeTasks", 100, 20],
    ["ecs", "RunTask", 100, 40],
    ["ecs", "ListServiceDeployments", 50, 20],
    ["ecs", "DescribeClusters", 50, 20],
    ["ecs", "TagResource", 20, 10],
    ["elasticloadbalancing", "DescribeTargetHealth", 40, 10],
    ["elasticloadbalancing", "ModifyRule", 20, 3],
    ["elasticloadbalancing", "RegisterTargets", 20, 4],
    ["elasticloadbalancing", "CreateLoadBalancer", 10, 0.2],
  ])("%s %s takes a burst of %d, then %d a second", (service, operation, burst, perSecond) => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, service, operation, burst + 5, 0)).toBe(burst);
    expect(admitted(buckets, service, operation, burst, 5)).toBe(Math.min(burst, Math.floor(5 * perSecond)));
  });

  test("a bucket never holds more than its burst, however long nobody asked", () => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "ecs", "UpdateService", 1, 0)).toBe(1);
    expect(admitted(buckets, "ecs", "UpdateService", 80, 86_400)).toBe(50);
  });

  test("operations of one bucket share its tokens", () => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "ecs", "CreateService", 50, 0)).toBe(50);
    expect(admitted(buckets, "ecs", "DeleteService", 1, 0)).toBe(0);
    expect(admitted(buckets, "ecs", "DescribeServices", 1, 0)).toBe(1);
  });

  test("calls of Elastic Load Balancing count for the account, and a refused one costs nothing", () => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "elasticloadbalancing", "ModifyRule", 20, 0)).toBe(20);
    expect(admitted(buckets, "elasticloadbalancing", "DescribeRules", 30, 0)).toBe(20);
    expect(admitted(buckets, "elasticloadbalancing", "RegisterTargets", 1, 0)).toBe(0);
    expect(admitted(buckets, "elasticloadbalancing", "DescribeRules", 20, 1)).toBe(10);
  });

  test("an operation without a documented limit is never refused", () => {
    expect(admitted(new TokenBuckets(), "ssm", "GetParameters", 1000, 0)).toBe(1000);
  });
});
