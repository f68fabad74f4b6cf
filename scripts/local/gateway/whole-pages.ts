import type { ApiRequest } from "./request.ts";

/** The calls of Elastic Load Balancing that moto answers in pages. */
const paged: ReadonlySet<string> = new Set(["DescribeRules", "DescribeLoadBalancers"]);

/** The most that AWS gives at once. */
const largestPage = 400;

/**
 * The call with the largest page where it asks for none: moto gives 50, and fails at a page whose marker, the last item
 * of the one before, was deleted meanwhile.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html
 */
export function withWholePages(call: ApiRequest): ApiRequest {
  const { service, operation, form } = call;
  if (service !== "elasticloadbalancing" || operation === null || !paged.has(operation)) return call;
  if (form.has("PageSize")) return call;
  const whole = new URLSearchParams(form);
  whole.set("PageSize", String(largestPage));
  return { ...call, form: whole, body: Buffer.from(whole.toString()) };
}
