import type {
  BatchGetApplicationRevisionsCommandInput,
  GenericRevisionInfo,
  GetApplicationRevisionCommandInput,
  ListApplicationRevisionsCommandInput,
  RegisterApplicationRevisionCommandInput,
  RevisionInfo,
  RevisionLocation,
} from "@aws-sdk/client-codedeploy";

import { optionalDate, type Call } from "../../ecs/api/call.ts";
import { findRevision, registerRevision } from "../revisions.ts";
import type { RevisionRecord } from "../state.ts";
import { checkBatch } from "./applications.ts";
import { pageOf, refusal } from "./errors.ts";
import { findApplication } from "./find.ts";
import { withoutContent } from "./present-group.ts";
import { checkRevisionLocation } from "./revision-rules.ts";

function present(call: Call, revision: RevisionRecord): GenericRevisionInfo {
  return {
    description: revision.description ?? undefined,
    deploymentGroups: revision.groups,
    firstUsedTime: optionalDate(call, revision.firstUsedAt),
    lastUsedTime: optionalDate(call, revision.lastUsedAt),
    registerTime: call.toDate(revision.registeredAt),
  };
}

/** Registers a revision with an application. */
export function registerApplicationRevision(
  call: Call,
  { applicationName, description, revision }: RegisterApplicationRevisionCommandInput,
): Record<string, never> {
  const application = findApplication(call, applicationName);
  registerRevision(call, application, checkRevisionLocation(revision, true), description ?? null);
  return {};
}

/** Tells of a revision, with its content: named by its hash, or by its place in S3. */
export function getApplicationRevision(
  call: Call,
  { applicationName, revision }: GetApplicationRevisionCommandInput,
): { applicationName: string; revision: RevisionLocation; revisionInfo: GenericRevisionInfo } {
  const application = findApplication(call, applicationName);
  const found = findRevision(application, checkRevisionLocation(revision, false));
  if (!found) {
    throw refusal("RevisionDoesNotExist", `The application ${application.name} has no such revision.`);
  }
  return {
    applicationName: application.name,
    revision: found.location,
    revisionInfo: present(call, found),
  };
}

/** Tells of several revisions; those that are not there are left out. */
export function batchGetApplicationRevisions(
  call: Call,
  { applicationName, revisions = [] }: BatchGetApplicationRevisionsCommandInput,
): { applicationName: string; revisions: RevisionInfo[] } {
  checkBatch(revisions, 25);
  const application = findApplication(call, applicationName);
  const found = revisions.flatMap(
    (revision) => findRevision(application, checkRevisionLocation(revision, false)) ?? [],
  );
  return {
    applicationName: application.name,
    revisions: found.map((revision) => ({
      revisionLocation: revision.location,
      genericRevisionInfo: present(call, revision),
    })),
  };
}

const times = {
  registerTime: "registeredAt",
  firstUsedTime: "firstUsedAt",
  lastUsedTime: "lastUsedAt",
} as const;

/** Lists the revisions of an application, without their content, 100 a page. */
export function listApplicationRevisions(
  call: Call,
  { applicationName, ...input }: ListApplicationRevisionsCommandInput,
): { revisions: (RevisionLocation | undefined)[]; nextToken: string | undefined } {
  const application = findApplication(call, applicationName);
  const target = new Set(
    Object.values(application.groups).map(
      ({ lastSuccessful }) => call.state.codedeploy.deployments[lastSuccessful ?? ""]?.revision,
    ),
  );
  const listed = application.revisions.filter((revision) => {
    const { bucket, key = "" } = revision.location.s3Location ?? {};
    const deployed = [...target].some(
      (location) => location && findRevision(application, location) === revision,
    );
    return (
      (input.s3Bucket === undefined || bucket === input.s3Bucket) &&
      (input.s3KeyPrefix === undefined || key.startsWith(input.s3KeyPrefix)) &&
      (input.deployed !== "include" || deployed) &&
      (input.deployed !== "exclude" || !deployed)
    );
  });
  const time = times[input.sortBy ?? "registerTime"];
  const direction = input.sortOrder === "descending" ? -1 : 1;
  const sorted = listed.toSorted((one, other) => direction * ((one[time] ?? 0) - (other[time] ?? 0)));
  const { items, nextToken } = pageOf(sorted, input.nextToken);
  return { revisions: items.map(({ location }) => withoutContent(location)), nextToken };
}
