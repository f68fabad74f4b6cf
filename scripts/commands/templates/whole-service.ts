import type { Service } from "@aws-sdk/client-ecs";

import {
  primaryDeployment,
  toldByRevision,
  withRevisionMembers,
} from "../../core/deployment/service-changes.ts";
import { keyOf, type Planned } from "../rollout/job.ts";
import type { RunContext } from "../run-context.ts";

/**
 * The service with the members that only its service revision tells of. ECS is asked for the revision where one of
 * them is wanted, and has none under CODE_DEPLOY and EXTERNAL controllers.
 *
 * @param wanted names of members that somebody asks for; all of them where it is absent
 */
export async function wholeService(
  service: Service,
  { connect }: Pick<RunContext, "connect">,
  wanted?: readonly string[],
): Promise<Service> {
  const needed = wanted === undefined || toldByRevision.some((member) => wanted.includes(member));
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  // A deployment `ecs-svc/N` brings the service revision `…/SERVICE/N`; while one rolls out there are several.
  const id = primaryDeployment(service)?.id?.split("/").at(-1);
  const arn = arns.find((candidate) => candidate.split("/").at(-1) === id) ?? arns[0];
  if (!needed || arn === undefined) return service;
  const { serviceDeploymentsPort } = await import("../../aws/service-deployments.ts");
  const [revision] = await connect(serviceDeploymentsPort).revisions([arn]);
  return revision === undefined ? service : withRevisionMembers(service, revision);
}

/**
 * Services whose plan would change what only their service revision tells of, with what it tells: such a plan is made
 * again, or the change would be made anew by every update.
 *
 * @returns by service, as `cluster/service`
 */
export async function toldByRevisions(
  planned: readonly Planned[],
  context: Pick<RunContext, "connect">,
): Promise<ReadonlyMap<string, Service>> {
  const told = await Promise.all(
    planned.map(async ({ job, observed: { service }, plan }) => {
      const changed = plan.steps.flatMap((step) => (step.kind === "updateService" ? step.changes : []));
      if (service === undefined) return undefined;
      const whole = await wholeService(
        service,
        context,
        changed.map(({ member }) => member),
      );
      return whole === service ? undefined : ([keyOf(job), whole] as const);
    }),
  );
  return new Map(told.filter((one) => one !== undefined));
}
