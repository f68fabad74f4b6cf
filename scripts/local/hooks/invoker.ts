/**
 * Invokes the Lambda functions that judge deployments, for ECS and CodeDeploy.
 *
 * There is no Lambda runtime here, so a function is answered by what stands in for it: an entry in the table of local
 * hooks, else the HTTP endpoint that the function's own environment variable `SLIPWAY_HOOK_URL` names. Only what has
 * neither is left to moto, which runs it where Docker is on the machine.
 */
import { invokeInMoto, readFunction } from "./lambda.ts";

/** The environment variable of a Lambda function that says where its events are posted. */
const hookUrlVariable = "SLIPWAY_HOOK_URL";

/** Stands in for a Lambda function: gets its event, gives its answer; what it throws is the function's error. */
type LocalHook = (event: unknown) => unknown;

/** Local hooks by function name: a function of this process, or the URL of one that answers over HTTP. */
export type LocalHooks = Readonly<Record<string, LocalHook | string>>;

/**
 * What came of an invocation: the function's answer, or why it could not be invoked, in the words of AWS where it has
 * some. `functionError` is what the function itself failed with; its answer is then Lambda's description of that.
 */
export type Invocation =
  | { readonly ok: true; readonly payload: unknown; readonly functionError?: string }
  | { readonly ok: false; readonly error: string };

/** Lambda ends a function after this long at the latest. */
const longestRunMs = 15 * 60 * 1000;

/** Where the functions of a region are found. */
export interface HookSource {
  readonly region: string;
  readonly motoEndpoint: string;
  readonly hooks: LocalHooks;
}

/** Invokes functions of one region. */
export class HookInvoker {
  readonly #source: HookSource;
  readonly #stop = new AbortController();

  constructor(source: HookSource) {
    this.#source = source;
  }

  /**
   * Invokes a function and waits for its answer, as Lambda's Invoke does with `RequestResponse`. It never rejects.
   *
   * @param functionArn its ARN, with or without a version or alias, or its name
   * @param event what goes to the function, as JSON
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
   */
  async invoke(functionArn: string, event: unknown): Promise<Invocation> {
    try {
      return await this.#invoke(functionArn, event);
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Gives up what is still awaited. */
  close(): void {
    this.#stop.abort();
  }

  async #invoke(functionArn: string, event: unknown): Promise<Invocation> {
    const name = functionName(functionArn);
    const own = Object.hasOwn(this.#source.hooks, name) ? this.#source.hooks[name] : undefined;
    if (typeof own === "function") return call(own, event);
    if (own !== undefined) return post(own, event, this.#signal());
    const found = await readFunction(this.#source, name, this.#signal());
    if (!found) {
      const { region } = this.#source;
      const arn = functionArn.startsWith("arn:")
        ? functionArn
        : `arn:aws:lambda:${region}:123456789012:function:${functionArn}`;
      return { ok: false, error: `Function not found: ${arn}` };
    }
    const url = found.environment[hookUrlVariable];
    if (url !== undefined) return post(url, event, this.#signal());
    return invokeInMoto(this.#source, name, event, this.#signal());
  }

  #signal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, AbortSignal.timeout(longestRunMs)]);
  }
}

/** The name in a function's ARN: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER`. */
function functionName(functionArn: string): string {
  return functionArn.startsWith("arn:")
    ? (functionArn.split(":")[6] ?? "")
    : (functionArn.split(":")[0] ?? "");
}

/** How Lambda answers for a function that failed. */
function failed(errorMessage: string, errorType: string): Invocation {
  return { ok: true, payload: { errorMessage, errorType }, functionError: errorMessage };
}

async function call(hook: LocalHook, event: unknown): Promise<Invocation> {
  try {
    return { ok: true, payload: (await hook(event)) ?? null };
  } catch (error) {
    return error instanceof Error ? failed(error.message, error.name) : failed(String(error), "Error");
  }
}

async function post(url: string, event: unknown, signal: AbortSignal): Promise<Invocation> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
    signal,
  });
  const text = await response.text();
  if (!response.ok) return failed(`${url} answered ${response.status}: ${text.slice(0, 200)}`, "HookError");
  return { ok: true, payload: parsed(text) };
}

/** What a function answered; one that answers nothing answers null, as in Lambda. */
function parsed(text: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
