/**
 * Policies of resources that AWS's services use: who it is that may, beside what.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
 */
import type { Conditions } from "./policy.ts";

/** A statement of a resource's policy. */
export interface ResourceStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal: { readonly Service: string } | { readonly AWS: string } | "*";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
}

/** What a service may do to a resource; in a key's policy, `*` is that key. */
export function allowService(
  sid: string,
  service: string,
  actions: readonly string[],
  resource: string,
  conditions?: Conditions,
): ResourceStatement {
  const Principal = { Service: service };
  const statement = { Sid: sid, Effect: "Allow", Principal, Action: actions, Resource: resource } as const;
  return conditions === undefined ? statement : { ...statement, Condition: conditions };
}

/** Writes the policy of a resource. */
export function resourcePolicy(statements: readonly ResourceStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
