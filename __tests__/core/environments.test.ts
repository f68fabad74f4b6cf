import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { formatProblem } from "../../scripts/core/problem.ts";
import type { Environment, Problem } from "../../scripts/core/environments.ts";
import { projectRoot } from "../../scripts/project-root.ts";

/** The least that an environment has to say. */
const least = {
  region: "eu-west-1",
  network: { cidr: "10.1.0.0/16", zones: 2 },
  cluster: { ec2: null },
};

function fileOf(environments: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...rest, environments });
}

function environmentsOf(text: string): ReadonlyMap<string, Environment> {
  const parsed = parseEnvironments(text);
  if (!parsed.ok) {
    throw new Error(parsed.problems.map((problem) => formatProblem({ file: "file", ...problem })).join("\n"));
  }
  return parsed.environments;
}

function onlyEnvironment(text: string): Environment {
  const [first] = environmentsOf(text).values();
  if (first === undefined) {
    throw new Error("No environment was parsed.");
  }
  return first;
}

function problemsOf(text: string): readonly Problem[] {
  const parsed = parseEnvironments(text);
  return parsed.ok ? [] : parsed.problems;
}

describe("a valid file", () => {
  test("the shipped file describes environment test in us-east-1 with both load balancers and hosts", () => {
    const text = readFileSync(path.join(projectRoot(), "environments.jsonc"), "utf8");
    const environment = environmentsOf(text).get("test");
    expect(environment).toMatchObject({ name: "test", region: "us-east-1", secretsPrefix: "/test/" });
    expect(Object.keys(environment?.loadBalancers ?? {}).toSorted()).toEqual(["external", "internal"]);
    expect(environment?.cluster.ec2?.instanceType).toBe("t3.small");
  });

  test("what is left out has its default", () => {
    const environment = onlyEnvironment(fileOf({ dev: { ...least, loadBalancers: { external: {} } } }));
    expect(environment.network).toMatchObject({ nat: "one", flowLogs: { retentionDays: 30 } });
    expect(environment.loadBalancers.internal).toBeUndefined();
    expect(environment.loadBalancers.external).toMatchObject({
      listenerPort: 80,
      defaultTargetGroup: "instance",
    });
    expect(environment.cluster).toMatchObject({ containerInsights: "enabled", logRetentionDays: 30 });
  });

  test("a desired count of 0 stays 0", () => {
    const ec2 = { instanceType: "t3.small", min: 0, desired: 0, max: 3 };
    expect(onlyEnvironment(fileOf({ dev: { ...least, cluster: { ec2 } } })).cluster.ec2?.desired).toBe(0);
  });

  test("comments and trailing commas are read over", () => {
    const text = `// all of them\n{ "environments": { /* one */ "dev": ${JSON.stringify(least)}, }, }`;
    expect([...environmentsOf(text).keys()]).toEqual(["dev"]);
  });

  test("a secrets prefix that is given replaces the environment's name", () => {
    expect(onlyEnvironment(fileOf({ dev: { ...least, secretsPrefix: "/shared/dev/" } })).secretsPrefix).toBe(
      "/shared/dev/",
    );
  });

  test("no access key is made unless asked for", () => {
    const parsed = [{}, { users: { deployerAccessKey: true } }].map((rest) =>
      parseEnvironments(fileOf({ dev: least }, rest)),
    );
    expect(parsed.map((result) => result.ok && result.users.deployerAccessKey)).toEqual([false, true]);
  });
});

describe("a broken file", () => {
  test("text that is not JSON is refused at the place where it stops being JSON", () => {
    expect(problemsOf('{\n  "environments": {,\n')[0]).toMatchObject({ line: 2, column: 20 });
  });

  test.each(["", "   ", "// nothing but a comment"])("a file without content is refused: %j", (text) => {
    expect(problemsOf(text)).not.toEqual([]);
  });

  test("a property that stands twice is refused where it stands again", () => {
    const text = '{ "environments": {\n  "dev": {}, \n  "dev": {} } }';
    expect(problemsOf(text)).toMatchObject([{ line: 3, column: 3, path: "$.environments.dev" }]);
  });

  test("a file with no environment is refused", () => {
    expect(problemsOf(fileOf({}))).toMatchObject([{ path: "$.environments" }]);
  });

  test("all problems come at once, in the order of the file", () => {
    const text = `{ "environments": { "dev": {
      "region": "moon",
      "network": { "cidr": "10.0.0.0/30", "zones": ["eu-west-1a"], "nat": "two" },
      "cluster": { "ec2": { "instanceType": "t3.small", "min": 5, "desired": 1, "max": 2 } },
      "clusters": {}
    } } }`;
    expect(problemsOf(text).map((problem) => [problem.line, problem.path])).toEqual([
      [2, "$.environments.dev.region"],
      [3, "$.environments.dev.network.cidr"],
      [3, "$.environments.dev.network.zones"],
      [3, "$.environments.dev.network.nat"],
      [4, "$.environments.dev.cluster.ec2.min"],
      [5, "$.environments.dev.clusters"],
    ]);
  });

  test("an unknown field is answered with the nearest known one", () => {
    const [problem] = problemsOf(fileOf({ dev: { ...least, regoin: "x" } }));
    expect(problem?.message).toContain('There is no field "regoin" here. Did you mean "region"?');
  });

  test("a problem is written the way compilers write them", () => {
    const [problem] = problemsOf('{ "environments": { "dev": 4 } }');
    expect(problem === undefined ? "" : formatProblem({ file: "environments.jsonc", ...problem })).toMatch(
      /^environments\.jsonc:1:28 \$\.environments\.dev: 4 is a number, but an object is expected\./,
    );
  });
});
