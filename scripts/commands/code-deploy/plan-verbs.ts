import type { Service } from "@aws-sdk/client-ecs";

import type { KnownDeployment } from "../../core/code-deploy/model.ts";
import {
  pastOf,
  planRevision,
  planRollbackUnderWay,
  targetOfRollback,
} from "../../core/code-deploy/rollback.ts";
import { runningRevision } from "../../core/code-deploy/task-sets.ts";
import type { Plan } from "../../core/deployment/plan.ts";
import type { RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { RefusedError } from "../../core/errors.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunContext } from "../run-context.ts";
import { codeDeployOf, factsOf, newest, type FoundGroup } from "./facts.ts";

/** Deployments looked back on: each may cost a call for its AppSpec. */
const lookBack = 20;

/** A plan, and the revision that it brings. */
export interface VerbPlan {
  readonly plan: Plan;
  readonly target?: RegisteredRevision;
}

/**
 * The plan of `./deploy rollback` for a service under CODE_DEPLOY.
 *
 * @param to the revision that was asked for, as a reference that ECS takes
 * @throws RefusedError where there is nothing to go back to
 */
export async function planCodeDeployRollback(
  service: Service,
  address: ServiceAddress,
  to: string | undefined,
  context: RunContext,
): Promise<VerbPlan> {
  const port = await codeDeployOf(context);
  const facts = await factsOf(address, port, context);
  if (facts.underWay !== undefined && to !== undefined) {
    throw new RefusedError(
      `Deployment ${facts.underWay.id} is under way for service ${address.serviceName}: ./deploy rollback ${address.serviceName} without --to stops it, and its traffic goes back to what ran before. Then --to goes further.`,
    );
  }
  const underWay = planRollbackUnderWay(service, address, facts);
  if (underWay !== undefined) {
    const back = await registered(underWay.waitedFor?.revisionArn, context);
    return { plan: underWay, ...(back === undefined ? {} : { target: back }) };
  }
  const deployments = await past(facts, port);
  const wanted = to ?? targetOfRollback(service, address, pastOf(deployments));
  const target = await registered(wanted, context);
  if (to !== undefined && target === undefined) {
    throw new RefusedError(
      `There is no revision ${to}. ./deploy revisions ${address.serviceName} lists those that there are.`,
    );
  }
  if (wanted !== undefined && target?.taskDefinition.status !== "ACTIVE") {
    throw new RefusedError(
      `Service ${address.serviceName} cannot go back to ${wanted}: that revision was deregistered. Choose another with --to; ./deploy revisions ${address.serviceName} lists them.`,
    );
  }
  const arn = target?.taskDefinition.taskDefinitionArn;
  const plan = planRevision(service, address, arn, facts, deployments, "rollback");
  return { plan, ...(target === undefined ? {} : { target }) };
}

/** The plan of `./deploy restart` for a service under CODE_DEPLOY: a deployment of the revision that runs. */
export async function planCodeDeployRestart(
  service: Service,
  address: ServiceAddress,
  context: RunContext,
): Promise<Plan> {
  const port = await codeDeployOf(context);
  const facts = await factsOf(address, port, context);
  const deployments = facts.underWay === undefined ? await past(facts, port) : [];
  return planRevision(service, address, runningRevision(service), facts, deployments, "restart");
}

function past(found: FoundGroup, port: CodeDeployPort): Promise<readonly KnownDeployment[]> {
  return newest(found, port, { limit: lookBack });
}

async function registered(
  reference: string | undefined,
  { ecs }: RunContext,
): Promise<RegisteredRevision | undefined> {
  return reference === undefined ? undefined : ecs.describeTaskDefinition(reference);
}
