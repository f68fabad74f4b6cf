import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";

import type { ApplicationRolesPort } from "../core/ports/application-roles.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

const missing = ["NoSuchEntityException", "NoSuchEntity"];
const exists = ["EntityAlreadyExistsException", "EntityAlreadyExists"];

/** Roles of applications through the AWS SDK. */
export function applicationRolesPort(settings: ClientSettings, observe: CallObserver): ApplicationRolesPort {
  const client = paced(new IAMClient(settings));

  const arnOf = async (RoleName: string): Promise<string | undefined> => {
    const answer = await unless(missing, () =>
      call("iam:GetRole", observe, () => client.send(new GetRoleCommand({ RoleName }))),
    );
    return answer?.Role?.Arn;
  };

  return {
    async create({ name, path, trustPolicy, boundaryArn, description }) {
      const made = await unless(exists, () =>
        call("iam:CreateRole", observe, () =>
          client.send(
            new CreateRoleCommand({
              RoleName: name,
              Path: path,
              AssumeRolePolicyDocument: trustPolicy,
              PermissionsBoundary: boundaryArn,
              Description: description,
            }),
          ),
        ),
      );
      return made?.Role?.Arn ?? (await arnOf(name)) ?? "";
    },

    async find(name, policyName) {
      const arn = await arnOf(name);
      if (arn === undefined) return undefined;
      const answer = await unless(missing, () =>
        call("iam:GetRolePolicy", observe, () =>
          client.send(new GetRolePolicyCommand({ RoleName: name, PolicyName: policyName })),
        ),
      );
      // IAM gives policies URL-encoded.
      return answer?.PolicyDocument === undefined
        ? { arn }
        : { arn, policy: decodeURIComponent(answer.PolicyDocument) };
    },

    async putPolicy(RoleName, PolicyName, PolicyDocument) {
      await call("iam:PutRolePolicy", observe, () =>
        client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })),
      );
    },
  };
}

async function unless<Answer>(
  errors: readonly string[],
  send: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await send();
  } catch (error) {
    if (errors.some((name) => isAwsError(error, name))) return undefined;
    throw error;
  }
}
