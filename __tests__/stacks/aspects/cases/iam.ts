import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { IamGroupPolicyAttachment } from "@cdktf/provider-aws/lib/iam-group-policy-attachment/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { IamPolicyAttachment } from "@cdktf/provider-aws/lib/iam-policy-attachment/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user/index.js";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy/index.js";
import { IamUserPolicyAttachment } from "@cdktf/provider-aws/lib/iam-user-policy-attachment/index.js";
import { Fn } from "cdktf";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const document = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const statement = (action: string | string[], resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});

const policy =
  (...statements: object[]): Build =>
  (stack) => {
    new IamPolicy(stack, "policy", { policy: document(...statements) });
  };

const condition = { Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-west-1:1:cluster/test" } } };
const policyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";

export const iamCases = {
  CKV_AWS_40: {
    refused: [
      {
        what: "a policy of a user's own",
        build: (stack) => new IamUserPolicy(stack, "own", { user: "ann", policy: document() }),
        found: "it gives a policy to user ann",
      },
      {
        what: "a policy attached to a user",
        build: (stack) => {
          const { name: user } = new IamUser(stack, "ann", { name: "ann" });
          new IamUserPolicyAttachment(stack, "attached", { user, policyArn });
        },
        found: "it gives a policy to user ${aws_iam_user.ann.name}",
      },
      {
        what: "a policy attached to users among others",
        build: (stack) =>
          new IamPolicyAttachment(stack, "attached", {
            name: "all",
            users: ["ann"],
            groups: ["a"],
            policyArn,
          }),
        found: 'it gives a policy to users ["ann"]',
      },
    ],
    taken: [
      {
        what: "a user whose group has a policy",
        build: (stack) => {
          new IamUser(stack, "ann", { name: "ann" });
          new IamGroupPolicyAttachment(stack, "attached", { group: "deployers", policyArn });
        },
      },
    ],
  },
  CKV_AWS_290: {
    refused: [
      {
        what: "writing to every resource",
        build: policy(
          statement("ecs:ListClusters"),
          statement(["ecs:UpdateService", "ecs:DescribeServices"]),
        ),
        found: "ecs:UpdateService is allowed on *",
      },
      {
        what: "a wildcard that has writing in it",
        build: policy(statement("sqs:*")),
        found: "sqs:SendMessage",
      },
      { what: "everything", build: policy(statement("*")), found: "* is allowed on *" },
      {
        what: "everything but something",
        build: policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
        found: "* is allowed on *",
      },
      {
        what: "an action that nobody knows",
        build: policy(statement("ecs:MakeCoffee")),
        found: "ecs:MakeCoffee is allowed on *",
      },
      {
        what: "writing in a role's own policy",
        build: (stack) =>
          new IamRole(stack, "role", {
            assumeRolePolicy: document(),
            inlinePolicy: [{ name: "write", policy: document(statement("s3:PutObject")) }],
          }),
        found: "s3:PutObject is allowed on *",
      },
      {
        what: "writing in a document of Terraform's",
        build: (stack) => {
          const base = new DataAwsIamPolicyDocument(stack, "base", {
            statement: [{ actions: ["s3:PutObject"], resources: ["*"] }],
          });
          const all = new DataAwsIamPolicyDocument(stack, "all", { sourcePolicyDocuments: [base.json] });
          new IamPolicy(stack, "policy", { policy: all.json });
        },
        found: "s3:PutObject is allowed on *",
      },
      {
        what: "a policy that only Terraform knows",
        build: (stack) =>
          new IamPolicy(stack, "policy", { policy: Fn.jsonencode({ Statement: [statement("*")] }) }),
        found: "the policy cannot be read before Terraform runs",
      },
    ],
    taken: [
      { what: "reading", build: policy(statement("ecs:Describe*")) },
      { what: "writing to one resource", build: policy(statement("sqs:*", "arn:aws:sqs:eu-west-1:1:queue")) },
      { what: "writing under a condition", build: policy(statement("ecs:UpdateService", "*", condition)) },
      { what: "writing that takes no resource", build: policy(statement("ecs:DeregisterTaskDefinition")) },
      { what: "a denial", build: policy({ ...statement("*"), Effect: "Deny" }) },
    ],
  },
  CKV_AWS_355: {
    refused: [
      {
        what: "reading every resource",
        build: policy(statement("ssm:GetParameters")),
        found: "ssm:GetParameters is allowed on *",
      },
      {
        what: "every resource under a condition",
        build: policy(statement("ecs:ListTasks", "*", condition)),
        found: "ecs:ListTasks is allowed on *",
      },
      {
        what: "every resource among named ones",
        build: policy(statement("s3:GetObject", ["arn:aws:s3:::a/*", "*"])),
        found: "s3:GetObject is allowed on *",
      },
      {
        what: "all resources but one",
        build: policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: "arn:aws:s3:::a/*" }),
        found: "s3:GetObject is allowed on *",
      },
    ],
    taken: [
      {
        what: "what takes no resource",
        build: policy(statement(["ecs:DescribeTaskDefinition", "ec2:DescribeInstances"])),
      },
      {
        what: "a resource whose ARN has a value of Terraform's in it",
        build: (stack) => {
          const { partition } = new DataAwsPartition(stack, "partition");
          policy(statement("s3:GetObject", `arn:${partition}:s3:::a/*`))(stack);
        },
      },
      {
        what: "a resource whose ARN has an expression with quotes in it",
        build: (stack) => {
          const name = Fn.lookup({ eu: "a" }, "eu", "b") as string;
          policy(statement("s3:GetObject", `arn:aws:s3:::${name}/*`))(stack);
        },
      },
    ],
  },
} satisfies Record<string, RuleCase>;
