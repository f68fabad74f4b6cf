/**
 * Lets a call through only as the policies of its caller allow (`./local start --enforce-iam`).
 */
import { IAMClient } from "@aws-sdk/client-iam";

import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import type { State } from "../world/state.ts";
import { Decisions, programOf } from "./decisions.ts";
import { allowingStatements, evaluate, type Context, type Policies } from "./evaluate.ts";
import type { MotoAddress } from "./moto-calls.ts";
import { Principals, type Caller } from "./principal.ts";
import { refuse, type Refusal } from "./refusals.ts";
import type { Asked, Surroundings } from "./requests/asked.ts";
import { parametersOf, tagsIn, textIn } from "./requests/parameters.ts";
import { servicePrefix, whatIsAsked } from "./requests/needed-permissions.ts";
import { resourcePolicyOf } from "./resource-policies.ts";
import { mentionsResourceTags, resourceTagContext } from "./resource-tags.ts";
import { sessionFrom } from "./sessions.ts";
import type { UserBoundaries } from "./user-boundaries.ts";
import { readWebIdentity, type WebIdentity } from "./web-identity.ts";

/** Moto's one account. */
const account = "123456789012";
/** Paths that belong to moto rather than to AWS. */
const notAws = /^\/(?:moto-api|latest|_slipway)\b/;
const reads = /^(?:Get|List|Generate|Simulate)/;

/** Decides about every call of a local AWS that enforces IAM. */
export class Enforcement {
  readonly #iam: IAMClient;
  readonly #account: string;
  readonly #endpoint: string;
  readonly #log: (message: string) => void;
  readonly #principals: Principals;
  /** What was asked of those who are not the root user. */
  readonly decisions = new Decisions();

  constructor(options: {
    readonly motoEndpoint: string;
    readonly log: (message: string) => void;
    /** Permissions boundaries of users. */
    readonly boundaries: UserBoundaries;
  }) {
    this.#endpoint = options.motoEndpoint;
    this.#account = account;
    this.#log = options.log;
    this.#iam = new IAMClient({
      region: "us-east-1",
      endpoint: options.motoEndpoint,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    this.#principals = new Principals(this.#iam, this.#account, (user) => options.boundaries.of(user));
  }

  /** Ends what it holds open. */
  close(): void {
    this.#iam.destroy();
  }

  /**
   * Answers a call: refuses it before it has any effect, or lets it through.
   *
   * @param proceed carries the call out
   */
  async around(call: ApiRequest, state: State, proceed: () => Promise<ApiResponse>): Promise<ApiResponse> {
    if (notAws.test(call.url)) {
      if (call.url.startsWith("/moto-api/reset")) this.#principals.reset();
      return proceed();
    }
    const verdict = await this.#judge(call, state);
    if ("reason" in verdict) {
      const refused = refuse(call, verdict);
      this.#log(`${servicePrefix(call)} ${call.operation ?? call.method}: refused, ${String(refused.body)}`);
      return refused;
    }
    return this.#observe(call, await proceed(), verdict);
  }

  async #judge(call: ApiRequest, state: State): Promise<Allowed | Refusal> {
    const surroundings: Surroundings = {
      state,
      iam: this.#iam,
      moto: { endpoint: this.#endpoint, region: call.region },
    };
    if (call.operation === "AssumeRoleWithWebIdentity") return this.#judgeWebIdentity(call);
    const caller = await this.#principals.authenticate(call);
    if ("reason" in caller) {
      const anonymous = caller.reason === "unsigned" && servicePrefix(call) === "s3";
      return anonymous ? this.#judgeEach(call, null, state, surroundings) : caller;
    }
    if (caller.kind === "root") return { caller, federatedProvider: null };
    return this.#judgeEach(call, caller, state, surroundings);
  }

  async #judgeEach(
    call: ApiRequest,
    caller: Caller | null,
    state: State,
    surroundings: Surroundings,
  ): Promise<Allowed | Refusal> {
    const arn = caller?.principal.arn ?? "anonymous";
    const asks = await whatIsAsked(call, { account: this.#account, caller: arn }, surroundings);
    const { moto } = surroundings;
    for (const asked of [...asks, ...sessionTagging(asks, call)]) {
      const policies = await this.#policiesFor(asked, caller, moto);
      const context: Context = {
        ...this.#circumstances(call),
        ...caller?.context,
        ...asked.context,
        ...(mentionsResourceTags(policies) && (await resourceTagContext(state, moto, asked.resource))),
      };
      const request = { ...asked, context, ...(caller && { principal: caller.principal }) };
      const by = evaluate(policies, request);
      const { action, resource } = asked;
      const allowedBy = allowingStatements(policies, request);
      const program = programOf(call.headers);
      this.decisions.add({ caller: arn, program, action, resource, decision: by.decision, allowedBy });
      if (by.decision !== "allowed") return { reason: "denied", caller: arn, asked, by };
    }
    return { caller, federatedProvider: null };
  }

  async #policiesFor(asked: Asked, caller: Caller | null, moto: MotoAddress): Promise<Policies> {
    const own = caller?.policies ?? { identity: [] };
    if (asked.action.startsWith("sts:") && asked.resource.includes(":role/")) {
      const role = await this.#principals.role(asked.resource);
      return { ...own, resource: role ? [role.trust] : [], resourceRule: "required" };
    }
    const policy = await resourcePolicyOf(moto, asked.resource);
    if (!policy) return own;
    const required = asked.resource.startsWith("arn:aws:kms:");
    return { ...own, resource: [policy], resourceRule: required ? "required" : "either" };
  }

  async #judgeWebIdentity(call: ApiRequest): Promise<Allowed | Refusal> {
    const parameters = parametersOf(call);
    const identity = await readWebIdentity(this.#iam, this.#account, textIn(parameters, "WebIdentityToken"));
    if ("reason" in identity) return identity;
    const roleArn = textIn(parameters, "RoleArn") ?? "";
    if (await this.#trusts(roleArn, identity, call)) {
      return { caller: null, federatedProvider: identity.provider };
    }
    return { reason: "trust", message: "Not authorized to perform sts:AssumeRoleWithWebIdentity" };
  }

  async #trusts(roleArn: string, { provider, context }: WebIdentity, call: ApiRequest): Promise<boolean> {
    const role = await this.#principals.role(roleArn);
    const principal = { arn: "", account: this.#account, roleArn: null, federated: provider };
    const session = textIn(parametersOf(call), "RoleSessionName") ?? "";
    const request = {
      action: "sts:AssumeRoleWithWebIdentity",
      resource: roleArn,
      principal,
      context: { ...this.#circumstances(call), ...context, "sts:RoleSessionName": session },
    };
    const policies = { identity: [], resource: role ? [role.trust] : [], resourceRule: "required" } as const;
    return evaluate(policies, request).decision === "allowed";
  }

  /**
   * Condition keys that every call has. What reaches loopback counts as encrypted, as on the way to AWS it would be.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
   */
  #circumstances({ region, headers }: ApiRequest): Context {
    const now = new Date();
    return {
      "aws:CurrentTime": now.toISOString(),
      "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
      "aws:PrincipalIsAWSService": "false",
      "aws:RequestedRegion": region,
      "aws:ResourceAccount": this.#account,
      "aws:SecureTransport": "true",
      "aws:SourceIp": "127.0.0.1",
      "aws:ViaAWSService": "false",
      ...(headers["user-agent"] !== undefined && { "aws:UserAgent": headers["user-agent"] }),
    };
  }

  #observe(call: ApiRequest, answer: ApiResponse, { caller, federatedProvider }: Allowed): ApiResponse {
    const service = servicePrefix(call);
    if (service === "sts") {
      const session = sessionFrom(call, answer, federatedProvider);
      if (session) this.#principals.add(session);
      return call.operation === "GetCallerIdentity" && caller?.kind === "root"
        ? asRoot(answer, this.#account)
        : answer;
    }
    if (service !== "iam" || reads.test(call.operation ?? "")) return answer;
    this.#principals.keep(call, answer);
    this.#principals.refresh();
    return answer;
  }
}

interface Allowed {
  readonly caller: Caller | null;
  readonly federatedProvider: string | null;
}

/** A session with tags needs an action of its own, from caller and role alike. */
function sessionTagging(asks: readonly Asked[], call: ApiRequest): Asked[] {
  const assume = asks.find(({ action }) => action === "sts:AssumeRole");
  if (!assume || Object.keys(tagsIn(parametersOf(call))).length === 0) return [];
  return [{ ...assume, action: "sts:TagSession" }];
}

/** Moto takes a key that it did not make for a user of its own. */
function asRoot(answer: ApiResponse, account: string): ApiResponse {
  const body = String(answer.body)
    .replace(/<Arn>[^<]*</, `<Arn>arn:aws:iam::${account}:root<`)
    .replace(/<UserId>[^<]*</, `<UserId>${account}<`);
  return { ...answer, body };
}
