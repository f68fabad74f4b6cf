import { describe, expect, test } from "@jest/globals";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { problemsOf } from "../helpers/environments-file.ts";

const service = { containerPort: 80, networkMode: "awsvpc" };
let networks = 0;

/** An environment with these services and a registry, in a network of its own. */
function environment(registry: unknown, services: readonly string[] = ["web"], fields: object = {}): object {
  networks += 1;
  return {
    region: "eu-west-1",
    network: { cidr: `10.${networks}.0.0/16`, zones: 2 },
    cluster: { ec2: null },
    services: Object.fromEntries(services.map((name) => [name, service])),
    ...(registry === undefined ? {} : { registry }),
    ...fields,
  };
}

function registriesOf(environments: Record<string, unknown>) {
  const parsed = parseEnvironments(JSON.stringify({ environments }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return new Map([...parsed.environments].map(([name, { registry }]) => [name, registry]));
}

describe("the registry of an environment", () => {
  test("is there only where the file asks for it", () => {
    expect(registriesOf({ test: environment(undefined) }).get("test")).toBeUndefined();
  });

  test("has a repository for each service, in names that ECR takes and templates can write", () => {
    const { repositories } = registriesOf({ test: environment({}, ["web", "My_App"]) }).get("test") ?? {};
    expect(repositories).toEqual([
      { service: "web", name: "test/web", output: "registry-web-url" },
      { service: "My_App", name: "test/my-app", output: "registry-my-app-url" },
    ]);
  });

  test("has those that are listed, also of services without a load balancer", () => {
    const { repositories = [] } =
      registriesOf({ test: environment({ services: ["worker"], namespace: "shop" }) }).get("test") ?? {};
    expect(repositories.map(({ name }) => name)).toEqual(["shop/worker"]);
  });

  test("is shared by environments that name it, for the services of all", () => {
    const registries = registriesOf({
      live: environment({ of: "test" }, ["web", "mail"], { region: "us-east-1" }),
      test: environment({ keepImages: 20 }, ["web", "api"]),
    });
    expect(registries.get("live")).toEqual(registries.get("test"));
    expect(registries.get("live")).toMatchObject({ owner: "test", region: "eu-west-1", keepImages: 20 });
    expect(registries.get("live")?.repositories.map(({ name }) => name)).toEqual([
      "test/web",
      "test/mail",
      "test/api",
    ]);
  });

  test("may have the same names in another Region", () => {
    const shop = { namespace: "shop" };
    expect(
      problemsOf({
        test: environment(shop),
        live: environment(shop, ["web"], { region: "us-east-1" }),
      }),
    ).toEqual([]);
  });
});

const credentialArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf";

describe("a mistake in a registry gives one problem at its place", () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      "services that differ in capitals alone",
      { test: environment({}, ["web", "Web"]) },
      "test.registry",
      /^Services "web" and "Web" would share repository test\/web: ECR knows no capitals/,
    ],
    [
      "services that differ in underscores alone",
      { test: environment({ services: ["a_b", "a-b"] }) },
      "test.registry.services[1]",
      /would share repository test\/a-b/,
    ],
    [
      "a service that begins with an underscore",
      { test: environment({}, ["_web"]) },
      "test.registry",
      /^ECR takes no repository "-web" for service "_web": .*Name the service otherwise/,
    ],
    [
      "a name that is too long",
      { test: environment({}, ["w".repeat(255)]) },
      "test.registry",
      /a name of 260 characters; ECR takes 256/,
    ],
    ["itself", { test: environment({ of: "test" }) }, "test.registry.of", /is this environment itself/],
    [
      "an environment that is not there",
      { test: environment({}), live: environment({ of: "tst" }) },
      "live.registry.of",
      /^There is no environment "tst" in this file\. Those that have one: test\.$/,
    ],
    [
      "one that uses another's itself",
      { test: environment({}), live: environment({ of: "test" }), old: environment({ of: "live" }) },
      "old.registry.of",
      /^Environment "live" has no registry of its own\. Those that have one: test\.$/,
    ],
    [
      "repositories of the same names as another's",
      { test: environment({ namespace: "shop" }), live: environment({ namespace: "shop" }) },
      "live.registry.namespace",
      /^Repository shop\/web is made by environment "test"\. Use its registry/,
    ],
    [
      "a cache that another environment has",
      {
        test: environment({ pullThrough: { quay: {} } }),
        live: environment({ pullThrough: { quay: {} } }),
      },
      "live.registry.pullThrough.quay",
      /^The prefix "quay" is taken by the cache "quay" of environment "test"/,
    ],
    [
      "two caches under one prefix",
      { test: environment({ pullThrough: { quay: {}, kubernetes: { prefix: "quay" } } }) },
      "test.registry.pullThrough.kubernetes",
      /is taken by the cache "quay" of environment "test"/,
    ],
    [
      "a cache in the place of the repositories",
      { quay: environment({ pullThrough: { quay: {} } }) },
      "quay.registry.pullThrough.quay",
      /is also where the repositories of environment "quay" are/,
    ],
    [
      "no credentials where they are needed",
      { test: environment({ pullThrough: { "docker-hub": {} } }) },
      "test.registry.pullThrough.docker-hub.credentialArn",
      /"credentialArn" is missing.*ecr-pullthroughcache\//,
    ],
    [
      "a secret that ECR does not take",
      {
        test: environment({
          pullThrough: {
            "docker-hub": { credentialArn: credentialArn.replace("ecr-pullthroughcache/", "") },
          },
        }),
      },
      "test.registry.pullThrough.docker-hub.credentialArn",
      /is not allowed here\..*begins with ecr-pullthroughcache\//,
    ],
    [
      "a field that it has not",
      { test: environment({ keepImage: 3 }) },
      "test.registry.keepImage",
      /no field "keepImage" here.*keepImages/,
    ],
    [
      "a number that is none",
      { test: environment({ keepImages: 0 }) },
      "test.registry.keepImages",
      /0 is too small/,
    ],
    [
      "settings besides another's registry",
      { test: environment({}), live: environment({ of: "test", keepImages: 3 }) },
      "live.registry.keepImages",
      /keepImages/,
    ],
  ])("%s", (_, environments, path, message) => {
    expect(problemsOf(environments)).toEqual([
      { path: `$.environments.${path}`, message: expect.stringMatching(message) },
    ]);
  });
});
