/**
 * AssumeRoleWithWebIdentity: a token of an identity provider instead of a key. Its claims are read; its signature is
 * not checked, since the provider's keys are out of reach.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
import {
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";

import type { Context } from "./pattern.ts";
import { actionOf } from "./requests/action-data.ts";
import type { Refusal } from "./refusals.ts";

/** A token's bearer as trust policies see it. */
export interface WebIdentity {
  /** ARN of the identity provider in IAM. */
  readonly provider: string;
  readonly context: Context;
}

type Claims = Readonly<Record<string, unknown>>;

const invalid = (message: string): Refusal => ({ reason: "token", code: "InvalidIdentityToken", message });

/** Reads a token, and refuses one of an unknown provider, for another audience, or past its time. */
export async function readWebIdentity(
  iam: IAMClient,
  account: string,
  token: string | null,
): Promise<WebIdentity | Refusal> {
  const claims = claimsOf(token ?? "");
  if (!claims)
    return invalid(
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    );
  const issuer = (typeof claims["iss"] === "string" ? claims["iss"] : "").replace(/^https:\/\//, "");
  const provider = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  if (!OpenIDConnectProviderList?.some(({ Arn }) => Arn === provider)) {
    return invalid(`No OpenIDConnect provider found in your account for https://${issuer}`);
  }
  const { ClientIDList } = await iam.send(
    new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }),
  );
  const audiences = [claims["aud"]].flat().map(String);
  if (!audiences.some((audience) => ClientIDList?.includes(audience))) {
    return invalid("Incorrect token audience");
  }
  const expires = Number(claims["exp"]) * 1000;
  if (expires <= Date.now()) {
    const message = "Token expired: current date/time must be before the expiration date/time of the token";
    return { reason: "token", code: "ExpiredTokenException", message };
  }
  return { provider, context: await contextOf(issuer, claims, provider) };
}

function claimsOf(token: string): Claims | null {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof payload === "object" ? (payload as Claims | null) : null;
  } catch {
    return null;
  }
}

/** Claims that every provider's tokens give keys for; those of some providers give more, as the reference lists. */
const always = ["sub", "aud", "amr"];

async function contextOf(issuer: string, claims: Claims, provider: string): Promise<Context> {
  const known = (await actionOf("sts", "AssumeRoleWithWebIdentity"))?.conditionKeys;
  const pairs = Object.entries(claims).flatMap(([claim, value]) => {
    const key = `${issuer}:${claim}`;
    if (!always.includes(claim) && known?.has(key.toLowerCase()) !== true) return [];
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    return [[key, values.length === 1 ? (values[0] ?? "") : values] as const];
  });
  return { ...Object.fromEntries(pairs), "aws:FederatedProvider": provider };
}
