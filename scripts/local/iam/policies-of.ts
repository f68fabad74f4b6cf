/**
 * Reads from IAM the policies that bear on a user or a role.
 */
import {
  GetGroupPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  ListUserTagsCommand,
  type AttachedPolicy,
  type IAMClient,
  type Tag,
} from "@aws-sdk/client-iam";

import { parsePolicy, type Policy } from "./policy.ts";

/** What IAM holds of a user or role that authorization looks at. */
export interface IdentityPolicies {
  readonly arn: string;
  readonly id: string;
  /** By key. */
  readonly tags: Readonly<Record<string, string>>;
  readonly identity: readonly Policy[];
  /** Left out where there is none. */
  readonly boundary?: readonly Policy[];
}

/** The same of a role, with the policy that says who may assume it. */
export interface RolePolicies extends IdentityPolicies {
  readonly trust: Policy;
}

/**
 * The policies of a role, inline and attached (AWS managed ones too), its boundary and its trust policy.
 *
 * @param role name or ARN
 * @throws NoSuchEntityException when there is no such role
 */
export async function policiesOfRole(iam: IAMClient, role: string): Promise<RolePolicies> {
  const RoleName = role.slice(role.lastIndexOf("/") + 1);
  const [{ Role }, tags, inline, attached] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRoleTagsCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const identity = await Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const found = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return parsePolicy(PolicyName, found.PolicyDocument ?? "");
    }),
    ...managed(iam, attached.AttachedPolicies),
  ]);
  return {
    arn: Role?.Arn ?? "",
    id: Role?.RoleId ?? "",
    tags: byKey(tags.Tags),
    identity,
    trust: parsePolicy(`trust policy of ${RoleName}`, Role?.AssumeRolePolicyDocument ?? ""),
    ...(await boundaryOf(iam, Role?.PermissionsBoundary?.PermissionsBoundaryArn)),
  };
}

/**
 * The policies of a user, inline and attached, and those of the user's groups.
 *
 * @param boundaryArn the user's boundary, where the caller knows better than IAM's answer
 * @throws NoSuchEntityException when there is no such user
 */
export async function policiesOfUser(
  iam: IAMClient,
  UserName: string,
  boundaryArn?: string,
): Promise<IdentityPolicies> {
  const [{ User }, tags, inline, attached, groups] = await Promise.all([
    iam.send(new GetUserCommand({ UserName })),
    iam.send(new ListUserTagsCommand({ UserName })),
    iam.send(new ListUserPoliciesCommand({ UserName })),
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListGroupsForUserCommand({ UserName })),
  ]);
  const own = await Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const found = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
      return parsePolicy(PolicyName, found.PolicyDocument ?? "");
    }),
    ...managed(iam, attached.AttachedPolicies),
  ]);
  const ofGroups = await Promise.all(
    (groups.Groups ?? []).map(({ GroupName = "" }) => policiesOfGroup(iam, GroupName)),
  );
  return {
    arn: User?.Arn ?? "",
    id: User?.UserId ?? "",
    tags: byKey(tags.Tags),
    identity: [...own, ...ofGroups.flat()],
    ...(await boundaryOf(iam, boundaryArn ?? User?.PermissionsBoundary?.PermissionsBoundaryArn)),
  };
}

async function policiesOfGroup(iam: IAMClient, GroupName: string): Promise<Policy[]> {
  const [inline, attached] = await Promise.all([
    iam.send(new ListGroupPoliciesCommand({ GroupName })),
    iam.send(new ListAttachedGroupPoliciesCommand({ GroupName })),
  ]);
  return Promise.all([
    ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
      const found = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName }));
      return parsePolicy(PolicyName, found.PolicyDocument ?? "");
    }),
    ...managed(iam, attached.AttachedPolicies),
  ]);
}

function managed(iam: IAMClient, attached: readonly AttachedPolicy[] | undefined): Promise<Policy>[] {
  return (attached ?? []).map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn));
}

/** The default version of a managed policy, the customer's or AWS's. */
export async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<Policy> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return parsePolicy(PolicyArn, PolicyVersion?.Document ?? "");
}

async function boundaryOf(
  iam: IAMClient,
  arn: string | undefined,
): Promise<{ boundary?: readonly Policy[] }> {
  return arn === undefined ? {} : { boundary: [await managedPolicy(iam, arn)] };
}

function byKey(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
