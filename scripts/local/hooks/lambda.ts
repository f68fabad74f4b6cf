/**
 * The two calls to moto's Lambda that hooks need, in Lambda's REST protocol.
 */
import type { Invocation } from "./invoker.ts";

/** Where Lambda is. */
interface LambdaAddress {
  readonly region: string;
  readonly motoEndpoint: string;
}

/** A Lambda function, as far as hooks need it. */
interface FoundFunction {
  readonly environment: Readonly<Record<string, string>>;
}

/** Moto takes the region from the credential scope and does not check the signature. */
function headersFor(region: string): Record<string, string> {
  const scope = `local/20250101/${region}/lambda/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=local` };
}

function urlOf({ motoEndpoint }: LambdaAddress, name: string): string {
  return `${motoEndpoint}/2015-03-31/functions/${encodeURIComponent(name)}`;
}

/**
 * Looks a function up.
 *
 * @returns undefined when there is none
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export async function readFunction(
  address: LambdaAddress,
  name: string,
  signal: AbortSignal,
): Promise<FoundFunction | undefined> {
  const response = await fetch(urlOf(address, name), { headers: headersFor(address.region), signal });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`Lambda answered ${response.status}: ${text.slice(0, 200)}`);
  // The shape of GetFunction's answer, of which only this part is read.
  const answer = JSON.parse(text) as {
    Configuration?: { Environment?: { Variables?: Record<string, string> } };
  };
  return { environment: answer.Configuration?.Environment?.Variables ?? {} };
}

/**
 * Has moto run a function, which takes Docker.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeInMoto(
  address: LambdaAddress,
  name: string,
  event: unknown,
  signal: AbortSignal,
): Promise<Invocation> {
  const response = await fetch(`${urlOf(address, name)}/invocations`, {
    method: "POST",
    headers: { ...headersFor(address.region), "x-amz-invocation-type": "RequestResponse" },
    body: JSON.stringify(event),
    signal,
  });
  const text = await response.text();
  // Without Docker moto answers as for a function that failed, and its text says so.
  if (!response.ok || text.startsWith("error running docker")) {
    return {
      ok: false,
      error:
        `the local AWS cannot run ${name}: moto needs Docker for it. ` +
        "Give the function the environment variable SLIPWAY_HOOK_URL, with the URL that answers for it",
    };
  }
  const payload = text.trim() === "" ? null : (JSON.parse(text) as unknown);
  const error = response.headers.get("x-amz-function-error");
  return error === null ? { ok: true, payload } : { ok: true, payload, functionError: text };
}
