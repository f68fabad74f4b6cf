/**
 * Who may use which listener rule priorities, so that rules of Terraform and of deployments never collide.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */

/** An inclusive range of rule priorities; lower is asked first. AWS allows 1 to 50000. */
export interface PriorityBand {
  readonly first: number;
  readonly last: number;
}

/**
 * For staged hosts, each with a rule of its own. They come before live hosts, which may have a wildcard that takes in
 * staged ones.
 */
export const stagedRulePriorities: PriorityBand = { first: 1000, last: 29_999 };

/** For live hosts whose rule a deployment makes. */
export const liveRulePriorities: PriorityBand = { first: 30_000, last: 39_999 };

/** For deployments: asked before Terraform's, so that a preview host wins over a general path. 1 to 999 stay free. */
export const deploymentRulePriorities: PriorityBand = { first: 1000, last: 39_999 };

/** For the rules of environments.jsonc. */
export const terraformRulePriorities: PriorityBand = { first: 40_000, last: 49_999 };
