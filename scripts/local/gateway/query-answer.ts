/**
 * Answers in AWS's query protocol that are written here.
 */
import { randomUUID } from "node:crypto";

import XMLBuilder from "fast-xml-builder";

import type { ApiRequest, ApiResponse } from "./request.ts";

const builder = new XMLBuilder({ ignoreAttributes: false });

const namespaces: Readonly<Record<string, string>> = {
  autoscaling: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
  elasticloadbalancing: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
};

/** The result of a call. */
export function queryAnswer(
  call: Pick<ApiRequest, "service" | "operation">,
  result: Readonly<Record<string, unknown>>,
): ApiResponse {
  const name = call.operation ?? "";
  return xml(200, `${name}Response`, {
    "@_xmlns": namespaces[call.service ?? ""],
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
  return {
    statusCode,
    headers: { "content-type": "text/xml" },
    body: builder.build({ [root]: content }),
  };
}
