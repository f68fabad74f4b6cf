import { callerAccount } from "../aws/account.ts";
import type { CallObserver } from "../aws/call.ts";
import type { ClientSettings } from "../aws/client-settings.ts";
import { RefusedError } from "../core/errors.ts";

/**
 * Makes sure that the credentials are of the account that the environment is in. AWS tells it whoever asks; no policy
 * has to allow it.
 *
 * @throws RefusedError where they are of another one, before anything else is called
 */
export async function checkAccount(
  environmentName: string,
  account: string,
  settings: ClientSettings,
  observe: CallObserver,
): Promise<void> {
  const caller = await callerAccount(settings, observe);
  if (caller.account === account) return;
  throw new RefusedError(
    `Environment ${environmentName} is in account ${account}, and the credentials are of account ${caller.account} (${caller.arn}). ` +
      "Nothing was changed.\n  Take credentials of that account: AWS_PROFILE or --profile, or the pipeline's role; or choose another environment with --env.",
  );
}
