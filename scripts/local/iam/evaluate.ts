/**
 * What a set of policies says to a call.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { holds } from "./conditions.ts";
import { lookupIn, matchesAction, matchesText, type Context, type Lookup } from "./pattern.ts";
import type { Policy, Statement } from "./policy.ts";
import { grantTo, type Grant, type Principal } from "./principal-match.ts";

export { parsePolicy } from "./policy.ts";
export type { Context } from "./pattern.ts";
export type { Principal } from "./principal-match.ts";

/** What is asked of IAM: one action on one resource. A call asks for one or more of these. */
export interface AccessRequest {
  /** `service:Action`, in any case. */
  readonly action: string;
  /** ARN, or `*` for an action that takes none. */
  readonly resource: string;
  /** Condition keys with what the call has for them. */
  readonly context?: Context;
  /** Who asks. Without one, resource-based policies grant nothing but to everybody. */
  readonly principal?: Principal;
}

/** The policies that bear on a call, by the place where they stand. */
export interface Policies {
  /** Of the user or role, inline and attached, those of the user's groups included. */
  readonly identity: readonly Policy[];
  /** What identity policies can grant at most; left out where there is no boundary. */
  readonly boundary?: readonly Policy[] | undefined;
  /** What a role session was narrowed to; left out where it was not. */
  readonly session?: readonly Policy[] | undefined;
  /** Of the resource; left out where it has none. */
  readonly resource?: readonly Policy[] | undefined;
  /**
   * How a resource's policy counts in its own account: `either` it or an identity policy allows, as for most; or it is
   * `required`, as for a role's trust policy and a KMS key's policy.
   * @default "either"
   */
  readonly resourceRule?: "either" | "required" | undefined;
}

/** Where a policy stands, in the words of AWS's messages. */
type PolicyType =
  "identity-based policy" | "permissions boundary" | "session policy" | "resource-based policy";

/** The answer, with the policy type that AWS's message names. */
export type Evaluation =
  | { readonly decision: "allowed" }
  | { readonly decision: "explicitDeny"; readonly type: PolicyType; readonly policy: string }
  | { readonly decision: "implicitDeny"; readonly type: PolicyType };

const denied = (type: PolicyType): Evaluation => ({ decision: "implicitDeny", type });
const allowed: Evaluation = { decision: "allowed" };

/**
 * Decides on one action on one resource: an explicit deny anywhere ends it; then every type of policy that applies must
 * allow, where a resource-based policy may stand in for identity policies, and for boundary and session policy too when
 * it names the very user or session.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(policies: Policies, request: AccessRequest): Evaluation {
  const lookup = lookupIn({ ...request.context });
  const { identity, boundary, session, resource } = policies;
  const layers: readonly (readonly [PolicyType, readonly Policy[] | undefined])[] = [
    ["identity-based policy", identity],
    ["resource-based policy", resource],
    ["permissions boundary", boundary],
    ["session policy", session],
  ];
  for (const [type, layer] of layers) {
    const policy = layer?.find((candidate) => says("Deny", candidate, request, lookup));
    if (policy) return { decision: "explicitDeny", type, policy: policy.name };
  }

  const grant = strongestGrant(resource ?? [], request, lookup);
  const byIdentity = identity.some((policy) => says("Allow", policy, request, lookup));
  const abroad =
    request.principal !== undefined &&
    accountOf(request.resource, request.principal) !== request.principal.account;
  if (grant === "itself" && !abroad) return allowed;
  if (abroad || policies.resourceRule === "required") {
    if (grant === null) return denied("resource-based policy");
    if ((abroad || grant === "account") && !byIdentity) return denied("identity-based policy");
  } else if (!byIdentity && (grant === null || grant === "account")) {
    return denied("identity-based policy");
  }
  for (const [type, layer] of [
    ["permissions boundary", boundary],
    ["session policy", session],
  ] as const) {
    if (layer && !layer.some((policy) => says("Allow", policy, request, lookup))) return denied(type);
  }
  return allowed;
}

/** The names of the statements of identity policies that allow an action, whatever else says of it. */
export function allowingStatements(policies: Policies, request: AccessRequest): string[] {
  const lookup = lookupIn({ ...request.context });
  return policies.identity.flatMap((policy) =>
    policy.statements
      .filter(({ effect }) => effect === "Allow")
      .filter((statement) => fits(policy, statement, request, lookup))
      .map(({ sid }) => sid ?? policy.name),
  );
}

/** Fifth part of an ARN; the caller's own account for those that have none, such as S3's. */
function accountOf(resource: string, { account }: Principal): string {
  const named = resource.split(":")[4] ?? "";
  return /^\d{12}$/.test(named) ? named : account;
}

const strength: readonly Grant[] = ["itself", "role", "account"];

function strongestGrant(policies: readonly Policy[], request: AccessRequest, lookup: Lookup): Grant | null {
  const grants = policies.flatMap((policy) =>
    policy.statements
      .filter(({ effect }) => effect === "Allow")
      .filter((statement) => fits(policy, statement, request, lookup))
      .map(({ principal }) => grantTo(principal, request.principal)),
  );
  return strength.find((grant) => grants.includes(grant)) ?? null;
}

function says(effect: "Allow" | "Deny", policy: Policy, request: AccessRequest, lookup: Lookup): boolean {
  return policy.statements.some(
    (statement) =>
      statement.effect === effect &&
      (statement.principal === null || grantTo(statement.principal, request.principal) !== null) &&
      fits(policy, statement, request, lookup),
  );
}

/** Whether action, resource and conditions of a statement are those of the call. */
function fits(
  policy: Policy,
  { action, resource, conditions }: Statement,
  request: AccessRequest,
  lookup: Lookup,
): boolean {
  const variables = policy.variables ? lookup : null;
  const chosen = action.patterns.some((pattern) => matchesAction(pattern, request.action));
  if (chosen === action.negated) return false;
  if (resource) {
    const meant = resource.patterns.some((pattern) => matchesText(pattern, request.resource, variables));
    if (meant === resource.negated) return false;
  }
  return conditions.every((condition) => holds(condition, lookup, variables));
}
