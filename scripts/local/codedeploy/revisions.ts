import type { RevisionLocation } from "@aws-sdk/client-codedeploy";

import type { Transaction } from "../world/transaction.ts";
import type { ApplicationRecord, RevisionRecord } from "./state.ts";

/** What makes two locations the same revision. */
function key({ revisionType, s3Location, appSpecContent }: RevisionLocation): string {
  const { bucket, key: object, version, eTag } = s3Location ?? {};
  return JSON.stringify([revisionType, bucket, object, version, eTag, appSpecContent?.sha256]);
}

/** The revision of an application with this location. */
export function findRevision(
  { revisions }: ApplicationRecord,
  location: RevisionLocation,
): RevisionRecord | undefined {
  return revisions.find((revision) => key(revision.location) === key(location));
}

/** Registers a revision with an application, unless it is there already. */
export function registerRevision(
  { now }: Pick<Transaction, "now">,
  application: ApplicationRecord,
  location: RevisionLocation,
  description: string | null,
): RevisionRecord {
  const known = findRevision(application, location);
  if (known) {
    known.description = description ?? known.description;
    return known;
  }
  const revision: RevisionRecord = {
    location,
    description,
    groups: [],
    registeredAt: now,
    firstUsedAt: null,
    lastUsedAt: null,
  };
  application.revisions.push(revision);
  // What was pushed is a plain object outside the draft; what is read back is not.
  return application.revisions.at(-1) ?? revision;
}
