/** A quota of Elastic Load Balancing, by the name that Service Quotas has for it. */
export interface Quota {
  readonly name: string;
  /** Whether AWS raises it for those who ask. */
  readonly adjustable: boolean;
}

/**
 * Quotas by the names of the errors that tell of them.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 */
const quotas: ReadonlyMap<string, Quota> = new Map([
  ["TooManyListenersException", { name: "Listeners per Application Load Balancer", adjustable: true }],
  ["TooManyRulesException", { name: "Rules per Application Load Balancer", adjustable: true }],
  ["TooManyTargetGroupsException", { name: "Target Groups per Region", adjustable: true }],
  ["TooManyTargetsException", { name: "Targets per Application Load Balancer", adjustable: true }],
  [
    "TooManyUniqueTargetGroupsPerLoadBalancerException",
    { name: "Target Groups per Application Load Balancer", adjustable: false },
  ],
]);

/** The quota that an error of AWS tells of; undefined where it tells of none. */
export function quotaOf(errorCode: string): Quota | undefined {
  return quotas.get(errorCode);
}

/** What to do about a quota that is used up, besides making room. */
export function quotaText({ name, adjustable }: Quota): string {
  const used = `Quota "${name}" of Elastic Load Balancing is used up.`;
  return adjustable
    ? `${used} Ask AWS for a higher one, by this name: https://console.aws.amazon.com/servicequotas/home/services/elasticloadbalancing/quotas`
    : `${used} AWS raises it for nobody: what is not needed has to go, or services have to move to another load balancer.`;
}
