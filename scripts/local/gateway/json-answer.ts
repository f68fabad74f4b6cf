/**
 * Answers in the protocol awsJson1.1 that are written here.
 */
import { randomUUID } from "node:crypto";

import type { ApiResponse } from "./request.ts";

/** An answer whose body is JSON already. */
export function jsonText(statusCode: number, body: string): ApiResponse {
  return {
    statusCode,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
    body,
  };
}

/** The result of a call. */
export function jsonAnswer(result: Readonly<Record<string, unknown>>): ApiResponse {
  return jsonText(200, JSON.stringify(result));
}

/** The refusal of a call. */
export function jsonError(type: string, message: string): ApiResponse {
  return jsonText(400, JSON.stringify({ __type: type, message }));
}
