import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { audienceOf, issuerOf, subjectsOf } from "../../scripts/core/environments/pipelines.ts";

const environment = (cidr: string) => ({
  region: "eu-west-1",
  network: { cidr, zones: 2 },
  cluster: { ec2: null },
});
const environments = { test: environment("10.1.0.0/16"), prod: environment("10.2.0.0/16") };

const github = { by: "github", repository: "us/web", runs: [{ branch: "main" }], environments: ["test"] };
const gitlab = { by: "gitlab", project: "us/apps/web", runs: [{ branch: "main" }], environments: ["test"] };

function read(web: object, more: object = {}) {
  return parseEnvironments(JSON.stringify({ pipelines: { web }, ...more, environments }));
}

function pipelineOf(web: object) {
  const parsed = read(web);
  const found = parsed.ok ? parsed.pipelines.get("web") : undefined;
  if (found === undefined) throw new Error(JSON.stringify(parsed));
  return found;
}

describe("a pipeline", () => {
  test("of GitHub is known by the exact subjects of its runs, for the audience of AWS's action", () => {
    const runs = [
      { environment: "pro: eu" },
      { branch: "feature/a" },
      { tag: "v1.2.0" },
      { subject: "repo:us/web:job_workflow_ref:us/web/.github/workflows/deploy.yml@refs/heads/main" },
    ];
    const pipeline = pipelineOf({ ...github, runs });
    expect(issuerOf(pipeline)).toBe("token.actions.githubusercontent.com");
    expect(audienceOf(pipeline)).toBe("sts.amazonaws.com");
    expect(subjectsOf(pipeline)).toEqual([
      "repo:us/web:environment:pro%3A eu",
      "repo:us/web:ref:refs/heads/feature/a",
      "repo:us/web:ref:refs/tags/v1.2.0",
      "repo:us/web:job_workflow_ref:us/web/.github/workflows/deploy.yml@refs/heads/main",
    ]);
    expect(subjectsOf(pipelineOf({ ...github, repository: "us@12/web@34" }))).toEqual([
      "repo:us@12/web@34:ref:refs/heads/main",
    ]);
  });

  test("of GitLab is known by its project and ref, for the address of GitLab itself", () => {
    const pipeline = pipelineOf({ ...gitlab, runs: [{ branch: "main" }, { tag: "v1" }] });
    expect(audienceOf(pipeline)).toBe("https://gitlab.com");
    expect(subjectsOf(pipeline)).toEqual([
      "project_path:us/apps/web:ref_type:branch:ref:main",
      "project_path:us/apps/web:ref_type:tag:ref:v1",
    ]);
    const own = pipelineOf({ ...gitlab, issuer: "gitlab.example.com" });
    expect([issuerOf(own), audienceOf(own)]).toEqual(["gitlab.example.com", "https://gitlab.example.com"]);
  });

  test("has credentials for an hour and pushes nowhere unless it says so", () => {
    expect(pipelineOf(github)).toMatchObject({ sessionMinutes: 60, pushesTo: [] });
  });
});

describe("a pipeline with one mistake gives one problem at its place", () => {
  test.each([
    ["a repository that is a pattern", { ...github, repository: "us/*" }, "repository", /to the letter/],
    ["a repository without an owner", { ...github, repository: "web" }, "repository", /owner\/name/],
    [
      "a branch that is a pattern",
      { ...github, runs: [{ branch: "release/*" }] },
      "runs[0].branch",
      /no '\*'/,
    ],
    [
      "a subject that is a pattern",
      { ...github, runs: [{ subject: "repo:us/web:?" }] },
      "runs[0].subject",
      /no '\*'/,
    ],
    [
      "an environment with a variable",
      { ...github, runs: [{ environment: "${aws:userid}" }] },
      "runs[0].environment",
      /'\$'/,
    ],
    ["an audience that is a pattern", { ...github, audience: "*" }, "audience", /no '\*'/],
    ["a run without a field", { ...github, runs: [{}] }, "runs[0]", /has no field\. Give it one of/],
    ["a run with two", { ...github, runs: [{ branch: "main", tag: "v1" }] }, "runs[0]", /has branch and tag/],
    [
      "the same run twice",
      { ...github, runs: [{ branch: "main" }, { branch: "main" }] },
      "runs[1]",
      /stands twice/,
    ],
    ["no run at all", { ...github, runs: [] }, "runs", /too small/],
    [
      "a GitHub environment at GitLab",
      { ...gitlab, runs: [{ environment: "prod" }] },
      "runs[0]",
      /and no environment/,
    ],
    ["a project that is a pattern", { ...gitlab, project: "us/**" }, "project", /to the letter/],
    [
      "an environment that is not there",
      { ...github, environments: ["tset"] },
      "environments[0]",
      /There is test, prod/,
    ],
    [
      "an environment twice",
      { ...github, environments: ["test", "test"] },
      "environments[1]",
      /stands twice/,
    ],
    ["no environment", { ...github, environments: [] }, "environments", /too small/],
    ["a session of ten minutes", { ...github, sessionMinutes: 10 }, "sessionMinutes", /60 to 720/],
    ["an issuer with a scheme", { ...gitlab, issuer: "https://gitlab.com" }, "issuer", /without https/],
    [
      "a repository of ECR that is a pattern",
      { ...github, pushesTo: ["web-*"] },
      "pushesTo[0]",
      /not allowed/,
    ],
    ["another CI", { ...github, by: "jenkins" }, "by", /github.*gitlab/],
  ] as const)("%s", (_what, web, place, message) => {
    const parsed = read(web);
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map(({ path }) => path)).toEqual([`$.pipelines.web.${place}`]);
    expect(problems[0]?.message).toMatch(message);
  });

  test("a name that no role could have", () => {
    const parsed = parseEnvironments(JSON.stringify({ pipelines: { "We b": github }, environments }));
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: '$.pipelines["We b"]' }] });
  });

  test("an identity provider that stands twice, by ARN and by host", () => {
    const host = "token.actions.githubusercontent.com";
    const existingIdentityProviders = [host, `arn:aws:iam::123456789012:oidc-provider/${host}`];
    expect(read(github, { existingIdentityProviders })).toMatchObject({
      ok: false,
      problems: [
        { path: "$.existingIdentityProviders[1]", message: expect.stringMatching(/stands here twice/) },
      ],
    });
  });

  test("a role for tasks that has a path or is a pattern", () => {
    for (const role of ["traffic/test_codedeploy", "*"]) {
      const parsed = parseEnvironments(
        JSON.stringify({ environments: { test: { ...environments.test, taskRoles: [role] } } }),
      );
      expect(parsed).toMatchObject({ ok: false, problems: [{ path: "$.environments.test.taskRoles[0]" }] });
    }
  });
});
