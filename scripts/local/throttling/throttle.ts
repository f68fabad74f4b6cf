import { errorAnswer } from "../gateway/error-answer.ts";
import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import { bucketsOf } from "./limits.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** Refuses the calls that are more than AWS would take, by the wall clock (decision 0013). */
export class Throttle {
  readonly #regions = new Map<string, TokenBuckets>();

  /** The refusal of a call that comes too soon; undefined when it may go on. */
  refuse(call: ApiRequest): ApiResponse | undefined {
    const wanted = bucketsOf(call.service, call.operation);
    if (wanted.size === 0) return undefined;
    const key = `${call.region} ${call.service ?? ""}`;
    const buckets = this.#regions.get(key) ?? new TokenBuckets();
    this.#regions.set(key, buckets);
    return buckets.take(wanted, performance.now() / 1000) ? undefined : rateExceeded(call);
  }
}

/** What a throttled call is answered: JSON protocols and query protocols name the error differently. */
export function rateExceeded(call: ApiRequest, message = "Rate exceeded"): ApiResponse {
  return errorAnswer(call, {
    code: {
      json: "ThrottlingException",
      restJson: "ThrottlingException",
      query: "Throttling",
      ec2: "RequestLimitExceeded",
      s3: "SlowDown",
    },
    statusCode: { json: 400, restJson: 429, query: 400, ec2: 503, s3: 503 },
    message,
  });
}
