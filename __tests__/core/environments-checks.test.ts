import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";

const least = {
  region: "eu-west-1",
  network: { cidr: "10.1.0.0/16", zones: 2 },
  cluster: { ec2: null },
};
const hosts = { instanceType: "t3.small", min: 1, desired: 2, max: 3 };
const rule = { priority: 40_000, paths: ["/a"], targetGroup: "ip" };

/** A wrong environment: what is wrong with it, the environment's fields, where it is found and what is said. */
type Broken = readonly [title: string, fields: Record<string, unknown>, path: string, message: RegExp];

const broken: readonly Broken[] = [
  [
    "no region",
    { region: undefined },
    ".region",
    /The field "region" is missing\. The AWS region, as in us-east-1/,
  ],
  ["a region that is none", { region: "Ireland" }, ".region", /"Ireland" is not allowed here/],
  ["a block that is none", network({ cidr: "10.0.0.300/16" }), ".network.cidr", /is not an IPv4 block/],
  [
    "a block off its prefix",
    network({ cidr: "10.1.2.3/16" }),
    ".network.cidr",
    /The block around it is 10\.1\.0\.0\/16/,
  ],
  [
    "a block that AWS refuses",
    network({ cidr: "10.0.0.0/8" }),
    ".network.cidr",
    /larger than AWS allows.* \/16 to a \/23/,
  ],
  [
    "a block too small",
    network({ cidr: "10.0.0.0/24" }),
    ".network.cidr",
    /too small for subnets.* \/16 to a \/23/,
  ],
  ["one zone", network({ zones: ["eu-west-1a"] }), ".network.zones", /at least 2 entries are needed/],
  ["a count of one zone", network({ zones: 1 }), ".network.zones", /1 is too small: at least 2/],
  ["more zones than subnets", network({ zones: 9 }), ".network.zones", /9 is too large: at most 8/],
  [
    "a zone elsewhere",
    network({ zones: ["eu-west-1a", "us-east-1b"] }),
    ".network.zones[1]",
    /not a zone of eu-west-1/,
  ],
  ["a zone twice", network({ zones: ["eu-west-1a", "eu-west-1a"] }), ".network.zones[1]", /stands twice/],
  ["a NAT of another kind", network({ nat: "none" }), ".network.nat", /Allowed: "one", "per-zone"/],
  [
    "flow logs kept for 8 days",
    network({ flowLogs: { retentionDays: 8 } }),
    ".network.flowLogs.retentionDays",
    /7, 14/,
  ],
  ["flow logs true", network({ flowLogs: true }), ".network.flowLogs", /true is not allowed here/],
  ["a minimum above the maximum", ec2({ min: 4 }), ".cluster.ec2.min", /min 4 is above max 3/],
  [
    "fewer desired than the minimum",
    ec2({ desired: 0 }),
    ".cluster.ec2.desired",
    /desired 0 is not between min 1 and max 3/,
  ],
  ["more desired than the maximum", ec2({ desired: 4 }), ".cluster.ec2.desired", /desired 4 is not between/],
  [
    "half a host",
    ec2({ desired: 1.5 }),
    ".cluster.ec2.desired",
    /1\.5 is a number, but a whole number is expected/,
  ],
  [
    "an instance type that is none",
    ec2({ instanceType: "big" }),
    ".cluster.ec2.instanceType",
    /"big" is not allowed/,
  ],
  [
    "a processor that is none",
    ec2({ architecture: "arm" }),
    ".cluster.ec2.architecture",
    /"x86_64", "arm64"/,
  ],
  [
    "a group called default",
    { cluster: { ec2: null, extraInstanceGroups: { default: hosts } } },
    ".cluster.extraInstanceGroups.default",
    /is the name of the group "ec2"/,
  ],
  [
    "a group's name in capitals",
    { cluster: { ec2: null, extraInstanceGroups: { GPU: hosts } } },
    ".cluster.extraInstanceGroups.GPU",
    /"GPU" cannot be a name here/,
  ],
  [
    "a strategy without weight",
    { cluster: { ec2: null, defaultStrategy: { fargate: { weight: 0 } } } },
    ".cluster.defaultStrategy",
    /Both weights are 0/,
  ],
  [
    "two bases",
    {
      cluster: { ec2: null, defaultStrategy: { fargate: { weight: 1, base: 1 }, fargateSpot: { base: 1 } } },
    },
    ".cluster.defaultStrategy.fargateSpot.base",
    /one base/,
  ],
  [
    "a priority of the deployments' band",
    external({ rules: [{ ...rule, priority: 1000 }] }),
    ".loadBalancers.external.rules[0].priority",
    /at least 40000/,
  ],
  [
    "a priority twice",
    external({ rules: [rule, rule] }),
    ".loadBalancers.external.rules[1].priority",
    /taken by rules\[0\]/,
  ],
  [
    "a rule without condition",
    external({ rules: [{ ...rule, paths: undefined }] }),
    ".loadBalancers.external.rules[0]",
    /no condition/,
  ],
  [
    "six values in a rule",
    external({ rules: [{ ...rule, hosts: ["a.b"], paths: ["/1", "/2", "/3", "/4", "/5"] }] }),
    ".loadBalancers.external.rules[0]",
    /AWS allows 5/,
  ],
  [
    "a timeout as long as the interval",
    external({ targetGroups: { ip: { healthCheck: { timeoutSeconds: 30 } } } }),
    ".loadBalancers.external.targetGroups.ip.healthCheck.timeoutSeconds",
    /not below the interval of 30 s/,
  ],
  [
    "healthy codes from a higher to a lower one",
    external({ targetGroups: { ip: { healthCheck: { matcher: "200,399-301" } } } }),
    ".loadBalancers.external.targetGroups.ip.healthCheck.matcher",
    /399-301 holds no code\. Write 301-399/,
  ],
  [
    "a health path without slash",
    external({ targetGroups: { ip: { healthCheck: { path: "ok" } } } }),
    ".loadBalancers.external.targetGroups.ip.healthCheck.path",
    /starts with '\/'/,
  ],
  [
    "a port that is none",
    { services: { web: { containerPort: 0, networkMode: "awsvpc" } } },
    ".services.web.containerPort",
    /at least 1/,
  ],
  [
    "a host port without host",
    { services: { web: { containerPort: 80, networkMode: "awsvpc", hostPort: 80 } } },
    ".services.web.hostPort",
    /Remove hostPort/,
  ],
  ["a prefix without slash", { secretsPrefix: "dev" }, ".secretsPrefix", /with '\/' at both ends/],
  ["a prefix of AWS's own", { secretsPrefix: "/aws/dev/" }, ".secretsPrefix", /keeps for AWS/],
];

describe("an environment with one mistake gives one problem at its place", () => {
  test.each(broken)("%s", (_title, fields, path, message) => {
    const parsed = parseEnvironments(JSON.stringify({ environments: { dev: { ...least, ...fields } } }));
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      {
        path: `$.environments.dev${path}`,
        message: expect.stringMatching(message),
      },
    ]);
  });

  test.each([
    ["aws-test", /AWS refuses in the name of a capacity provider/],
    ["internal-tools", /AWS refuses in the name of a load balancer/],
    ["dev-", /ends in a hyphen/],
    ["Dev", /"Dev" cannot be a name here/],
    ["d".repeat(33), /cannot be a name here.*at most 32/],
  ])("the name %s", (name, message) => {
    const parsed = parseEnvironments(JSON.stringify({ environments: { [name]: least } }));
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([{ message: expect.stringMatching(message) }]);
  });

  test("two environments whose networks overlap", () => {
    const other = { ...least, network: { cidr: "10.1.128.0/20", zones: 2 } };
    const parsed = parseEnvironments(JSON.stringify({ environments: { one: least, two: other } }));
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      {
        path: "$.environments.two.network.cidr",
        message: expect.stringContaining('overlaps 10.1.0.0/16 of environment "one"'),
      },
    ]);
  });

  test("a mistake in one environment hides none in another", () => {
    const environments = {
      one: { ...least, region: "x" },
      two: { ...least, network: { cidr: "x", zones: 2 } },
    };
    const parsed = parseEnvironments(JSON.stringify({ environments }));
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.path)).toEqual([
      "$.environments.one.region",
      "$.environments.two.network.cidr",
    ]);
  });
});

function network(fields: Record<string, unknown>): Record<string, unknown> {
  return { network: { ...least.network, ...fields } };
}

function ec2(fields: Record<string, unknown>): Record<string, unknown> {
  return { cluster: { ec2: { ...hosts, ...fields } } };
}

function external(fields: Record<string, unknown>): Record<string, unknown> {
  return { loadBalancers: { external: fields } };
}
