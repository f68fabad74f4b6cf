import { describe, expect, test } from "@jest/globals";
import {
  certificate,
  codeDeploy,
  deployed,
  native,
  problemsOf,
  staged,
} from "../helpers/environments-file.ts";
import type { Fields } from "../helpers/environments-file.ts";

/** What is wrong, the environment, where it is found and what is said. */
type Broken = readonly [title: string, environment: Fields, path: string, message: RegExp];

const broken: readonly Broken[] = [
  [
    "a way to deploy that is none",
    deployed({ web: { by: "flagger" } }),
    ".services.web.blueGreen.by",
    /"flagger" is not allowed.*stage.*codeDeploy.*ecs/,
  ],
  [
    "a load balancer that the environment does not have",
    deployed({ web: { ...staged, loadBalancer: "internal" } }),
    ".services.web.blueGreen.loadBalancer",
    /has "external" alone, not "internal"\. Name one that it has/,
  ],
  [
    "no load balancer at all",
    deployed({ web: codeDeploy }, { loadBalancers: {} }),
    ".services.web.blueGreen.loadBalancer",
    /has none, not "external"/,
  ],
  [
    "a staged service without a domain",
    deployed({ web: { ...staged, host: "www.example.com" } }, { domain: undefined }),
    ".services.web.blueGreen",
    /answers at <id>\.stage\.<domain>, and the environment has no domain/,
  ],
  [
    "a pair without host, paths and domain",
    deployed({ web: native }, { domain: undefined }),
    ".services.web.blueGreen",
    /Nothing says which requests are the service's/,
  ],
  [
    "a wildcard of a staged service that DNS does not have",
    deployed({ web: { ...staged, host: "w*.example.com" } }),
    ".services.web.blueGreen.host",
    /cannot be a DNS record.*Name it in full/,
  ],
  [
    "a host too long for a rule",
    deployed({ web: { ...staged, host: `${"a".repeat(130)}.example.com` } }),
    ".services.web.blueGreen.host",
    /is not allowed here/,
  ],
  [
    "a service whose name makes no host",
    deployed({ my_web: staged }),
    ".services.my_web.blueGreen",
    /"my_web\.example\.com", is no host name.*Give it another in "host"/,
  ],
  [
    "a service whose name is too long for DNS",
    deployed({ ["w".repeat(64)]: codeDeploy }),
    `.services.${"w".repeat(64)}.blueGreen`,
    /label of 64 characters; DNS takes 63/,
  ],
  [
    "a default host too long for a rule",
    deployed({ ["w".repeat(60)]: staged }, { domain: { name: `${"a.".repeat(38)}com` } }),
    `.services.${"w".repeat(60)}.blueGreen`,
    /has 140 characters; a load balancer takes 128/,
  ],
  [
    "HTTPS without a certificate",
    deployed({ web: { ...staged, listener: { port: 443, protocol: "HTTPS" } } }),
    ".services.web.blueGreen.listener.protocol",
    /needs a certificate\. Give its ARN in certificateArn/,
  ],
  [
    "a certificate for HTTP",
    deployed({ web: { ...staged, listener: { port: 81, certificateArn: certificate("eu-west-1") } } }),
    ".services.web.blueGreen.listener.certificateArn",
    /listener for HTTP has no certificate/,
  ],
  [
    "a certificate of another Region",
    deployed({
      web: {
        ...staged,
        listener: { port: 443, protocol: "HTTPS", certificateArn: certificate("us-east-1") },
      },
    }),
    ".services.web.blueGreen.listener.certificateArn",
    /in us-east-1, the load balancer in eu-west-1/,
  ],
  [
    "HTTPS on the port that the load balancer has for HTTP",
    deployed({
      web: { ...staged, listener: { port: 80, protocol: "HTTPS", certificateArn: certificate("eu-west-1") } },
    }),
    ".services.web.blueGreen.listener.port",
    /Port 80 is that of the load balancer's own listener, which is for HTTP/,
  ],
  [
    "a staged service on the test listener's port",
    deployed({ web: { ...staged, listener: { port: 8080 } } }, {}, { testListenerPort: 8080 }),
    ".services.web.blueGreen.listener.port",
    /Port 8080 is that of the test listener/,
  ],
  [
    "a test listener on the production listener's port",
    deployed({}, {}, { listenerPort: 8080, testListenerPort: 8080 }),
    ".loadBalancers.external.testListenerPort",
    /Port 8080 is the production listener's/,
  ],
  [
    "clients of a test listener that there is not",
    deployed({}, {}, { testListenerCidrs: ["203.0.113.0/24"] }),
    ".loadBalancers.external.testListenerCidrs",
    /There is no test listener\. Give it a testListenerPort/,
  ],
  [
    "a client that is no block",
    deployed({}, {}, { testListenerPort: 8080, testListenerCidrs: ["203.0.113.0/24", "office"] }),
    ".loadBalancers.external.testListenerCidrs[1]",
    /"office" is not an IPv4 block/,
  ],
  [
    "approval that nobody could look at",
    deployed({ web: { ...codeDeploy, approvalMinutes: 30 } }),
    ".services.web.blueGreen.approvalMinutes",
    /wait 30 minutes for approval.*Give it a testListenerPort, or set approvalMinutes to 0/,
  ],
  [
    "a priority of the deployments' band",
    deployed({ web: { ...native, priority: 1000 } }),
    ".services.web.blueGreen.priority",
    /at least 40000/,
  ],
  [
    "a health check of a pair that outlasts its interval",
    deployed({ web: { ...native, targetGroup: { healthCheck: { intervalSeconds: 5 } } } }),
    ".services.web.blueGreen.targetGroup.healthCheck.timeoutSeconds",
    /A timeout of 5 s is not below the interval of 5 s/,
  ],
  [
    "target groups for hosts where there are none",
    deployed({}, { services: { web: { containerPort: 80, networkMode: "bridge", blueGreen: native } } }),
    ".services.web.blueGreen",
    /In network mode bridge .* the environment has none\. Use awsvpc/,
  ],
];

describe("an environment whose blue/green settings have one mistake gives one problem at its place", () => {
  test.each(broken)("%s", (_title, environment, path, message) => {
    expect(problemsOf({ dev: environment })).toEqual([
      { path: `$.environments.dev${path}`, message: expect.stringMatching(message) },
    ]);
  });
});

test("a field of another way to deploy is unknown, and only those of the service's own way are named", () => {
  const environment = deployed({ web: { ...native, approvalMinutes: 5 } });
  const [problem] = problemsOf({ dev: environment });
  expect(problem?.path).toBe("$.environments.dev.services.web.blueGreen.approvalMinutes");
  expect(problem?.message).toMatch(
    /no field "approvalMinutes" here\. Known: by, loadBalancer, host, targetGroup, priority, paths, alarms\.$/,
  );
});

describe("blue/green settings that fit are taken", () => {
  test.each([
    ["a wildcard that DNS has", deployed({ shop: { ...staged, host: "*.example.com" } })],
    ["a service of each kind", deployed({ shop: staged, web: codeDeploy, api: native })],
    ["a pair by paths alone", deployed({ web: { ...native, paths: ["/w/*"] } }, { domain: undefined })],
    [
      "paths of a host that are asked for before the rest of it",
      deployed({
        web: { ...codeDeploy, host: "www.example.com", paths: ["/b"] },
        api: { ...native, host: "www.example.com" },
      }),
    ],
    [
      "two staged services on one listener",
      deployed({ a: { ...staged, listener: { port: 81 } }, b: { ...staged, listener: { port: 81 } } }),
    ],
    [
      "approval with a test listener",
      deployed({ web: { ...codeDeploy, approvalMinutes: 30 } }, {}, { testListenerPort: 8080 }),
    ],
    [
      "one host on two load balancers",
      deployed(
        {
          web: { ...staged, host: "a.example.com" },
          api: { ...native, host: "a.example.com", loadBalancer: "internal" },
        },
        { loadBalancers: { external: {}, internal: {} } },
      ),
    ],
  ])("%s", (_title, environment) => {
    expect(problemsOf({ dev: environment })).toEqual([]);
  });
});

test("mistakes of several services, fields and environments are told all at once", () => {
  const environments = {
    dev: deployed({ api: { ...codeDeploy, approvalMinutes: 5, loadBalancer: "internal" }, web: { by: "x" } }),
    prod: deployed({ web: codeDeploy, api: codeDeploy }, { network: { cidr: "10.2.0.0/16", zones: 2 } }),
  };
  expect(problemsOf(environments).map(({ path }) => path)).toEqual([
    "$.environments.dev.services.api.blueGreen.loadBalancer",
    "$.environments.dev.services.web.blueGreen.by",
    "$.environments.prod.services.api.blueGreen.priority",
  ]);
});
