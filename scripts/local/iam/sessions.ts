/**
 * Role sessions: moto makes their keys and forgets what they were narrowed to, so that is kept here.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import { parametersOf, tagsIn, textIn, textsIn, objectsIn } from "./requests/parameters.ts";
import { parsePolicy, type Policy } from "./policy.ts";

/** Temporary credentials and what they stand for. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds of the wall clock, by which clients go too. */
  readonly expiresAt: number;
  readonly issuedAt: number;
  /** `arn:aws:sts::…:assumed-role/role/session`. */
  readonly arn: string;
  readonly roleArn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly inlinePolicy: Policy | null;
  readonly managedPolicyArns: readonly string[];
  /** ARN of the identity provider whose token was shown; null for AssumeRole. */
  readonly federatedProvider: string | null;
  readonly sourceIdentity: string | null;
}

/** Operations of STS that hand out a session of a role. */
const assuming = new Set(["AssumeRole", "AssumeRoleWithWebIdentity"]);

/** The session that an answer of STS hands out; null when it hands out none. */
export function sessionFrom(
  call: ApiRequest,
  { statusCode, body }: ApiResponse,
  federatedProvider: string | null,
): Session | null {
  if (!assuming.has(call.operation ?? "") || statusCode !== 200) return null;
  const answer = String(body);
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(answer)?.[1] ?? "";
  const parameters = parametersOf(call);
  const policy = textIn(parameters, "Policy");
  return {
    accessKeyId: member("AccessKeyId"),
    secretAccessKey: member("SecretAccessKey"),
    sessionToken: member("SessionToken"),
    expiresAt: Date.parse(member("Expiration")),
    issuedAt: Date.now(),
    arn: member("Arn"),
    roleArn: textIn(parameters, "RoleArn") ?? "",
    name: textIn(parameters, "RoleSessionName") ?? "",
    tags: tagsIn(parameters),
    inlinePolicy: policy === null ? null : parsePolicy("session policy", policy),
    managedPolicyArns: objectsIn(parameters, "PolicyArns").flatMap((one) => textsIn(one, "arn")),
    federatedProvider,
    sourceIdentity: textIn(parameters, "SourceIdentity"),
  };
}
