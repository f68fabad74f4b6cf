import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";

import { account, assumed, policyOf, root, settings, trusting, type Keys } from "./local-iam.ts";
import { resourcesOf, type Block, type SynthesizedStack } from "./terraform-synthesis.ts";

type Address = Parameters<typeof settings>[0];

/** A document of a stack's with what Terraform fills in. */
function filled(document: unknown): string {
  return String(document)
    .replaceAll("${data.aws_caller_identity.account.account_id}", account)
    .replaceAll("${data.aws_partition.partition.partition}", "aws")
    .replaceAll(
      /\$\{aws_iam_openid_connect_provider\.[^}]*\}/g,
      `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    );
}

function block(stack: SynthesizedStack, type: string, id: string): Block {
  const found = resourcesOf(stack, type)[id];
  if (found === undefined) throw new Error(`There is no ${type}.${id} in the stack.`);
  return found;
}

/** Makes a role of a stack's, with its trust policy unless it is given another one. @returns its ARN */
export async function makeRole(
  address: Address,
  stack: SynthesizedStack,
  id: string,
  { boundaryArn, trust }: { readonly boundaryArn?: string; readonly trust?: string } = {},
): Promise<string> {
  const iam = new IAMClient(settings(address, root));
  const role = block(stack, "aws_iam_role", id);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: String(role["name"]),
      Path: String(role["path"]),
      AssumeRolePolicyDocument: trust ?? filled(role["assume_role_policy"]),
      ...(boundaryArn !== undefined && { PermissionsBoundary: boundaryArn }),
    }),
  );
  iam.destroy();
  return Role?.Arn ?? "";
}

/** Makes a managed policy of a stack's. @returns its ARN */
export async function makePolicy(address: Address, stack: SynthesizedStack, id: string): Promise<string> {
  const iam = new IAMClient(settings(address, root));
  const policy = block(stack, "aws_iam_policy", id);
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: String(policy["name"]),
      Path: String(policy["path"]),
      PolicyDocument: filled(policy["policy"]),
    }),
  );
  iam.destroy();
  return Policy?.Arn ?? "";
}

/**
 * The keys of a task that has a role of a stack's with its policy, within a boundary. ECS alone assumes such a role, so
 * here it trusts the account instead.
 */
export async function taskOf(
  address: Address,
  stack: SynthesizedStack,
  { role: id, policy: policyId }: { readonly role: string; readonly policy: string },
  boundaryArn: string,
): Promise<Keys> {
  const trust = policyOf(trusting({ AWS: account }));
  const role = await makeRole(address, stack, id, { boundaryArn, trust });
  const iam = new IAMClient(settings(address, root));
  const policy = block(stack, "aws_iam_role_policy", policyId);
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role.slice(role.lastIndexOf("/") + 1),
      PolicyName: String(policy["name"]),
      PolicyDocument: filled(policy["policy"]),
    }),
  );
  iam.destroy();
  return assumed(address, root, role);
}
