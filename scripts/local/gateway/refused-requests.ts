/**
 * Calls that are refused before anybody looks at what they ask for.
 */
import { errorAnswer } from "./error-answer.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

/** The Regions of every partition, as AWS's own endpoint rules tell them from other words. */
const regions = /^(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us|us-gov|us-iso[a-z]?|eu-iso[a-z]?)-[a-z]+-\d{1,2}$/;

/** The refusal of a call that is too large, or signed for a Region that cannot be; undefined when it may go on. */
export function refusalOfRequest(call: ApiRequest): ApiResponse | undefined {
  if (call.tooLarge) return tooLarge(call);
  return regions.test(call.region) ? undefined : noSuchRegion(call);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function tooLarge(call: ApiRequest): ApiResponse {
  const json = "RequestEntityTooLargeException";
  const query = "RequestEntityTooLarge";
  return errorAnswer(call, {
    code: { json, restJson: json, query, ec2: query, s3: "EntityTooLarge" },
    statusCode: { json: 413, restJson: 413, query: 413, ec2: 413, s3: 400 },
    message:
      call.service === "s3"
        ? "Your proposed upload exceeds the maximum allowed size"
        : "The request is larger than the service takes.",
  });
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
function noSuchRegion(call: ApiRequest): ApiResponse {
  const json = "InvalidSignatureException";
  return errorAnswer(call, {
    code: {
      json,
      restJson: json,
      query: "SignatureDoesNotMatch",
      ec2: "AuthFailure",
      s3: "AuthorizationHeaderMalformed",
    },
    statusCode: { json: 400, restJson: 403, query: 403, ec2: 401, s3: 400 },
    message: `Credential should be scoped to a valid region, not '${call.region}'.`,
  });
}
