/**
 * Permissions boundaries of users, which moto has for roles only.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
 */
import { randomUUID } from "node:crypto";

import type { ApiRequest, ApiResponse } from "../gateway/request.ts";

/** Remembers which user has which boundary, by what passes through. */
export class UserBoundaries {
  readonly #byUser = new Map<string, string>();

  /** ARN of a user's boundary. */
  of(userName: string): string | undefined {
    return this.#byUser.get(userName);
  }

  /** Forgets all, since IAM starts over. */
  reset(): void {
    this.#byUser.clear();
  }

  /** Answers the calls that are about a user's boundary alone; null for any other. */
  answer({ service, operation, form }: ApiRequest): ApiResponse | null {
    if (service !== "iam") return null;
    const user = form.get("UserName") ?? "";
    if (operation === "PutUserPermissionsBoundary") {
      this.#byUser.set(user, form.get("PermissionsBoundary") ?? "");
      return empty(operation);
    }
    if (operation === "DeleteUserPermissionsBoundary") {
      this.#byUser.delete(user);
      return empty(operation);
    }
    return null;
  }

  /** Takes note of what moto has done, and puts the boundary into what it says of a user. */
  complete({ service, operation, form }: ApiRequest, answer: ApiResponse): ApiResponse {
    if (service !== "iam" || answer.statusCode !== 200) return answer;
    const user = form.get("UserName") ?? "";
    const given = form.get("PermissionsBoundary");
    if (operation === "CreateUser" && given !== null) this.#byUser.set(user, given);
    if (operation === "DeleteUser") this.#byUser.delete(user);
    if (operation !== "CreateUser" && operation !== "GetUser") return answer;
    const body = String(answer.body);
    const boundary = this.#byUser.get(/<UserName>([^<]+)</.exec(body)?.[1] ?? user);
    if (boundary === undefined) return answer;
    const element =
      "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>" +
      `<PermissionsBoundaryArn>${boundary}</PermissionsBoundaryArn></PermissionsBoundary>`;
    return { ...answer, body: body.replace("</User>", `${element}</User>`) };
  }
}

function empty(operation: string): ApiResponse {
  const root = `${operation}Response`;
  return {
    statusCode: 200,
    headers: { "content-type": "text/xml" },
    body:
      `<${root} xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>` +
      `<RequestId>${randomUUID()}</RequestId></ResponseMetadata></${root}>`,
  };
}
