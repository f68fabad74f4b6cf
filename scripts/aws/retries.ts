import type { ECSClientConfig } from "@aws-sdk/client-ecs";

type RetryStrategy = Exclude<ECSClientConfig["retryStrategy"], undefined>;
type Current = Extract<RetryStrategy, { refreshRetryTokenForRetry: unknown }>;
type Token = Awaited<ReturnType<Current["acquireInitialRetryToken"]>>;

/** Tries of one call, the first included. At AWS's worst the pauses between them come to about a minute. */
export const maxAttempts = 14;

/** Tries where nothing listens and nothing ever did: a wrong endpoint is told at once, a network that fails later is waited for. */
const attemptsAtFirst = 4;

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Whether AWS has answered this run at all. */
let answered = false;

const firstPauseMs = 100;
const longestPauseMs = 8_000;

/**
 * Tries again after throttling and after what passes (5xx, a connection that broke): with pauses that double, each
 * drawn at random from its whole length, so that many runs that were throttled together don't come back together.
 *
 * @param once what of these is tried again: for a call that must not happen twice, only what surely had no effect
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retries(once: "anything" | "throttling"): RetryStrategy {
  const retryable = new Set(
    once === "anything" ? ["THROTTLING", "TRANSIENT", "SERVER_ERROR"] : ["THROTTLING"],
  );
  const strategy: Current = {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry: (last, { errorType, error }) => {
      const count = last.getRetryCount() + 1;
      const most = answered || !isUnreachable(error) ? maxAttempts : attemptsAtFirst;
      if (!retryable.has(errorType) || count >= most) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** count);
      return Promise.resolve(token(count, Math.random() * longest));
    },
    recordSuccess: () => {
      answered = true;
    },
  };
  return strategy;
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return unreachable.has(code);
}

function token(count: number, delay: number): Token {
  return { getRetryCount: () => count, getRetryDelay: () => delay };
}
