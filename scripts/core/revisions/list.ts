import type { ServiceDeploymentBrief, ServiceRevision } from "@aws-sdk/client-ecs";

import type { RegisteredRevision } from "../deployment/task-definition.ts";
import { revisionStatus } from "../status/assemble.ts";
import type { RevisionStatus } from "../status/model.ts";
import { iso, stripped } from "../status/values.ts";

/** The newest deployment of a revision on the service, and how it ended. */
export interface DeployedRevision {
  /** In AWS's words, as in `SUCCESSFUL`. */
  readonly status: string;
  readonly reason?: string;
  readonly at?: string;
  /** How many deployments of the service brought this revision, as far as AWS remembers. */
  readonly times: number;
}

/** A revision as `./deploy revisions` lists it. */
export interface ListedRevision extends RevisionStatus {
  /** Services of the cluster whose deployments use it. */
  readonly usedBy: readonly string[];
  /** Where `./deploy rollback` would go. */
  readonly rollbackTarget: boolean;
  /** Absent where it was not deployed on this service, as far as AWS remembers. */
  readonly deployed?: DeployedRevision;
}

/** What became of each revision on a service: by task definition ARN. */
export function deploymentsByRevision(
  deployments: readonly ServiceDeploymentBrief[],
  revisions: readonly ServiceRevision[],
): ReadonlyMap<string, DeployedRevision> {
  const definitions = new Map(
    revisions.map(({ serviceRevisionArn, taskDefinition }) => [serviceRevisionArn, taskDefinition]),
  );
  const found = new Map<string, DeployedRevision>();
  // Newest first, so that the first of a revision is the one that is told.
  for (const { targetServiceRevisionArn, status = "UNKNOWN", statusReason, ...times } of deployments) {
    const arn = definitions.get(targetServiceRevisionArn);
    if (arn === undefined) continue;
    const known = found.get(arn);
    found.set(
      arn,
      known === undefined
        ? stripped({ status, reason: statusReason, at: iso(times.finishedAt ?? times.createdAt), times: 1 })
        : { ...known, times: known.times + 1 },
    );
  }
  return found;
}

/** Puts together what is known of each revision. */
export function listedRevisions(
  revisions: readonly RegisteredRevision[],
  usedBy: ReadonlyMap<string, readonly string[]>,
  rollbackTargets: ReadonlySet<string>,
  deployed: ReadonlyMap<string, DeployedRevision>,
): readonly ListedRevision[] {
  return revisions.map((revision) => {
    const arn = revision.taskDefinition.taskDefinitionArn ?? "";
    return stripped({
      ...revisionStatus(revision),
      usedBy: usedBy.get(arn) ?? [],
      rollbackTarget: rollbackTargets.has(arn),
      deployed: deployed.get(arn),
    });
  });
}
