/**
 * ARNs of IAM's own resources: calls give names, ARNs have paths, so the path is looked up.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
import {
  GetGroupCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import type { Context } from "../pattern.ts";
import type { Action } from "./action-data.ts";
import type { AskingCall, Surroundings } from "./asked.ts";
import { textIn, type Parameters } from "./parameters.ts";

interface Kind {
  readonly member: string;
  readonly arn: (iam: IAMClient, name: string) => Promise<string | undefined>;
}

const kinds: Readonly<Record<string, Kind>> = {
  role: {
    member: "RoleName",
    arn: async (iam, RoleName) => (await iam.send(new GetRoleCommand({ RoleName }))).Role?.Arn,
  },
  user: {
    member: "UserName",
    arn: async (iam, UserName) => (await iam.send(new GetUserCommand({ UserName }))).User?.Arn,
  },
  group: {
    member: "GroupName",
    arn: async (iam, GroupName) => (await iam.send(new GetGroupCommand({ GroupName }))).Group?.Arn,
  },
  "instance-profile": {
    member: "InstanceProfileName",
    arn: async (iam, InstanceProfileName) =>
      (await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }))).InstanceProfile?.Arn,
  },
};

/** What is asked about when a call leaves the user out: oneself. */
const aboutOneself = new Set([
  "GetUser",
  "CreateAccessKey",
  "ListAccessKeys",
  "DeleteAccessKey",
  "UpdateAccessKey",
  "ListMFADevices",
  "ChangePassword",
]);

/** The ARN of a role, user, group or instance profile, with its path; without one where there is no such thing yet. */
async function arnOf(type: string, name: string, account: string, { iam }: Surroundings): Promise<string> {
  const unknown = `arn:aws:iam::${account}:${type}/${name}`;
  try {
    return (await kinds[type]?.arn(iam, name)) ?? unknown;
  } catch {
    return unknown;
  }
}

/** The ARN of a role that a call names by its name or ARN. */
export async function roleArn(named: string, account: string, surroundings: Surroundings): Promise<string> {
  return named.startsWith("arn:")
    ? named
    : arnOf("role", named.slice(named.lastIndexOf("/") + 1), account, surroundings);
}

/** The ARNs that a call of IAM is authorized on. @param caller ARN of the user or session that calls */
export async function iamResources(
  { resourceTypes }: Action,
  { operation, parameters, account }: AskingCall,
  caller: string,
  surroundings: Surroundings,
): Promise<string[]> {
  // SimulatePrincipalPolicy names what it is about by its ARN, whichever kind that is.
  const simulated = textIn(parameters, "PolicySourceArn");
  if (simulated !== null) return [simulated];
  const found: string[] = [];
  for (const { name: type } of resourceTypes) {
    const name = textIn(parameters, kinds[type]?.member ?? "");
    if (name !== null && operation === `Create${pascal(type)}`) {
      found.push(`arn:aws:iam::${account}:${type}${textIn(parameters, "Path") ?? "/"}${name}`);
    } else if (name !== null) {
      found.push(await arnOf(type, name, account, surroundings));
    } else if (type === "user" && aboutOneself.has(operation)) {
      found.push(caller);
    } else {
      found.push(...named(type, operation, parameters, account));
    }
  }
  // A managed policy that is attached is a condition of the call, not its resource.
  const attaching = /^(?:Attach|Detach)/.test(operation);
  const chosen = attaching ? found.filter((arn) => !arn.includes(":policy/")) : found;
  return chosen.length > 0 ? [...new Set(chosen)] : ["*"];
}

function named(type: string, operation: string, parameters: Parameters, account: string): string[] {
  const made = (kind: string, name: string | null): string[] =>
    name === null ? [] : [`arn:aws:iam::${account}:${kind}${name}`];
  const path = textIn(parameters, "Path") ?? "/";
  switch (type) {
    case "policy": {
      const arn = textIn(parameters, "PolicyArn");
      if (arn !== null) return [arn];
      const name = textIn(parameters, "PolicyName");
      return operation === "CreatePolicy" && name !== null ? made("policy", `${path}${name}`) : [];
    }
    case "role": {
      const service = textIn(parameters, "AWSServiceName");
      return made("role", service === null ? null : `/aws-service-role/${service}/AWSServiceRoleFor*`);
    }
    case "oidc-provider": {
      const url = textIn(parameters, "Url")?.replace(/^https:\/\//, "") ?? null;
      const arn = textIn(parameters, "OpenIDConnectProviderArn");
      return arn === null ? made("oidc-provider/", url) : [arn];
    }
    case "server-certificate": {
      const name = textIn(parameters, "ServerCertificateName");
      return name === null ? [] : made("server-certificate", `${path}${name}`);
    }
    default:
      return [];
  }
}

function pascal(type: string): string {
  return type.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The boundary of the role that a call is about, which guards what may be done to roles: a call that sets one itself
 * is about that one.
 */
export async function boundaryContext({ parameters }: AskingCall, { iam }: Surroundings): Promise<Context> {
  const RoleName = textIn(parameters, "RoleName");
  if (RoleName === null || textIn(parameters, "PermissionsBoundary") !== null) return {};
  const found = await iam.send(new GetRoleCommand({ RoleName })).catch(() => null);
  const arn = found?.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return arn === undefined ? {} : { "iam:PermissionsBoundary": arn };
}

/** What a call of IAM or STS has for their own condition keys. */
export function identityContext({ service, parameters }: AskingCall): Context {
  const keys: Readonly<Record<string, string>> =
    service === "iam"
      ? {
          PolicyArn: "iam:PolicyARN",
          PermissionsBoundary: "iam:PermissionsBoundary",
          AWSServiceName: "iam:AWSServiceName",
        }
      : {
          RoleSessionName: "sts:RoleSessionName",
          ExternalId: "sts:ExternalId",
          SourceIdentity: "sts:SourceIdentity",
        };
  return Object.fromEntries(
    Object.entries(keys).flatMap(([member, key]) => {
      const value = textIn(parameters, member);
      return value === null ? [] : [[key, value]];
    }),
  );
}
