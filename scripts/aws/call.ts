import { AwsCallError } from "../core/errors.ts";
import { quotaOf, quotaText } from "../core/quotas.ts";

/** Told of each call when it has ended: what was called and how long it took. */
export type CallObserver = (call: { operation: string; milliseconds: number; failure?: string }) => void;

/**
 * Runs one AWS call and turns whatever it throws into an AwsCallError that says which call failed, in AWS's own
 * words, and what to do about it.
 *
 * @param operation the IAM name of the call, as in `ecs:UpdateService`
 */
export async function call<Answer>(
  operation: string,
  observe: CallObserver,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const started = performance.now();
  try {
    const answer = await send();
    observe({ operation, milliseconds: performance.now() - started });
    return answer;
  } catch (error) {
    const name = errorName(error);
    observe({ operation, milliseconds: performance.now() - started, failure: name });
    throw new AwsCallError(name, `${operation}: ${describe(error, name)}${advice(name)}`, {
      cause: error,
      effectUnknown: isEffectUnknown(error),
    });
  }
}

/** No answer, or one from 500 on: AWS may have done it. What it refuses, it answers with 4xx. */
function isEffectUnknown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "CredentialsProviderError") return false;
  const metadata = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : undefined;
  const status = metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}

/** Whether AWS said that the thing asked for does not exist or is of another kind, by AWS's error name. */
export function isAwsError(error: unknown, name: string): error is AwsCallError {
  return error instanceof AwsCallError && error.code === name;
}

function describe(error: unknown, name: string): string {
  const message = error instanceof Error && error.message !== "" ? error.message : "";
  return message === "" || message === "UnknownError" ? name : `${name}: ${message}`;
}

function errorName(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return error.name === "Error" || error.name === "AggregateError" ? (code ?? error.name) : error.name;
}

const adviceByName: readonly (readonly [RegExp, string])[] = [
  [
    /^(CredentialsProviderError|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException)$/,
    "Check the credentials: AWS_PROFILE or --profile, AWS_ACCESS_KEY_ID, or the pipeline's role; aws sts get-caller-identity shows whose they are.",
  ],
  [/^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/, "The session has expired: sign in again."],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    "The caller's policy does not allow it; stacks/users.ts makes one that does.",
  ],
  [
    /^(ThrottlingException|Throttling|TooManyRequestsException|RequestLimitExceeded)$/,
    "AWS kept throttling after several tries; run it again.",
  ],
  [
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|TimeoutError|NetworkingError)$/,
    'AWS could not be reached: check the network and AWS_ENDPOINT_URL. For the local AWS: ./local start, then eval "$(./local env)".',
  ],
];

function advice(name: string): string {
  const quota = quotaOf(name);
  if (quota !== undefined) return `\n  ${quotaText(quota)}`;
  const found = adviceByName.find(([pattern]) => pattern.test(name));
  return found === undefined ? "" : `\n  ${found[1]}`;
}
