import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import { AwsCallError } from "../core/errors.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";

/** Keys that the SDK's clients sign with, and until when they are good. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Settings of clients that do not look for credentials themselves. */
export interface SettingsWithKeys extends ClientSettings {
  readonly credentials?: Keys | (() => Promise<Keys>);
}

/** New keys are asked for so long before the old ones end. */
const renewBeforeMs = 5 * 60 * 1_000;

/**
 * Settings with which every call is made as a role. The role is assumed at the first call, once for all clients, and
 * again before its keys end.
 *
 * @param session the session's name in CloudTrail
 * @param externalId what the role's trust policy asks for, where it asks for one
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumingRole(
  settings: SettingsWithKeys,
  roleArn: string,
  session: string,
  observe: CallObserver,
  externalId?: string,
): SettingsWithKeys {
  const client = new STSClient(settings);
  let current: Promise<Keys> | undefined;
  let endsAt = 0;
  const assume = async (): Promise<Keys> => {
    const { Credentials: keys } = await call("sts:AssumeRole", observe, () =>
      client.send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session, ExternalId: externalId }),
      ),
    );
    if (keys?.AccessKeyId === undefined || keys.SecretAccessKey === undefined) {
      throw new AwsCallError("EmptyAnswer", "sts:AssumeRole: AWS answered without credentials.");
    }
    endsAt = keys.Expiration?.getTime() ?? 0;
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      ...(keys.SessionToken === undefined ? {} : { sessionToken: keys.SessionToken }),
      ...(keys.Expiration === undefined ? {} : { expiration: keys.Expiration }),
    };
  };
  return {
    ...settings,
    credentials: () => {
      if (current === undefined || endsAt - renewBeforeMs < Date.now()) {
        // A role that is being assumed is waited for, not assumed once more.
        endsAt = Infinity;
        current = assume().catch((error: unknown) => {
          current = undefined;
          throw error;
        });
      }
      return current;
    },
  };
}

/**
 * The account and the ARN of whoever the credentials are of.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerAccount(
  settings: SettingsWithKeys,
  observe: CallObserver,
): Promise<{ readonly account: string; readonly arn: string }> {
  const client = new STSClient(settings);
  const { Account, Arn } = await call("sts:GetCallerIdentity", observe, () =>
    client.send(new GetCallerIdentityCommand({})),
  );
  if (Account === undefined || Arn === undefined) {
    throw new AwsCallError("EmptyAnswer", "sts:GetCallerIdentity: AWS answered without an account.");
  }
  return { account: Account, arn: Arn };
}

/** The Region that the SDK finds for itself: AWS_REGION, else the profile's; undefined when there is none. */
export async function regionOfSurroundings(profile?: string): Promise<string | undefined> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  }
}
