import { blocks, isMissing } from "../attributes.ts";
import { actionsMatching } from "../iam-actions.ts";
import type { IamAction } from "../iam-actions.ts";
import type { Inventory, Resource } from "../inventory.ts";
import { readPolicy } from "../policies.ts";
import type { PolicyStatement } from "../policies.ts";
import type { RuleBody } from "../rule.ts";

const userPolicyTypes = [
  "aws_iam_user_policy",
  "aws_iam_user_policy_attachment",
  "aws_iam_user_policy_attachments_exclusive",
];
const policyTypes = ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"];

const noUserPolicies: RuleBody = {
  why: "Rights of single users escape review, and stay when the user changes.",
  types: ["aws_iam_user", ...userPolicyTypes, "aws_iam_policy_attachment"],
  beyond: "Exclusive attachments are looked at as well.",
  mend: "Attach the policy to a group or a role, and put the user into the group.",
  check({ type, attributes }) {
    const { user, users, policy_arns: policies } = attributes;
    if (type === "aws_iam_user") return [];
    if (type === "aws_iam_policy_attachment") {
      return isMissing(users) ? [] : [`it gives a policy to users ${JSON.stringify(users)}`];
    }
    const isEmpty = type === "aws_iam_user_policy_attachments_exclusive" && isMissing(policies);
    return isEmpty ? [] : [`it gives a policy to user ${String(user)}`];
  },
};

/** Policies in a resource: that of a policy, and those written into a role. */
function policiesIn({ type, attributes }: Resource): readonly unknown[] {
  return type === "aws_iam_role"
    ? blocks(attributes, "inline_policy").flatMap(({ policy }) => (isMissing(policy) ? [] : [policy]))
    : [attributes["policy"]];
}

/** Looks at what a resource's policies allow without naming a resource. */
function checkUnbounded(
  resource: Resource,
  all: Inventory,
  check: (actions: readonly IamAction[], statement: PolicyStatement) => readonly IamAction[],
): readonly string[] | undefined {
  const policies = policiesIn(resource);
  if (policies.length === 0) return undefined;
  return policies.flatMap((policy) => {
    const statements = readPolicy(resource, policy, all);
    if (statements === undefined) {
      return ["the policy cannot be read before Terraform runs; write it with JSON.stringify"];
    }
    return statements.filter(isUnbounded).flatMap((statement) => {
      const wrong = check(allowed(statement), statement);
      return wrong.length === 0 ? [] : [`${listed(wrong)} allowed on *`];
    });
  });
}

function isUnbounded({ isAllow, resources, notResources }: PolicyStatement): boolean {
  return isAllow && (resources.includes("*") || notResources.length > 0);
}

/** What a statement allows; all but a few is taken as all. */
function allowed({ actions, notActions }: PolicyStatement): readonly IamAction[] {
  const patterns = notActions.length > 0 ? ["*"] : actions;
  return patterns.flatMap(actionsMatching);
}

const shown = 8;

function listed(actions: readonly IamAction[]): string {
  const names = [...new Set(actions.map(({ name }) => name))];
  const more = names.length > shown ? ` and ${names.length - shown} more` : "";
  return `${names.slice(0, shown).join(", ")}${more} ${names.length === 1 ? "is" : "are"}`;
}

const boundedWrites: RuleBody = {
  why: "A key that leaks could change everything in the account, not only what it is for.",
  types: [...policyTypes, "aws_iam_role"],
  beyond:
    "Policies written into a role are looked at as well, and actions that AWS's reference does not know count as writing.",
  mend: "Name the resources of the statement, or give it a condition.",
  check: (resource, all) =>
    checkUnbounded(resource, all, (actions, { conditions }) =>
      conditions.length > 0 ? [] : actions.filter((action) => action.takesResources && action.writes),
    ),
};

const namedResources: RuleBody = {
  why: "What can be narrowed and is not shows whoever has the key more than the work needs.",
  types: [...policyTypes, "aws_iam_role"],
  beyond: "Policies written into a role are looked at as well; so is NotResource.",
  mend: "Name the resources of the statement; AWS's service authorization reference says what each action takes.",
  check: (resource, all) =>
    checkUnbounded(resource, all, (actions) => actions.filter(({ takesResources }) => takesResources)),
};

/** Rules for what policies allow, and whom they belong to. */
export const iamRules = {
  CKV_AWS_40: noUserPolicies,
  CKV_AWS_290: boundedWrites,
  CKV_AWS_355: namedResources,
};
