import {
  withRegisteredRevision,
  type PlannedRevision,
  type Plan,
  type Step,
} from "../core/deployment/plan.ts";
import { primaryDeployment } from "../core/deployment/service-changes.ts";
import { revisionName } from "../core/deployment/task-definition.ts";
import { AwsCallError } from "../core/errors.ts";
import type { DeploymentEventBody } from "../core/events.ts";
import type { EcsPort } from "../core/ports.ts";

/** What the writes of a plan came to. */
export interface Applied {
  /** The deployment to watch; absent where the plan has nothing to wait for. */
  readonly deploymentId?: string;
  /** The revision that the service now points at. */
  readonly revisionArn?: string;
}

/** A write failed: what had been changed before it is part of the message that the user gets. */
export class PartlyApplied extends Error {
  override readonly name = "PartlyApplied";
  readonly changed: readonly string[];
  override readonly cause: AwsCallError;

  constructor(changed: readonly string[], cause: AwsCallError) {
    super(cause.message, { cause });
    this.changed = changed;
    this.cause = cause;
  }
}

/**
 * Runs the writes of a plan, in order. Waiting is not done here, so that all services of a run are watched together.
 *
 * @throws PartlyApplied when AWS refuses a write
 */
export async function apply(
  plan: Plan,
  ecs: EcsPort,
  emit: (event: DeploymentEventBody) => void,
): Promise<Applied> {
  const changed: string[] = [];
  let registeredArn: string | undefined;
  let applied: Applied =
    plan.previousRevisionArn === undefined ? {} : { revisionArn: plan.previousRevisionArn };
  for (const step of plan.steps) {
    try {
      const done = await applyStep(step, plan, registeredArn, ecs, emit);
      if (done.change !== undefined) changed.push(done.change);
      registeredArn = done.registeredArn ?? registeredArn;
      applied = { ...applied, ...done.applied };
    } catch (error) {
      if (error instanceof AwsCallError) throw new PartlyApplied(changed, error);
      throw error;
    }
  }
  return applied;
}

interface StepDone {
  readonly change?: string;
  readonly registeredArn?: string;
  readonly applied?: Applied;
}

async function applyStep(
  step: Step,
  { serviceName }: Plan,
  registeredArn: string | undefined,
  ecs: EcsPort,
  emit: (event: DeploymentEventBody) => void,
): Promise<StepDone> {
  switch (step.kind) {
    case "registerTaskDefinition": {
      const { taskDefinitionArn = "" } = await ecs.registerTaskDefinition(step.input);
      const revision = revisionName(taskDefinitionArn);
      emit({ type: "revisionRegistered", service: serviceName, revision });
      return { registeredArn: taskDefinitionArn, change: `revision ${revision} was registered` };
    }
    case "createService":
    case "updateService": {
      const revisionArn = arnOf(step.revision, registeredArn);
      if (step.revision.kind === "existing") {
        emit({ type: "revisionReused", service: serviceName, revision: revisionName(revisionArn) });
      }
      const service =
        step.kind === "createService"
          ? await ecs.createService(withRegisteredRevision(step.input, revisionArn))
          : await ecs.updateService(withRegisteredRevision(step.input, revisionArn));
      const deploymentId = primaryDeployment(service)?.id;
      if (deploymentId === undefined) {
        throw new AwsCallError(
          "EmptyAnswer",
          `AWS answered without a deployment for service ${serviceName}.`,
        );
      }
      emit({
        type: "deploymentStarted",
        service: serviceName,
        deploymentId,
        revision: revisionName(revisionArn),
      });
      return { applied: { deploymentId, revisionArn }, change: `deployment ${deploymentId} was started` };
    }
    case "waitForDeployment":
      return step.deploymentId === undefined ? {} : { applied: { deploymentId: step.deploymentId } };
  }
}

function arnOf(revision: PlannedRevision, registeredArn: string | undefined): string {
  if (revision.kind === "existing") return revision.arn;
  if (registeredArn === undefined)
    throw new Error("The plan uses a revision that none of its steps registers.");
  return registeredArn;
}
