import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { unfinishedRollout, type Plan, type Step } from "./plan.ts";
import { activeService } from "./refusals.ts";
import { revisionName, type RegisteredRevision } from "./task-definition.ts";

/** A deployment of a service, as far as going back is concerned. */
export interface PastDeployment {
  readonly taskDefinitionArn: string;
  readonly succeeded: boolean;
  /** It ended with the revision before it, whatever made it go back. */
  readonly rolledBack?: true;
}

/**
 * The revision to go back to: the one that was last deployed and steady before the one that runs. `alreadyBack` when
 * the service has gone back already: then the same command again changes nothing, and `--to` goes further.
 *
 * @param past the service's deployments, newest first, the one under way included
 */
export function goBackTo(
  currentArn: string,
  past: readonly PastDeployment[],
): { readonly kind: "revision"; readonly arn: string } | { readonly kind: "alreadyBack" | "nothingBefore" } {
  const left = past.findIndex(({ taskDefinitionArn }) => taskDefinitionArn !== currentArn);
  const returned =
    left > 0 && past.slice(left).some(({ taskDefinitionArn }) => taskDefinitionArn === currentArn);
  if (returned) return { kind: "alreadyBack" };
  const target = past.find(
    ({ taskDefinitionArn, succeeded }) => succeeded && taskDefinitionArn !== currentArn,
  );
  return target === undefined
    ? { kind: "nothingBefore" }
    : { kind: "revision", arn: target.taskDefinitionArn };
}

/**
 * The plan of `./deploy rollback`: one UpdateService to a revision that exists.
 *
 * @param target the revision to go to; undefined when the service is there already
 * @throws RefusedError when there is no active service, or the revision was deregistered
 */
export function planRollback(
  observed: { readonly service?: Service },
  { serviceName, cluster }: { readonly serviceName: string; readonly cluster: string },
  target: RegisteredRevision | undefined,
): Plan {
  const service = activeService(observed.service, serviceName, cluster);
  const arn = target?.taskDefinition.taskDefinitionArn;
  const current = service.taskDefinition;
  const plan = { serviceName, cluster, ...(current === undefined ? {} : { previousRevisionArn: current }) };
  if (arn === undefined || arn === current) {
    const nothingBecause =
      arn === undefined ? "It has gone back already; --to goes further." : "It runs that revision already.";
    return { ...plan, nothingBecause, steps: unfinishedRollout(service) };
  }
  if (target?.taskDefinition.status !== "ACTIVE") {
    throw new RefusedError(
      `Service ${serviceName} cannot go back to ${revisionName(arn)}: that revision was deregistered. Choose another with --to; ./deploy revisions ${serviceName} lists them.`,
    );
  }
  const steps: readonly Step[] = [
    {
      kind: "updateService",
      work: "updateService",
      revision: { kind: "existing", arn },
      input: { cluster, service: serviceName, taskDefinition: arn },
      changes: [],
    },
    { kind: "waitForDeployment", work: "watchDeployment" },
  ];
  return { ...plan, steps };
}
