import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateClusterCommand, DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { execa } from "execa";

import type { LocalAws } from "../../scripts/local/start.ts";
import { awsVariables } from "./deploy-command.ts";
import { startLocalForTests } from "./local-for-tests.ts";

/** A key and its secret. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The root user's, which `./local env` prints. */
export const root: Keys = { accessKeyId: "local", secretAccessKey: "local" };

/** A statement as one writes it. */
export type Written = object;

/** A policy document of these statements. */
export function policyOf(...statements: readonly Written[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** An Allow statement. */
export function allow(action: string | readonly string[], resource: string, condition?: Written): Written {
  return {
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  };
}

/** A local AWS, in this process or another. */
type Address = Pick<LocalAws, "endpoint" | "region">;

/** Settings of an SDK client that calls a local AWS with a key. */
export function settings(local: Address, credentials: Keys) {
  return { endpoint: local.endpoint, region: local.region, credentials, maxAttempts: 1 };
}

let made = 0;

/** Makes a user whose inline policy has these statements, and a key of it. */
export async function userWith(
  local: Address,
  ...statements: readonly Written[]
): Promise<Keys & { readonly name: string }> {
  const iam = new IAMClient(settings(local, root));
  made += 1;
  const UserName = `user-${made}`;
  await iam.send(new CreateUserCommand({ UserName }));
  if (statements.length > 0) {
    const PolicyDocument = policyOf(...statements);
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "inline", PolicyDocument }));
  }
  const keys = await keyOf(local, UserName);
  return { ...keys, name: UserName };
}

/** Makes an access key of a user. */
export async function keyOf(local: Address, UserName: string): Promise<Keys> {
  const iam = new IAMClient(settings(local, root));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
}

/** Makes a role that trusts by a statement, and whose inline policy has the others. */
export async function roleWith(
  local: Address,
  trust: Written,
  ...statements: readonly Written[]
): Promise<{ readonly arn: string; readonly name: string }> {
  const iam = new IAMClient(settings(local, root));
  made += 1;
  const RoleName = `role-${made}`;
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path: "/ecs/", AssumeRolePolicyDocument: policyOf(trust) }),
  );
  if (statements.length > 0) {
    const PolicyDocument = policyOf(...statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "inline", PolicyDocument }));
  }
  return { arn: Role?.Arn ?? "", name: RoleName };
}

/** Runs the AWS CLI with a key; without one the calls are not signed. */
export async function cli(local: Address, keys: Keys | null, ...args: readonly string[]) {
  const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...others } = awsVariables(local.endpoint);
  return execa("aws", [...args, ...(keys ? [] : ["--no-sign-request"]), "--output", "json"], {
    reject: false,
    extendEnv: false,
    env: {
      ...others,
      AWS_DEFAULT_REGION: local.region,
      AWS_MAX_ATTEMPTS: "1",
      ...(keys && {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
      }),
    },
  });
}

/** The keys of a session that `aws sts assume-role…` answered with. */
export function sessionOf({ stdout }: { readonly stdout: string }): Keys {
  const { Credentials } = JSON.parse(stdout) as {
    Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
  };
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
}

/** A statement by which a role trusts someone. */
export function trusting(Principal: object, Action = "sts:AssumeRole", Condition?: object): Written {
  return { Effect: "Allow", Principal, Action, ...(Condition && { Condition }) };
}

/** Assumes a role by the AWS CLI. */
export function assumeRole(local: Address, keys: Keys, roleArn: string, ...more: readonly string[]) {
  const names = ["--role-arn", roleArn, "--role-session-name", "run"];
  return cli(local, keys, "sts", "assume-role", ...names, ...more);
}

/** The keys of a session of a role. */
export async function assumed(
  local: Address,
  keys: Keys,
  roleArn: string,
  ...more: readonly string[]
): Promise<Keys> {
  return sessionOf(await assumeRole(local, keys, roleArn, ...more));
}

/** The account that a local AWS is. */
export const account = "123456789012";

/** The services of a cluster, as a policy names them. */
export const servicesOf = (cluster: string) => `arn:aws:ecs:us-east-1:${account}:service/${cluster}/*`;

/** A local AWS that enforces IAM, with clusters `test` and `prod`, and calls to it with a key of choice. */
export async function startWithIam() {
  const local = await startLocalForTests({ speed: 60, enforceIam: true });
  const iam = new IAMClient(settings(local, root));
  const ecsOf = (keys: Keys) => new ECSClient(settings(local, keys));
  for (const clusterName of ["test", "prod"]) {
    await ecsOf(root).send(new CreateClusterCommand({ clusterName }));
  }
  return {
    local,
    iam,
    ecsOf,
    describeIn: (keys: Keys, cluster: string) =>
      ecsOf(keys).send(new DescribeServicesCommand({ cluster, services: ["web"] })),
    async stop() {
      iam.destroy();
      await local.stop();
    },
  };
}
