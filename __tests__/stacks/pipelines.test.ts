import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { overfullPipelines } from "../../stacks/pipeline-limits.ts";
import { resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";

const github = "token.actions.githubusercontent.com";

function file(more: object, count = 2, moving = false): string {
  const service = { containerPort: 80, networkMode: "awsvpc", blueGreen: { by: "stage" } };
  const environment = (index: number) => ({
    region: "us-east-1",
    network: { cidr: `10.${index}.0.0/16`, zones: 2 },
    loadBalancers: { external: {} },
    cluster: { ec2: null },
    domain: { name: `e${index}.example.com` },
    services: moving ? { web: service } : {},
  });
  const environments = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`e${index}`, environment(index)]),
  );
  return JSON.stringify({ environments, ...more });
}

const run = { by: "github", repository: "us/web", runs: [{ environment: "production" }, { branch: "main" }] };
const pipelines = {
  web: { ...run, environments: ["e0"], pushesTo: ["web"], sessionMinutes: 120 },
  zoo: { by: "gitlab", project: "us/zoo", runs: [{ tag: "v1" }], environments: ["e0", "e1"] },
};

describe("pipelines", () => {
  const stack = stackOf(synthesize(file({ pipelines })), "users");
  const roles = resourcesOf(stack, "aws_iam_role");
  const attached = (role: string) =>
    Object.values(resourcesOf(stack, "aws_iam_role_policy_attachment"))
      .filter((attachment) => attachment["role"] === `\${aws_iam_role.${role}.name}`)
      .map(({ policy_arn }) => policy_arn);

  test("have a role each, below a path of which nobody may pass a role, within the deployer's boundary", () => {
    expect(Object.values(roles)).toEqual([
      expect.objectContaining({
        name: "web_pipeline",
        path: "/ecs/pipelines/",
        max_session_duration: 7_200,
        permissions_boundary: "${aws_iam_policy.deployer-boundary.arn}",
      }),
      expect.objectContaining({
        name: "zoo_pipeline",
        max_session_duration: 3_600,
        permissions_boundary: "${aws_iam_policy.deployer-boundary.arn}",
      }),
    ]);
  });

  test("are let in by exact subject and audience, and by nothing that is a pattern", () => {
    const trust = Object.values(roles).map((role): unknown => JSON.parse(String(role["assume_role_policy"])));
    const statement = (provider: string, conditions: object) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: provider },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: conditions },
        },
      ],
    });
    const provider = (host: string) =>
      `\${aws_iam_openid_connect_provider.pipelines_provider-${host.replaceAll(".", "")}_`;
    expect(trust).toEqual([
      statement(expect.stringContaining(provider(github)) as unknown as string, {
        [`${github}:aud`]: "sts.amazonaws.com",
        [`${github}:sub`]: ["repo:us/web:environment:production", "repo:us/web:ref:refs/heads/main"],
      }),
      statement(expect.stringContaining(provider("gitlab.com")) as unknown as string, {
        "gitlab.com:aud": "https://gitlab.com",
        "gitlab.com:sub": ["project_path:us/zoo:ref_type:tag:ref:v1"],
      }),
    ]);
  });

  test("get the policies of the environments that they deploy to, and no other", () => {
    const [web = "", zoo = ""] = Object.keys(roles);
    const own = ["${aws_iam_policy.deployer-policy.arn}", "${aws_iam_policy.deployer-policy_2.arn}"];
    const other = ["${aws_iam_policy.deployer-policy-e1.arn}", "${aws_iam_policy.deployer-policy-e1_2.arn}"];
    expect(new Set(attached(web))).toEqual(new Set(own));
    expect(new Set(attached(zoo))).toEqual(new Set([...own, ...other]));
  });

  test("push images where they say so", () => {
    const [push, ...others] = Object.values(resourcesOf(stack, "aws_iam_role_policy"));
    expect(others).toEqual([]);
    const { Statement } = JSON.parse(String(push?.["policy"])) as {
      Statement: { Sid: string; Resource: string[] }[];
    };
    expect(Statement.find(({ Sid }) => Sid === "PushImages")?.Resource).toEqual([
      expect.stringMatching(/:ecr:us-east-1:.*:repository\/web$/),
    ]);
  });

  test("tell their roles' ARNs as outputs of the stack", () => {
    expect(Object.keys(stack.output).filter((name) => name.startsWith("pipeline-"))).toEqual([
      "pipeline-web-role-arn",
      "pipeline-zoo-role-arn",
    ]);
  });

  test("share one identity provider a host, which takes the audiences of all of them", () => {
    const other = { ...run, audience: "https://github.com/us", environments: ["e0"] };
    const made = Object.values(
      resourcesOf(
        stackOf(synthesize(file({ pipelines: { ...pipelines, other } })), "users"),
        "aws_iam_openid_connect_provider",
      ),
    );
    expect(made).toEqual([
      expect.objectContaining({ url: "https://gitlab.com" }),
      expect.objectContaining({
        url: `https://${github}`,
        client_id_list: ["sts.amazonaws.com", "https://github.com/us"],
      }),
    ]);
  });

  test.each([
    [github, `arn:\${data.aws_partition.partition.partition}:iam::`],
    [`arn:aws:iam::123456789012:oidc-provider/${github}`, "arn:aws:iam::123456789012:"],
  ])("use the identity provider that IAM has already: %s", (given, beginning) => {
    const text = file({ pipelines: { web: pipelines.web }, existingIdentityProviders: [given] });
    const users = stackOf(synthesize(text), "users");
    expect(resourcesOf(users, "aws_iam_openid_connect_provider")).toEqual({});
    const [role] = Object.values(resourcesOf(users, "aws_iam_role"));
    const { Statement } = JSON.parse(String(role?.["assume_role_policy"])) as {
      Statement: { Principal: { Federated: string } }[];
    };
    expect(Statement[0]?.Principal.Federated.startsWith(beginning)).toBe(true);
    expect(Statement[0]?.Principal.Federated.endsWith(`:oidc-provider/${github}`)).toBe(true);
  });
});

describe("a pipeline to more environments than a role takes the policies of", () => {
  const problemsOf = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `e${index}`);
    const text = file({ pipelines: { web: { ...run, environments: names } } }, count, true);
    const parsed = parseEnvironments(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return overfullPipelines(text, parsed);
  };

  test("is refused at its place, with how many each of them has", () => {
    expect(problemsOf(5)).toEqual([]);
    expect(problemsOf(6)).toEqual([
      expect.objectContaining({
        path: "$.pipelines.web.environments",
        message: expect.stringMatching(/would need 12 policies \(e0 2, e1 2,.*attaches 10.*two pipelines/),
      }),
    ]);
  });
});
