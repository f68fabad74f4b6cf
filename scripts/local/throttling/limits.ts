/**
 * AWS's documented API rate limits, per account and Region. An operation that no page gives a limit for has none.
 */
import type { ApiRequest } from "../gateway/request.ts";
import { ec2Charges } from "./ec2-limits.ts";
import { ecsCharges, type DefaultProviders } from "./ecs-limits.ts";
import { quotaCharges } from "./quotas.ts";
import type { Charge } from "./token-buckets.ts";

/** What of a call its rate limits depend on. */
export type LimitedCall = Pick<ApiRequest, "service" | "operation" | "region" | "form" | "body">;

/**
 * The buckets that a call takes tokens from; none for one without a limit.
 *
 * @param defaultProviders the capacity providers of a cluster's default strategy, by the cluster's name
 */
export function chargesOf(call: LimitedCall, defaultProviders: DefaultProviders): readonly Charge[] {
  const { service, operation, region, form, body } = call;
  if (service === null || operation === null) return [];
  if (service === "ecs") return ecsCharges(operation, body, defaultProviders);
  if (service === "elasticloadbalancing") return elbCharges(operation);
  if (service === "ec2") return [ec2Charges(operation, form)];
  return quotaCharges(service, operation, region);
}

/**
 * Every call counts for the account as well as for the kind of its operation.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 */
function elbCharges(operation: string): readonly Charge[] {
  const account: Charge = { bucket: "account", burst: 40, perSecond: 10 };
  if (operation.startsWith("Describe")) return [account, { bucket: "read", burst: 40, perSecond: 10 }];
  if (operation === "CreateLoadBalancer") return [account, { bucket: operation, burst: 10, perSecond: 0.2 }];
  if (/^(Register|Deregister)Targets$/.test(operation)) {
    return [account, { bucket: "targets", burst: 20, perSecond: 4 }];
  }
  return [account, { bucket: "mutating", burst: 20, perSecond: 3 }];
}
