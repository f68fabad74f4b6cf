import { TokenBucket } from "limiter";

import { rateOf, type Rate } from "./rates.ts";

/**
 * Kept free of AWS's rate: a call's way to AWS takes now longer, now shorter, so calls that leave at the rate may
 * arrive above it.
 */
const keptFree = 0.04;

/** What a bucket of this run holds: all its clients draw on the same ones. */
const buckets = new Map<string, () => Promise<unknown>>();

/** The part of a client's middleware stack that is used here. */
interface Stack {
  add(
    pace: (
      next: (args: unknown) => Promise<unknown>,
      context: { readonly clientName?: string; readonly commandName?: string },
    ) => (args: unknown) => Promise<unknown>,
    options: { readonly step: "finalizeRequest"; readonly priority: "low"; readonly name: string },
  ): void;
}

/**
 * The client, held to AWS's documented rates: each request, retries included, waits for its turn. Every client of the
 * deploy script goes through here.
 */
export function paced<Client extends { readonly middlewareStack: object }>(client: Client): Client {
  // The SDK's own type of a stack is generic over every command's input and output, which pacing does not look at.
  const stack = client.middlewareStack as Stack;
  stack.add(
    (next, { clientName = "", commandName = "" }) =>
      async (args) => {
        const rate = rateOf(clientName.replace(/Client$/, ""), commandName.replace(/Command$/, ""));
        if (rate !== undefined) await turn(rate);
        return next(args);
      },
    // After the SDK's own retries, which stand first in this step.
    { step: "finalizeRequest", priority: "low", name: "slipwayPace" },
  );
  return client;
}

function turn(rate: Rate & { readonly name: string }): Promise<unknown> {
  const known = buckets.get(rate.name);
  if (known !== undefined) return known();
  const bucket = new TokenBucket({
    bucketSize: Math.max(1, Math.floor(rate.burst * (1 - keptFree))),
    tokensPerInterval: rate.perSecond * (1 - keptFree),
    interval: "second",
  });
  bucket.content = bucket.bucketSize;
  const take = (): Promise<unknown> => bucket.removeTokens(1);
  buckets.set(rate.name, take);
  return take();
}
