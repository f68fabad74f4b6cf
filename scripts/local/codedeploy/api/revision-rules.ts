import type { RevisionLocation } from "@aws-sdk/client-codedeploy";

import { sha256 } from "../sha256.ts";
import { refusal } from "./errors.ts";

/** The AppSpec that a revision carries with it; undefined for one in S3. */
export function contentOf({ appSpecContent }: RevisionLocation): string | undefined {
  return appSpecContent?.content;
}

/**
 * Checks where a revision is said to be, and fills in the hash of one that carries its content.
 *
 * @param withContent whether content must come with it, as for a deployment
 */
export function checkRevisionLocation(
  revision: RevisionLocation | undefined,
  withContent: boolean,
): RevisionLocation {
  if (!revision) throw refusal("RevisionRequired", "The revision was not specified.");
  const type = revision.revisionType;
  const refuse = (message: string) => refusal("InvalidRevision", message);
  switch (type) {
    case "AppSpecContent":
      return { revisionType: type, appSpecContent: checkContent(revision.appSpecContent, withContent) };
    case "S3": {
      const { bucket, key, bundleType } = revision.s3Location ?? {};
      if (bucket === undefined || key === undefined) {
        throw refuse("An S3 revision must have an s3Location with a bucket and a key.");
      }
      if (bundleType !== "YAML" && bundleType !== "JSON") {
        throw refuse("For ECS deployments, the bundleType of an S3 revision must be YAML or JSON.");
      }
      return revision;
    }
    case "GitHub":
    case "String":
      throw refuse(`For ECS deployments, the revision type cannot be ${type}.`);
    case undefined:
      throw refuse("The revision type was not specified.");
    default:
      throw refuse(`The revision type ${String(type)} is not valid.`);
  }
}

function checkContent(
  given: RevisionLocation["appSpecContent"],
  withContent: boolean,
): { content?: string; sha256: string } {
  const { content, sha256: hash } = given ?? {};
  if (content === undefined) {
    if (!withContent && hash !== undefined) return { sha256: hash };
    throw refusal("InvalidRevision", "A revision of type AppSpecContent must have content.");
  }
  const actual = sha256(content);
  if (hash !== undefined && hash.toLowerCase() !== actual) {
    throw refusal("InvalidRevision", `The sha256 ${hash} is not the hash of the revision's content.`);
  }
  return { content, sha256: actual };
}
