import type { ServiceDeployment } from "@aws-sdk/client-ecs";

import { isEarlierRevision } from "../../core/deployment/task-definition.ts";
import { isNativeService } from "../../core/native/deployment.ts";
import { planStop } from "../../core/native/plans.ts";
import type { ServiceAddress } from "../addresses.ts";
import { addressJob } from "../rollout/address-job.ts";
import { keyOf, type Job } from "../rollout/job.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { deploymentsPort, openDeployment } from "./find-deployment.ts";

/**
 * Services among these whose traffic ECS is shifting now, each with the deployment that is under way.
 *
 * @returns by service, as `cluster/service`
 */
export async function deploymentsUnderWay(
  addresses: readonly ServiceAddress[],
  context: RunContext,
): Promise<ReadonlyMap<string, ServiceDeployment>> {
  const clusters = [...new Set(addresses.map(({ cluster }) => cluster))];
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const names = addresses
        .filter((address) => address.cluster === cluster)
        .map(({ serviceName }) => serviceName);
      const services = await context.ecs.describeServices(cluster, names);
      const native = services.filter((service) => service.status === "ACTIVE" && isNativeService(service));
      return Promise.all(
        native.map(async ({ serviceName = "" }) => {
          const open = await openDeployment(cluster, serviceName, await deploymentsPort(context));
          return [keyOf({ cluster, serviceName }), open] as const;
        }),
      );
    }),
  );
  return new Map(found.flat().flatMap(([key, open]) => (open === undefined ? [] : [[key, open] as const])));
}

/** ARN of the one revision that the deployment replaces; undefined where there are none, or several. */
async function replacedBy(open: ServiceDeployment, context: RunContext): Promise<string | undefined> {
  const [source, ...others] = (open.sourceServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  return source === undefined || others.length > 0 ? undefined : definitionOf(source, context);
}

async function definitionOf(serviceRevision: string, context: RunContext): Promise<string | undefined> {
  const [found] = await (await deploymentsPort(context)).revisions([serviceRevision]);
  return found?.taskDefinition;
}

/**
 * Whether the deployment brings an earlier revision than the one it replaces, as a rollback does: to roll that one back
 * would bring the bad version again.
 */
export async function bringsEarlier(open: ServiceDeployment, context: RunContext): Promise<boolean> {
  const target = open.targetServiceRevision?.arn;
  const [from, to] = await Promise.all([
    replacedBy(open, context),
    target === undefined ? undefined : definitionOf(target, context),
  ]);
  return from !== undefined && to !== undefined && isEarlierRevision(to, from);
}

/** Whether the deployment replaces this revision alone: then going back to it is rolling the deployment back. */
export async function replaces(
  open: ServiceDeployment,
  revision: string,
  context: RunContext,
): Promise<boolean> {
  const arn = await replacedBy(open, context);
  if (arn === undefined) return false;
  // A number alone is a revision of the family that runs.
  return arn === revision || arn.endsWith(/^\d+$/.test(revision) ? `:${revision}` : `/${revision}`);
}

/**
 * Rolls back the deployment under way. It takes no lock: the run that watches the deployment may hold it, and what is
 * stopped is this one deployment.
 */
export function stopJob(
  address: ServiceAddress,
  open: ServiceDeployment,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Job {
  const { family: _, ...common } = addressJob(address, command, context, edge);
  return {
    ...common,
    withoutLock: true,
    plan: async (observed) => planStop(observed, address, open, await replacedBy(open, context)),
  };
}
