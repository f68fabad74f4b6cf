import type { DeployOptions } from "../command-line/parse.ts";
import { UsageError } from "../errors.ts";

/**
 * Refuses what of `./deploy activate` means something for staged deployments alone.
 *
 * @throws UsageError naming the option, what it is for and what takes its place
 */
export function knownOptionsFor(serviceName: string, options: DeployOptions): void {
  const shift =
    "How CodeDeploy moves traffic is its deployment configuration: ./deploy update --deployment-config.";
  const given: readonly (readonly [boolean, string, string])[] = [
    [options.id !== undefined, "--id", "CodeDeploy has one deployment at a time."],
    [options.canaryPercent !== undefined, "--canary", shift],
    [options.linearPercent !== undefined, "--linear", shift],
    [
      options.alarms.length > 0,
      "--alarm",
      "CodeDeploy watches the alarms of its deployment group, which the stacks publish.",
    ],
    [options.force, "--force", "Nothing is checked before an approval, and no lock is taken."],
    [options.waitForLock, "--wait-for-lock", "An approval takes no lock."],
  ];
  const found = given.find(([isGiven]) => isGiven);
  if (found === undefined) return;
  const [, option, instead] = found;
  throw new UsageError(
    `${option} is not for service ${serviceName}, which CodeDeploy deploys. ${instead} Nothing was changed.`,
  );
}
