import { assumingRole, callerAccount, type SettingsWithKeys } from "../../aws/account.ts";
import type { CallObserver } from "../../aws/call.ts";
import { clientSettings } from "../../aws/client-settings.ts";
import type { Environment } from "../../core/environments.ts";
import { RefusedError } from "../../core/errors.ts";

/** An account that is to keep state, and how it is called. */
export interface AccountToPrepare {
  readonly id: string;
  readonly partition: string;
  readonly settings: SettingsWithKeys;
}

/**
 * The accounts of the environments, each through its own credentials; the caller's where the file names none.
 *
 * @throws RefusedError where credentials are of another account
 */
export async function accountsToPrepare(
  environments: readonly Environment[],
  region: string,
  profile: string | undefined,
  observe: CallObserver,
): Promise<AccountToPrepare[]> {
  const prepared: AccountToPrepare[] = [];
  const firstOfEach = environments.filter(
    ({ account }, index) => environments.findIndex((other) => other.account === account) === index,
  );
  for (const { name, account, terraform } of firstOfEach) {
    const settings = settingsFor(terraform, region, profile, observe);
    const caller = await callerAccount(settings, observe);
    if (account !== undefined && caller.account !== account) {
      throw new RefusedError(
        `Environment ${name} is in account ${account}, and the credentials are of account ${caller.account} (${caller.arn}). ` +
          "Nothing was changed.\n  Take credentials of that account (AWS_PROFILE or --profile), or say in the environment's " +
          '"terraform" how to get there.',
      );
    }
    prepared.push({ id: caller.account, partition: caller.arn.split(":")[1] ?? "aws", settings });
  }
  return prepared;
}

function settingsFor(
  terraform: Environment["terraform"],
  region: string,
  profile: string | undefined,
  observe: CallObserver,
): SettingsWithKeys {
  const settings = clientSettings(region, terraform?.profile ?? profile);
  const { assumeRole, externalId } = terraform ?? {};
  return assumeRole === undefined
    ? settings
    : assumingRole(settings, assumeRole, "slipway-bootstrap", observe, externalId);
}
