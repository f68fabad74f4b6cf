import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";

const owner = {
  region: "eu-west-1",
  network: { cidr: "10.1.0.0/16", zones: 2 },
  loadBalancers: {
    external: { testListenerPort: 8080, rules: [{ priority: 40_000, paths: ["/a"], targetGroup: "ip" }] },
  },
  cluster: { ec2: null },
};
const sharer = { region: "eu-west-1", sharesNetworkOf: "test", cluster: { ec2: null } };
const pair = (fields: object) => ({
  services: { web: { containerPort: 80, networkMode: "awsvpc", blueGreen: { by: "ecs", ...fields } } },
});

function problemsOf(environments: Record<string, unknown>): { path: string; message: string }[] {
  const parsed = parseEnvironments(JSON.stringify({ environments }));
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => ({ path, message }));
}

describe("an environment that shares another's network", () => {
  test("has the other's network and load balancers, and a name, a cluster and secrets of its own", () => {
    const parsed = parseEnvironments(JSON.stringify({ environments: { stage: sharer, test: owner } }));
    const environments = parsed.ok ? parsed.environments : new Map<string, never>();
    expect(environments.get("stage")).toMatchObject({
      name: "stage",
      sharesNetworkOf: "test",
      secretsPrefix: "/stage/",
      network: environments.get("test")?.network,
      loadBalancers: environments.get("test")?.loadBalancers,
    });
    expect(environments.get("test")?.sharesNetworkOf).toBeUndefined();
  });

  test("is bound by the load balancers of the other", () => {
    const approved = { by: "codeDeploy", priority: 40_010, approvalMinutes: 5, host: "a.example.com" };
    expect(problemsOf({ test: owner, stage: { ...sharer, ...pair(approved) } })).toEqual([]);
    const internal = { priority: 40_010, host: "a.example.com", loadBalancer: "internal" };
    expect(problemsOf({ test: owner, stage: { ...sharer, ...pair(internal) } })).toEqual([
      {
        path: "$.environments.stage.services.web.blueGreen.loadBalancer",
        message: expect.stringMatching(/alone/),
      },
    ]);
  });
});

describe("an environment with one mistake in what it shares gives one problem at its place", () => {
  test.each([
    [
      "no network at all",
      { test: owner, stage: { ...sharer, sharesNetworkOf: undefined } },
      ".network",
      /"network" is missing.*"sharesNetworkOf"/,
    ],
    [
      "a network besides",
      { test: owner, stage: { ...sharer, network: { cidr: "10.2.0.0/16", zones: 2 } } },
      ".network",
      /that of environment "test"\. Remove network, or sharesNetworkOf/,
    ],
    [
      "load balancers besides",
      { test: owner, stage: { ...sharer, loadBalancers: {} } },
      ".loadBalancers",
      /Remove loadBalancers/,
    ],
    [
      "a name that no environment has",
      { test: owner, stage: { ...sharer, sharesNetworkOf: "tset" } },
      ".sharesNetworkOf",
      /no environment "tset" in this file\. There is test\./,
    ],
    [
      "its own name",
      { test: owner, stage: { ...sharer, sharesNetworkOf: "stage" } },
      ".sharesNetworkOf",
      /this environment itself/,
    ],
    [
      "a chain",
      { test: owner, qa: sharer, stage: { ...sharer, sharesNetworkOf: "qa" } },
      ".sharesNetworkOf",
      /"qa" itself shares the network of "test"/,
    ],
    [
      "another Region",
      { test: owner, stage: { ...sharer, region: "us-east-1" } },
      ".sharesNetworkOf",
      /"test" is in eu-west-1 and this environment in us-east-1/,
    ],
    [
      "the priority of the other's rule",
      { test: owner, stage: { ...sharer, ...pair({ priority: 40_000, host: "a.example.com" }) } },
      ".services.web.blueGreen.priority",
      /Priority 40000 is taken by rules\[0\]/,
    ],
    [
      "the host of the other's service",
      {
        test: { ...owner, ...pair({ priority: 40_010, host: "a.example.com" }) },
        stage: { ...sharer, ...pair({ priority: 40_020, host: "a.example.com" }) },
      },
      ".services.web.blueGreen.host",
      /belong to service "web" on the same load balancer/,
    ],
    [
      "the priority of a third that shares as well",
      {
        test: owner,
        qa: { ...sharer, ...pair({ priority: 40_010, host: "a.example.com" }) },
        stage: { ...sharer, ...pair({ priority: 40_010, host: "b.example.com" }) },
      },
      ".services.web.blueGreen.priority",
      /taken by service "web" of environment "qa"/,
    ],
  ])("%s", (_title, environments, path, message) => {
    expect(problemsOf(environments)).toEqual([
      { path: `$.environments.stage${path}`, message: expect.stringMatching(message) },
    ]);
  });
});

test("two environments whose services would share the name of a target group", () => {
  const service = { containerPort: 80, networkMode: "awsvpc" };
  const blueGreen = (priority: number) => ({ by: "ecs", priority, host: `h${priority}.example.com` });
  expect(
    problemsOf({
      test: { ...owner, services: { "a-web": { ...service, blueGreen: blueGreen(40_010) } } },
      "test-a": {
        ...sharer,
        services: { web: { ...service, blueGreen: blueGreen(40_020) } },
      },
    }),
  ).toEqual([
    {
      path: "$.environments.test-a.services.web",
      message: expect.stringMatching(
        /names of those of service "a-web" in environment "test" \(test-a-web-blue\)/,
      ),
    },
  ]);
});
