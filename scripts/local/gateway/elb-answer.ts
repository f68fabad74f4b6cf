/**
 * Answers of Elastic Load Balancing that are written here.
 */
import { randomUUID } from "node:crypto";

import XMLBuilder from "fast-xml-builder";

import type { ApiRequest, ApiResponse } from "./request.ts";

const builder = new XMLBuilder({ ignoreAttributes: false });

/** The result of a call. */
export function queryAnswer(
  { operation }: Pick<ApiRequest, "operation">,
  result: Readonly<Record<string, unknown>>,
): ApiResponse {
  const name = operation ?? "";
  return xml(200, `${name}Response`, {
    [`${name}Result`]: result,
    ResponseMetadata: { RequestId: randomUUID() },
  });
}

/** The refusal of a call. */
export function queryError(code: string, message: string): ApiResponse {
  const Error = { Type: "Sender", Code: code, Message: message };
  return xml(400, "ErrorResponse", { Error, RequestId: randomUUID() });
}

function xml(statusCode: number, root: string, content: Readonly<Record<string, unknown>>): ApiResponse {
  const namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";
  return {
    statusCode,
    headers: { "content-type": "text/xml" },
    body: builder.build({ [root]: { "@_xmlns": namespace, ...content } }),
  };
}
