import type { Statement } from "./policy.ts";

/** Who asks. */
export interface Principal {
  /** `arn:aws:iam::…:user/x`, `arn:aws:sts::…:assumed-role/role/session`, or `arn:aws:iam::…:root`. */
  readonly arn: string;
  readonly account: string;
  /** ARN of the role of a session; null for users. */
  readonly roleArn: string | null;
  /** An AWS service or an identity provider that acts itself, such as `ecs-tasks.amazonaws.com`; else null. */
  readonly service?: string | null;
  readonly federated?: string | null;
}

/**
 * To whom a statement speaks when it speaks to a caller: the user or session `itself`, the session's `role`, or the
 * whole `account`, which then decides by its identity policies.
 */
export type Grant = "itself" | "role" | "account";

/**
 * How a statement's principal element means a caller; null if it does not.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function grantTo(element: Statement["principal"], caller: Principal | undefined): Grant | null {
  if (element === null) return null;
  const grant = meant(element.element, caller);
  if (!element.negated) return grant;
  return grant === null ? "role" : null;
}

function meant(
  element: NonNullable<Statement["principal"]>["element"],
  caller: Principal | undefined,
): Grant | null {
  if (element === "*") return everybody(caller);
  const named = element["AWS"] ?? [];
  if (named.includes("*")) return everybody(caller);
  if (!caller) return null;
  if ((element["Service"] ?? []).some((service) => service === caller.service)) return "itself";
  if ((element["Federated"] ?? []).some((provider) => provider === caller.federated)) return "itself";
  if (caller.service != null || caller.federated != null) return null;
  if (named.includes(caller.arn)) return "itself";
  if (caller.roleArn !== null && named.includes(caller.roleArn)) return "role";
  const root = /^arn:[^:]+:iam::(\d{12}):root$/;
  return named.some((name) => name === caller.account || root.exec(name)?.[1] === caller.account)
    ? "account"
    : null;
}

/** Everybody includes each user as itself; a session is meant through its role, so that its limits hold. */
function everybody(caller: Principal | undefined): Grant {
  return caller?.roleArn == null ? "itself" : "role";
}
