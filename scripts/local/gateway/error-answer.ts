/**
 * Errors in the shape that each of AWS's protocols gives them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
import { randomUUID } from "node:crypto";

import XMLBuilder from "fast-xml-builder";

import type { ApiRequest, ApiResponse } from "./request.ts";

/** How a service words its errors: by its protocol, and EC2 and S3 in ways of their own. */
export type Shape = "json" | "query" | "ec2" | "s3" | "restJson";

/** The shape of a call's errors. */
export function shapeOf(call: ApiRequest): Shape {
  if (call.headers["x-amz-target"] !== undefined || isCbor(call)) return "json";
  // Only S3 takes calls that are not signed and name no action.
  const service = call.service ?? (call.form.has("Action") ? null : "s3");
  if (service === "ec2" || service === "s3") return service;
  return call.form.has("Action") || service === "route53" ? "query" : "restJson";
}

function isCbor({ headers }: ApiRequest): boolean {
  return headers["smithy-protocol"] === "rpc-v2-cbor";
}

/** An error, ready to be put into a shape. */
export interface Answer {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
}

/** An error that the shapes call by different names. */
interface ShapedError {
  readonly code: Readonly<Record<Shape, string>>;
  readonly statusCode: Readonly<Record<Shape, number>>;
  readonly message: string;
}

/** Answers a call with an error, as its protocol words it. */
export function errorAnswer(call: ApiRequest, { code, statusCode, message }: ShapedError): ApiResponse {
  const shape = shapeOf(call);
  return inShape(call, shape, { code: code[shape], statusCode: statusCode[shape], message });
}

const builder = new XMLBuilder({ ignoreAttributes: false });

/** What a service answers when something went wrong inside it. */
export function internalFailure(call: ApiRequest, message = "An internal error occurred."): ApiResponse {
  const json = call.service === "ecs" ? "ServerException" : "InternalServerError";
  return errorAnswer(call, {
    code: { json, restJson: json, query: "InternalFailure", ec2: "InternalError", s3: "InternalError" },
    statusCode: { json: 500, restJson: 500, query: 500, ec2: 500, s3: 500 },
    message,
  });
}

/** An error in a shape. */
export function inShape(call: ApiRequest, shape: Shape, { code, statusCode, message }: Answer): ApiResponse {
  const id = randomUUID();
  const headers = { "x-amzn-requestid": id };
  const xml = (content: object): ApiResponse => ({
    statusCode,
    headers: { ...headers, "content-type": "text/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(content)}`,
  });
  switch (shape) {
    case "json":
    case "restJson": {
      if (isCbor(call)) return cbor(statusCode, headers, code, message);
      return {
        statusCode,
        headers: {
          ...headers,
          "content-type": call.headers["content-type"] ?? "application/json",
          "x-amzn-errortype": code,
        },
        body: JSON.stringify({ __type: code, ...(message !== "" && { message, Message: message }) }),
      };
    }
    case "query":
      return xml({
        ErrorResponse: { Error: { Type: "Sender", Code: code, Message: message }, RequestId: id },
      });
    case "ec2":
      return xml({ Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: id } });
    case "s3": {
      // An answer to HEAD has no body; clients go by the status.
      if (call.method === "HEAD") return { statusCode, headers, body: "" };
      return xml({ Error: { Code: code, Message: message, RequestId: id, HostId: id } });
    }
  }
}

/** `{"__type": …, "message": …}` in CBOR. */
function cbor(
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  code: string,
  message: string,
): ApiResponse {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    const head = Buffer.alloc(3);
    head.writeUInt8(0x79);
    head.writeUInt16BE(bytes.length, 1);
    return Buffer.concat([head, bytes]);
  };
  const members = ["__type", code, "message", message].map(text);
  return {
    statusCode,
    headers: { ...headers, "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
    body: Buffer.concat([Buffer.from([0xa2]), ...members]),
  };
}

/** A refusal with status 400, under one code in every protocol. */
export function refusedAs(code: string, call: ApiRequest, message: string): ApiResponse {
  return errorAnswer(call, {
    code: { json: code, restJson: code, query: code, ec2: code, s3: code },
    statusCode: { json: 400, restJson: 400, query: 400, ec2: 400, s3: 400 },
    message,
  });
}
