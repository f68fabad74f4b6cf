import type { Environment } from "../../scripts/core/environments.ts";
import { loadBalancerName, rolePath } from "../../scripts/core/naming.ts";

/** The account whose environments are meant; both are known to Terraform only while it plans. */
export interface Account {
  readonly partition: string;
  readonly id: string;
}

/** Writes ARNs of an account. */
export function arnIn(account: Account, service: string, region: string, resource: string): string {
  return `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;
}

/** The names of the load balancers that an environment's requests come through, its own or those that it shares. */
export function loadBalancerNames({ name, sharesNetworkOf, loadBalancers }: Environment): string[] {
  return (["external", "internal"] as const).flatMap((variant) =>
    loadBalancers[variant] === undefined ? [] : [loadBalancerName(sharesNetworkOf ?? name, variant)],
  );
}

/** The condition that a resource carries an environment's tag. */
export function taggedAs(environment: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return { StringEquals: { "aws:ResourceTag/slipway:environment": environment } };
}

/**
 * The roles that an environment's tasks may have: those named after it, and those that its file names. Neither another
 * environment's nor those below a further path, such as CodeDeploy's.
 */
export function taskRoleArns({ name, taskRoles }: Environment, account: Account): string[] {
  return [`${name}_*`, ...taskRoles].map((role) => arnIn(account, "iam", "", `role${rolePath}${role}`));
}
