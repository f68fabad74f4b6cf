/**
 * Who calls: the root key of this local AWS, a user by an access key, or a session of a role.
 */
import { ListAccessKeysCommand, type IAMClient } from "@aws-sdk/client-iam";

import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import { credentialsOf } from "./credentials.ts";
import type { Policies, Principal } from "./evaluate.ts";
import type { Context } from "./pattern.ts";
import {
  managedPolicy,
  policiesOfRole,
  policiesOfUser,
  type IdentityPolicies,
  type RolePolicies,
} from "./policies-of.ts";
import type { Refusal } from "./refusals.ts";
import { rootKey } from "./root-key.ts";
import type { Session } from "./sessions.ts";
import { isSignedWith } from "./signature.ts";

/** A caller whose key and signature are good. */
export interface Caller {
  readonly kind: "root" | "user" | "session";
  readonly principal: Principal;
  readonly policies: Policies;
  /** What the caller has for condition keys. */
  readonly context: Context;
}

interface UserKey {
  readonly userName: string;
  readonly secretAccessKey: string;
}

/** Knows every key that was handed out, and reads from IAM what their owners may do. */
export class Principals {
  readonly #iam: IAMClient;
  readonly #account: string;
  readonly #keys = new Map<string, UserKey>();
  readonly #sessions = new Map<string, Session>();
  readonly #boundaryOfUser: (userName: string) => string | undefined;
  /** What was read from IAM since it last changed. */
  #read = new Map<string, Promise<unknown>>();

  constructor(iam: IAMClient, account: string, boundaryOfUser: (userName: string) => string | undefined) {
    this.#iam = iam;
    this.#account = account;
    this.#boundaryOfUser = boundaryOfUser;
  }

  /** Forgets what was read from IAM, since it may have changed. */
  refresh(): void {
    this.#read = new Map();
  }

  /** Forgets all keys and sessions, since IAM starts over. */
  reset(): void {
    this.#keys.clear();
    this.#sessions.clear();
    this.refresh();
  }

  /** Keeps the key that an answer to CreateAccessKey hands out. */
  keep({ operation }: ApiRequest, { statusCode, body }: ApiResponse): void {
    if (operation !== "CreateAccessKey" || statusCode !== 200) return;
    const answer = String(body);
    const member = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(answer)?.[1] ?? "";
    this.#keys.set(member("AccessKeyId"), {
      userName: member("UserName"),
      secretAccessKey: member("SecretAccessKey"),
    });
  }

  /** Keeps a session of a role. */
  add(session: Session): void {
    this.#sessions.set(session.accessKeyId, session);
  }

  /** Who signed a call, or why that is nobody. */
  async authenticate(call: ApiRequest): Promise<Caller | Refusal> {
    const credentials = credentialsOf(call);
    if (!credentials) return { reason: "unsigned" };
    const { accessKeyId, sessionToken } = credentials;
    if (accessKeyId === rootKey.accessKeyId) {
      return isSignedWith(rootKey.secretAccessKey, call) ? this.#root() : { reason: "signature" };
    }
    const session = this.#sessions.get(accessKeyId);
    if (session) {
      if (session.sessionToken !== sessionToken) return { reason: "unknownKey" };
      if (session.expiresAt <= Date.now()) return { reason: "expired" };
      return isSignedWith(session.secretAccessKey, call) ? this.#session(session) : { reason: "signature" };
    }
    const key = this.#keys.get(accessKeyId);
    if (!key || !(await this.#isActive(accessKeyId, key.userName))) return { reason: "unknownKey" };
    return isSignedWith(key.secretAccessKey, call) ? this.#user(key.userName) : { reason: "signature" };
  }

  /** A role with its policies; null when there is none of that name or ARN. */
  async role(nameOrArn: string): Promise<RolePolicies | null> {
    const name = nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
    const role = await this.#once(`role ${name}`, () => unlessMissing(policiesOfRole(this.#iam, name)));
    return role && (role.arn === nameOrArn || !nameOrArn.startsWith("arn:")) ? role : null;
  }

  #once<Result>(key: string, read: () => Promise<Result>): Promise<Result> {
    // A key stands for one kind of answer, so what is kept under it is of this very type.
    const known = this.#read.get(key) as Promise<Result> | undefined;
    if (known) return known;
    const found = read();
    const turn = this.#read;
    turn.set(key, found);
    // What failed is read again the next time.
    found.catch(() => turn.delete(key));
    return found;
  }

  async #isActive(accessKeyId: string, UserName: string): Promise<boolean> {
    const keys = await this.#once(`keys ${UserName}`, () =>
      unlessMissing(this.#iam.send(new ListAccessKeysCommand({ UserName }))),
    );
    const found = keys?.AccessKeyMetadata?.find(({ AccessKeyId }) => AccessKeyId === accessKeyId);
    return found?.Status === "Active";
  }

  #root(): Caller {
    const arn = `arn:aws:iam::${this.#account}:root`;
    const principal = { arn, account: this.#account, roleArn: null };
    return { kind: "root", principal, policies: { identity: [] }, context: {} };
  }

  async #user(userName: string): Promise<Caller | Refusal> {
    const found = await this.#once(`user ${userName}`, () =>
      unlessMissing(policiesOfUser(this.#iam, userName, this.#boundaryOfUser(userName))),
    );
    if (!found) return { reason: "unknownKey" };
    return {
      kind: "user",
      principal: { arn: found.arn, account: this.#account, roleArn: null },
      policies: found,
      context: {
        "aws:username": userName,
        "aws:userid": found.id,
        "aws:PrincipalType": "User",
        ...this.#identityContext(found, found.tags),
      },
    };
  }

  async #session(session: Session): Promise<Caller | Refusal> {
    const role = await this.role(session.roleArn);
    if (!role) return { reason: "unknownKey" };
    const managed = await Promise.all(
      session.managedPolicyArns.map((arn) =>
        this.#once(`policy ${arn}`, () => managedPolicy(this.#iam, arn)),
      ),
    );
    const narrowed = [...(session.inlinePolicy ? [session.inlinePolicy] : []), ...managed];
    return {
      kind: "session",
      principal: { arn: session.arn, account: this.#account, roleArn: role.arn },
      policies: { ...role, session: narrowed.length > 0 ? narrowed : undefined },
      context: {
        "aws:userid": `${role.id}:${session.name}`,
        "aws:PrincipalType": "AssumedRole",
        "aws:TokenIssueTime": new Date(session.issuedAt).toISOString(),
        "aws:MultiFactorAuthPresent": "false",
        ...(session.federatedProvider !== null && { "aws:FederatedProvider": session.federatedProvider }),
        ...(session.sourceIdentity !== null && { "aws:SourceIdentity": session.sourceIdentity }),
        ...this.#identityContext(role, { ...role.tags, ...session.tags }),
      },
    };
  }

  #identityContext({ arn }: IdentityPolicies, tags: Readonly<Record<string, string>>): Context {
    return {
      "aws:PrincipalArn": arn,
      "aws:PrincipalAccount": this.#account,
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
    };
  }
}

async function unlessMissing<Result>(reading: Promise<Result>): Promise<Result | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return null;
    throw error;
  }
}
