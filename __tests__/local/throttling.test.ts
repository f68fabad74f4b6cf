import { describe, expect, test } from "@jest/globals";

import { chargesOf, type LimitedCall } from "../../scripts/local/throttling/limits.ts";
import { TokenBuckets } from "../../scripts/local/throttling/token-buckets.ts";

type Details = Partial<Pick<LimitedCall, "region" | "form">> & { readonly input?: unknown };

/** How many of so many calls at one instant go through. The default strategy of cluster `spot` is Fargate Spot. */
function admitted(
  buckets: TokenBuckets,
  name: string,
  calls: number,
  now: number,
  { input = {}, region = "us-east-1", form = new URLSearchParams() }: Details = {},
): number {
  const [service = "", operation = ""] = name.split(" ");
  const body = Buffer.from(typeof input === "string" ? input : JSON.stringify(input));
  const charges = chargesOf({ service, operation, region, form, body }, (cluster) =>
    cluster === "spot" ? ["FARGATE_SPOT"] : [],
  );
  const takes = Array.from({ length: calls }, () => buckets.take(charges, now));
  return takes.filter((empty) => empty === undefined).length;
}

/** Whether a call finds its bucket empty once another operation has emptied its own. */
function shares(first: string, second: string): boolean {
  const buckets = new TokenBuckets();
  admitted(buckets, first, 1000, 0);
  return admitted(buckets, second, 1, 0) === 0;
}

describe("API rate limits", () => {
  test.each([
    ["ecs UpdateService", 50, 5],
    ["ecs DescribeServices", 100, 20],
    ["ecs RegisterTaskDefinition", 20, 1],
    ["ecs DeleteTaskDefinitions", 5, 1],
    ["ecs DescribeTasks", 100, 20],
    ["ecs RunTask", 100, 40],
    ["ecs ListServiceDeployments", 50, 20],
    ["ecs CreateCluster", 20, 1],
    ["ecs DescribeClusters", 50, 20],
    ["ecs CreateCapacityProvider", 10, 1],
    ["ecs TagResource", 20, 10],
    ["ecs UpdateTaskProtection", 200, 80],
    ["ecs ListServicesByNamespace", 10, 1],
    ["elasticloadbalancing DescribeTargetHealth", 40, 10],
    ["elasticloadbalancing ModifyRule", 20, 3],
    ["elasticloadbalancing RegisterTargets", 20, 4],
    ["elasticloadbalancing CreateLoadBalancer", 10, 0.2],
    ["ec2 DescribeVpcs", 100, 20],
    ["ec2 CreateSubnet", 50, 5],
    ["ec2 CreateVpcEndpoint", 4, 0.3],
    ["ec2 RunInstances", 5, 2],
    ["monitoring DescribeAlarms", 9, 9],
    ["logs DescribeLogGroups", 10, 10],
    ["ssm GetParameters", 40, 40],
  ])("%s takes a burst of %d, then %d a second", (name, burst, perSecond) => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, name, burst + 5, 0)).toBe(burst);
    expect(admitted(buckets, name, burst, 5)).toBe(Math.min(burst, Math.floor(5 * perSecond)));
  });

  test("a bucket never holds more than its burst, however long nobody asked", () => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "ecs UpdateService", 1, 0)).toBe(1);
    expect(admitted(buckets, "ecs UpdateService", 80, 86_400)).toBe(50);
  });

  test.each([
    ["ecs CreateService", "ecs DeleteService", true],
    ["ecs CreateService", "ecs DescribeServices", false],
    ["ecs RunTask", "ecs PutAttributes", true],
    ["ecs ListContainerInstances", "ecs DescribeTasks", true],
    ["ecs RegisterTaskDefinition", "ecs DeleteTaskDefinitions", false],
    ["ssm GetParameter", "ssm GetParametersByPath", true],
    ["ec2 DescribeVpcs", "ec2 DescribeSubnets", false],
    ["logs DescribeLogGroups", "logs DescribeLogStreams", false],
  ])("%s and %s share a bucket: %s", (first, second, shared) => {
    expect(shares(first, second)).toBe(shared);
  });

  test("calls of Elastic Load Balancing count for the account, and a refused one costs nothing", () => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "elasticloadbalancing ModifyRule", 20, 0)).toBe(20);
    expect(admitted(buckets, "elasticloadbalancing DescribeRules", 30, 0)).toBe(20);
    expect(admitted(buckets, "elasticloadbalancing RegisterTargets", 1, 0)).toBe(0);
    expect(admitted(buckets, "elasticloadbalancing DescribeRules", 20, 1)).toBe(10);
  });

  test("EC2 takes fewer reads that ask for everything than reads of a part, which have a bucket apart", () => {
    const buckets = new TokenBuckets();
    const part = { form: new URLSearchParams({ "Filter.1.Name": "vpc-id" }) };
    expect(admitted(buckets, "ec2 DescribeInstances", 200, 0)).toBe(50);
    expect(admitted(buckets, "ec2 DescribeInstances", 200, 0, part)).toBe(100);
    const page = { form: new URLSearchParams({ MaxResults: "10" }) };
    expect(admitted(buckets, "ec2 DescribeInstances", 200, 1, page)).toBe(20);
  });

  test("log events are read faster in some Regions than in others", () => {
    const read = (region: string) => admitted(new TokenBuckets(), "logs GetLogEvents", 100, 0, { region });
    expect([read("us-east-1"), read("eu-central-1"), read("eu-west-3")]).toEqual([25, 10, 30]);
  });

  test("an operation without a documented limit is never refused", () => {
    for (const name of ["ssm PutParameter", "ecs CreateTaskSet", "iam CreateRole", "logs constructor"]) {
      expect(admitted(new TokenBuckets(), name, 1000, 0)).toBe(1000);
    }
  });
});

describe("RunTask on Fargate", () => {
  test.each([
    [{ launchType: "FARGATE" }],
    [{ capacityProviderStrategy: [{ capacityProvider: "FARGATE" }, { capacityProvider: "hosts" }] }],
    [{ cluster: "spot" }],
    [{ cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/spot", count: "two" }],
  ])("takes 20 calls a second as %j", (input) => {
    const buckets = new TokenBuckets();
    expect(admitted(buckets, "ecs RunTask", 50, 0, { input })).toBe(20);
    expect(admitted(buckets, "ecs RunTask", 50, 1, { input })).toBe(20);
  });

  test("launches 100 tasks at once and 20 a second after that, and refuses a call that wants more as a whole", () => {
    const buckets = new TokenBuckets();
    const ten = { input: { launchType: "FARGATE", count: 10 } };
    expect(admitted(buckets, "ecs RunTask", 15, 0, ten)).toBe(10);
    expect(admitted(buckets, "ecs RunTask", 15, 1.9, ten)).toBe(3);
    expect(admitted(buckets, "ecs RunTask", 20, 1.9, { input: { launchType: "FARGATE" } })).toBe(8);
  });

  test("counts Spot tasks apart from those on demand", () => {
    const buckets = new TokenBuckets();
    const ten = (launch: object) => ({ input: { ...launch, count: 10 } });
    expect(admitted(buckets, "ecs RunTask", 10, 0, ten({ launchType: "FARGATE" }))).toBe(10);
    expect(admitted(buckets, "ecs RunTask", 10, 0, ten({ cluster: "spot" }))).toBe(10);
  });

  test.each([[{ launchType: "EC2", cluster: "spot" }], [{ cluster: "hosts" }], ["{"], [null]])(
    "is not what %j asks for",
    (input) => {
      expect(admitted(new TokenBuckets(), "ecs RunTask", 200, 0, { input })).toBe(100);
    },
  );
});
