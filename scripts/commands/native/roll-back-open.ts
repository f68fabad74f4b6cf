import type { Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { membersOfRevision, primaryDeployment } from "../../core/deployment/service-changes.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { configurationAfter, isGoingBack, isNative, isOf } from "../../core/native/deployment.ts";
import type { Planned } from "../rollout/job.ts";
import { updateOnce } from "../rollout/once.ts";
import type { Run } from "../rollout/run.ts";
import { keepTrailTrue } from "../rollout/service-trail.ts";
import type { Watched } from "../rollout/watcher.ts";
import { deploymentsPort, openDeployment } from "./find-deployment.ts";
import { nativeWrites } from "./writes.ts";

/** How rolling back the deployment under way went. */
export interface RolledBack {
  readonly deploymentId: string;
  /** ARN of the revision that runs again, where the rollback succeeded. */
  readonly taskDefinition?: string;
  readonly watched: Watched;
}

/**
 * Has ECS roll back the run's own deployment while that is under way: the traffic goes back at once, where a new
 * deployment of the revision before would go through all the stages first. Then the settings that the run had changed
 * and that no revision holds are as they were.
 *
 * @param now the service as it was seen last, or as much as names its deployment
 * @param settings the members that this run changed, as they were
 * @returns undefined where that deployment is not under way, or is the service's first
 * @throws AwsCallError, RefusedError
 */
export async function rollBackOpen(
  planned: Planned,
  now: Service | undefined,
  reason: string,
  settings: Partial<UpdateServiceRequest>,
  run: Run,
): Promise<RolledBack | undefined> {
  const { job, plan, observed } = planned;
  if (now === undefined) return undefined;
  const deploymentId = primaryDeployment(now)?.id;
  if (deploymentId === undefined || !isNative(configurationAfter(plan, observed))) return undefined;
  const deployments = await deploymentsPort(run.context);
  const open = await openDeployment(job.cluster, job.serviceName, deployments);
  const [source] = (open?.sourceServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const arn = open?.serviceDeploymentArn;
  if (open === undefined || arn === undefined || source === undefined) return undefined;
  if (!isOf(deploymentId, open.targetServiceRevision?.arn)) return undefined;

  const isOurs = !isGoingBack(open);
  if (isOurs) {
    const [before] = await deployments.revisions([source]);
    const revision = revisionName(before?.taskDefinition ?? "the revision before it");
    run.context.emit({ type: "rollingBack", service: job.serviceName, reason, revision, by: "Slipway" });
    run.mayWrite();
    await nativeWrites(run.context).stopOnce(arn);
  }
  // What happened until now has been told.
  const watched = await run.watch(
    { ...planned, observed: { ...observed, service: now } },
    { deploymentId, ...(isOurs ? { rollbackTold: true } : {}) },
  );
  const { verdict } = watched;
  if (verdict.kind !== "failed" || verdict.rolledBackTo === undefined) return { deploymentId, watched };
  await restore(planned, settings, run);
  const { taskDefinition } = verdict.rolledBackTo;
  await keepTrailTrue(planned, taskDefinition, run);
  return { deploymentId, watched, ...(taskDefinition === undefined ? {} : { taskDefinition }) };
}

async function restore(
  { job: { cluster, serviceName } }: Planned,
  changed: Partial<UpdateServiceRequest>,
  run: Run,
): Promise<void> {
  const members = Object.entries(changed).filter(([member]) => !membersOfRevision.has(member));
  if (members.length === 0) return;
  const { ecs } = run.context;
  run.mayWrite();
  const [service] = await ecs.describeServices(cluster, [serviceName]);
  const input = { cluster, service: serviceName, ...Object.fromEntries(members) };
  await updateOnce(input, service, { ecs, clock: run.edge.clock });
}
