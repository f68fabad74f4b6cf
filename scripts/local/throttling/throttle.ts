import { errorAnswer, shapeOf } from "../gateway/error-answer.ts";
import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import type { State } from "../world/state.ts";
import { chargesOf } from "./limits.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** A call that comes too soon: its answer, and the bucket that is empty. */
export interface Refusal {
  readonly answer: ApiResponse;
  readonly bucket: string;
}

/** Refuses the calls that are more than AWS would take, by the wall clock (decision 0013). */
export class Throttle {
  readonly #regions = new Map<string, TokenBuckets>();

  /** The refusal of a call that comes too soon; undefined when it may go on. @param state of the call's Region */
  refuse(call: ApiRequest, state: () => State): Refusal | undefined {
    const charges = chargesOf(call, (cluster) =>
      (state().ecs.clusters[cluster]?.defaultCapacityProviderStrategy ?? []).flatMap(
        ({ capacityProvider }) => capacityProvider ?? [],
      ),
    );
    if (charges.length === 0) return undefined;
    const key = `${call.region} ${call.service ?? ""}`;
    const buckets = this.#regions.get(key) ?? new TokenBuckets();
    this.#regions.set(key, buckets);
    const bucket = buckets.take(charges, performance.now() / 1000);
    return bucket === undefined ? undefined : { answer: rateExceeded(call), bucket };
  }
}

/** Moto's one account. */
const account = "123456789012";

/** What a throttled call is answered: each protocol names the error differently, and EC2 and S3 word it their own way. */
export function rateExceeded(call: ApiRequest, message = messageFor(call)): ApiResponse {
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

function messageFor(call: ApiRequest): string {
  const shape = shapeOf(call);
  if (shape === "s3") return "Please reduce your request rate.";
  if (shape !== "ec2") return "Rate exceeded";
  const operation = `ec2:${call.operation ?? ""}`;
  return `Request limit exceeded. Account ${account} has been throttled on ${operation} because it exceeded its request rate limit.`;
}
