/**
 * Refusals in the shape that each protocol gives them, with AWS's codes and wording.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
import { inShape, shapeOf, type Answer, type Shape } from "../gateway/error-answer.ts";
import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Asked } from "./requests/asked.ts";
import { servicePrefix } from "./requests/needed-permissions.ts";

/** Why a call is refused. */
export type Refusal =
  | { readonly reason: "denied"; readonly caller: string; readonly asked: Asked; readonly by: Evaluation }
  | { readonly reason: "trust"; readonly message: string }
  | { readonly reason: "token"; readonly code: string; readonly message: string }
  | { readonly reason: "unknownKey" | "expired" | "signature" | "unsigned" };

const invalidToken = "The security token included in the request is invalid.";
const expiredToken = "The security token included in the request is expired";
const wrongSignature =
  "The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method.";

/** For each reason what the protocols call it. @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const answers: Readonly<
  Record<"unknownKey" | "expired" | "signature" | "unsigned", Readonly<Record<Shape, Answer>>>
> = {
  unknownKey: {
    json: { code: "UnrecognizedClientException", statusCode: 400, message: invalidToken },
    query: { code: "InvalidClientTokenId", statusCode: 403, message: invalidToken },
    ec2: {
      code: "AuthFailure",
      statusCode: 401,
      message: "AWS was not able to validate the provided access credentials",
    },
    s3: {
      code: "InvalidAccessKeyId",
      statusCode: 403,
      message: "The AWS Access Key Id you provided does not exist in our records.",
    },
    restJson: { code: "UnrecognizedClientException", statusCode: 403, message: invalidToken },
  },
  expired: {
    json: { code: "ExpiredTokenException", statusCode: 400, message: expiredToken },
    query: { code: "ExpiredToken", statusCode: 403, message: expiredToken },
    ec2: { code: "RequestExpired", statusCode: 400, message: "Request has expired." },
    s3: { code: "ExpiredToken", statusCode: 400, message: "The provided token has expired." },
    restJson: { code: "ExpiredTokenException", statusCode: 403, message: expiredToken },
  },
  signature: {
    json: { code: "InvalidSignatureException", statusCode: 400, message: wrongSignature },
    query: { code: "SignatureDoesNotMatch", statusCode: 403, message: wrongSignature },
    ec2: {
      code: "AuthFailure",
      statusCode: 401,
      message: "AWS was not able to validate the provided access credentials",
    },
    s3: { code: "SignatureDoesNotMatch", statusCode: 403, message: wrongSignature },
    restJson: { code: "InvalidSignatureException", statusCode: 403, message: wrongSignature },
  },
  unsigned: {
    json: {
      code: "MissingAuthenticationTokenException",
      statusCode: 400,
      message: "Missing Authentication Token",
    },
    query: {
      code: "MissingAuthenticationToken",
      statusCode: 403,
      message: "Request is missing Authentication Token",
    },
    ec2: {
      code: "MissingAuthenticationToken",
      statusCode: 403,
      message: "Request is missing Authentication Token",
    },
    s3: { code: "AccessDenied", statusCode: 403, message: "Access Denied" },
    restJson: {
      code: "MissingAuthenticationTokenException",
      statusCode: 403,
      message: "Missing Authentication Token",
    },
  },
};

/** The answer to a call that is refused. */
export function refuse(call: ApiRequest, refusal: Refusal): ApiResponse {
  const shape = shapeOf(call);
  return inShape(call, shape, answerTo(call, shape, refusal));
}

function answerTo(call: ApiRequest, shape: Shape, refusal: Refusal): Answer {
  switch (refusal.reason) {
    case "denied":
      return denied(call, shape, messageOf(refusal.caller, refusal.asked, refusal.by));
    case "trust":
      return denied(call, shape, refusal.message);
    case "token":
      return { code: refusal.code, statusCode: 400, message: refusal.message };
    case "unknownKey":
    case "expired":
    case "signature":
    case "unsigned":
      return answers[refusal.reason][shape];
  }
}

function denied(call: ApiRequest, shape: Shape, message: string): Answer {
  switch (shape) {
    case "json":
      return { code: "AccessDeniedException", statusCode: 400, message };
    case "restJson":
      return { code: "AccessDeniedException", statusCode: 403, message };
    case "ec2":
      return {
        code: "UnauthorizedOperation",
        statusCode: 403,
        message: `You are not authorized to perform this operation. ${message}`,
      };
    case "query":
      return {
        code: servicePrefix(call) === "sns" ? "AuthorizationError" : "AccessDenied",
        statusCode: 403,
        message,
      };
    case "s3":
      return { code: "AccessDenied", statusCode: 403, message };
  }
}

/** Services that leave the resource out of the message where it is `*`. */
const withoutStar = new Set([
  "autoscaling",
  "cloudformation",
  "ec2",
  "elasticloadbalancing",
  "s3",
  "secretsmanager",
]);

/** AWS's sentence, which names one type of policy although several may deny. */
export function messageOf(caller: string, { action, resource }: Asked, by: Evaluation): string {
  const [service = ""] = action.split(":");
  const on = resource === "*" && withoutStar.has(service) ? "" : ` on resource: ${resource}`;
  const sentence = `User: ${caller} is not authorized to perform: ${action}${on}`;
  if (by.decision === "explicitDeny") {
    const article = by.type === "identity-based policy" ? "an" : "a";
    return `${sentence} with an explicit deny in ${article} ${by.type}`;
  }
  // STS gives no reason, so that roles cannot be found out by asking.
  if (by.decision === "allowed" || action === "sts:AssumeRole") return sentence;
  return `${sentence} because no ${by.type} allows the ${action} action`;
}
