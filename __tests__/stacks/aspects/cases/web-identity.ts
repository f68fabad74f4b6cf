import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const host = "token.actions.githubusercontent.com";
const github = `arn:aws:iam::123456789012:oidc-provider/${host}`;
const gitlab = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
const audience = { [`${host}:aud`]: "sts.amazonaws.com" };

const role =
  (provider: string, condition?: object): Build =>
  (stack) => {
    const trust = {
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: "sts:AssumeRoleWithWebIdentity",
      ...(condition === undefined ? {} : { Condition: condition }),
    };
    new IamRole(stack, "role", {
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
    });
  };

const subject = (...sub: string[]): Build =>
  role(github, { StringEquals: audience, StringLike: { [`${host}:sub`]: sub } });

const gitlabSubject = (sub: string): Build =>
  role(gitlab, { StringLike: { "gitlab.com:sub": sub, "gitlab.com:aud": "https://gitlab.com" } });

export const webIdentityCases = {
  CKV_AWS_393: {
    refused: [
      { what: "no condition", build: role(github), found: "no condition names the subject (sub)" },
      {
        what: "an audience alone",
        build: role(github, { StringEquals: audience }),
        found: "no condition names the subject (sub)",
      },
      {
        what: "a subject alone",
        build: role(github, { StringEquals: { [`${host}:sub`]: "repo:acme/shop:ref:refs/heads/main" } }),
        found: "no condition names the audience (aud)",
      },
      {
        what: "a subject that is only ruled out",
        build: role(github, {
          StringEquals: audience,
          StringNotEquals: { [`${host}:sub`]: "repo:evil/shop:*" },
        }),
        found: "no condition names the subject (sub)",
      },
      { what: "any subject", build: subject("*"), found: "subject * is anybody's" },
      { what: "any repository", build: subject("repo:*"), found: "subject repo:* is anybody's" },
      {
        what: "an owner's name that others can begin with",
        build: subject("repo:acme*/shop:*"),
        found: "subject repo:acme*/shop:* names no owner and repository",
      },
      {
        what: "a claim that others can make",
        build: subject("environment:production"),
        found: "begins with environment, which anybody's repository can have",
      },
      {
        what: "a good subject beside a bad one",
        build: subject("repo:acme/shop:ref:refs/heads/main", "repo:acme"),
        found: "subject repo:acme names no owner and repository",
      },
      {
        what: "any audience",
        build: role(github, {
          StringLike: { [`${host}:aud`]: "*", [`${host}:sub`]: "repo:acme/shop:ref:refs/heads/main" },
        }),
        found: "audience * is anybody's",
      },
      {
        what: "any project of GitLab",
        build: gitlabSubject("project_path:*"),
        found: "subject project_path:* is anybody's",
      },
      {
        what: "any group of GitLab that begins alike",
        build: gitlabSubject("project_path:acme*/shop:ref_type:branch:ref:main"),
        found: "has a wildcard in its owner",
      },
      {
        what: "a provider of the stack in a document of Terraform's",
        build: (stack) => {
          const provider = new IamOpenidConnectProvider(stack, "github", {
            url: `https://${host}`,
            clientIdList: ["sts.amazonaws.com"],
          });
          const trust = new DataAwsIamPolicyDocument(stack, "trust", {
            statement: [
              {
                actions: ["sts:AssumeRoleWithWebIdentity"],
                principals: [{ type: "Federated", identifiers: [provider.arn] }],
              },
            ],
          });
          new IamRole(stack, "role", { assumeRolePolicy: trust.json });
        },
        found: "no condition names the subject (sub)",
      },
    ],
    taken: [
      { what: "a branch of one repository", build: subject("repo:acme/shop:ref:refs/heads/main") },
      {
        what: "a repository with its numbers",
        build: subject("repo:acme@12/shop@34:environment:production"),
      },
      {
        what: "a branch of one project of GitLab",
        build: gitlabSubject("project_path:acme/shop:ref_type:branch:ref:main"),
      },
    ],
  },
} satisfies Record<string, RuleCase>;
