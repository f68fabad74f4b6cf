import type { Service, Tag } from "@aws-sdk/client-ecs";

import { isCodeDeployStep, type CodeDeployStep } from "../../core/code-deploy/steps.ts";
import type { Observed, Plan, PlannedRevision, Step } from "../../core/deployment/plan.ts";
import { withRegisteredRevision } from "../../core/deployment/registered-revision.ts";
import { primaryDeployment, type ServiceChange } from "../../core/deployment/service-changes.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { AwsCallError, InterruptedError, RefusedError } from "../../core/errors.ts";
import type { DeploymentEventBody } from "../../core/events.ts";
import type { Clock, EcsPort } from "../../core/ports.ts";
import { withTrail } from "../../core/trail.ts";
import type { NativeWrites } from "../native/writes.ts";
import { registerOnce, updateOnce } from "./once.ts";

/** What the writes of a plan came to. */
export interface Applied {
  /** The deployment to watch; absent where the plan has nothing to wait for. */
  readonly deploymentId?: string;
  /** When it was created, by AWS's time; only where this run has started it. */
  readonly createdAt?: Date;
  /** The revision that the service now points at. */
  readonly revisionArn?: string;
}

/** A write failed, or was left: what had been changed before it is part of the message that the user gets. */
export class PartlyApplied extends Error {
  override readonly name = "PartlyApplied";
  readonly changed: readonly string[];
  override readonly cause: AwsCallError | RefusedError | InterruptedError;

  constructor(changed: readonly string[], cause: PartlyApplied["cause"]) {
    super(cause.message, { cause });
    this.changed = changed;
    this.cause = cause;
  }
}

/** Does a piece of work as soon as there is room for it. */
export type InTurn = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** What the writes of a plan need of the run. */
export interface ApplyEdge {
  readonly ecs: EcsPort;
  readonly clock: Clock;
  readonly emit: (event: DeploymentEventBody) => void;
  /** What the new revision, and a new service, are tagged with besides the template's own tags. */
  readonly trail: readonly Tag[];
  /** Each write waits here for its turn, so that few are under way when the run is told to end. */
  readonly inTurn: InTurn;
  /** Called before each write; throws when this run may write no more. */
  readonly mayWrite: () => void;
  /** Writes on a deployment that is under way, where ECS shifts its traffic. */
  readonly native: NativeWrites;
  /**
   * Called right before a deployment is stopped, with the ARN of the revision that runs again then: should the run be
   * killed right after it, nobody would set its tags right.
   */
  readonly beforeStop: (backTo: string | undefined) => Promise<void>;
  /** Called right before the service is updated, so that whoever takes this run up knows that it came so far. */
  readonly beforeUpdate: () => Promise<void>;
  /** Does the steps of a plan that are CodeDeploy's. */
  readonly byCodeDeploy?: (step: CodeDeployStep, registeredArn: string | undefined) => Promise<StepDone>;
}

/**
 * Runs the writes of a plan, in order. Waiting is not done here, so that all services of a run are watched together.
 *
 * @throws PartlyApplied when AWS refuses a write, or the run may write no more
 */
export async function apply(plan: Plan, observed: Observed, edge: ApplyEdge): Promise<Applied> {
  const changed: string[] = [];
  let registeredArn: string | undefined;
  let applied: Applied =
    plan.previousRevisionArn === undefined ? {} : { revisionArn: plan.previousRevisionArn };
  for (const step of plan.steps) {
    try {
      const done = await edge.inTurn(() => applyStep(step, plan, observed, registeredArn, edge));
      if (done.change !== undefined) changed.push(done.change);
      registeredArn = done.registeredArn ?? registeredArn;
      applied = { ...applied, ...done.applied };
    } catch (error) {
      if (
        error instanceof AwsCallError ||
        error instanceof RefusedError ||
        error instanceof InterruptedError
      ) {
        throw new PartlyApplied(changed, error);
      }
      throw error;
    }
  }
  return applied;
}

/** What one step came to. */
export interface StepDone {
  readonly change?: string;
  readonly registeredArn?: string;
  readonly applied?: Applied;
}

async function applyStep(
  step: Step,
  { serviceName }: Plan,
  observed: Observed,
  registeredArn: string | undefined,
  edge: ApplyEdge,
): Promise<StepDone> {
  const { ecs, emit } = edge;
  if (isCodeDeployStep(step)) {
    if (edge.byCodeDeploy === undefined) throw new Error(`Nobody is there for the step ${step.kind}.`);
    return edge.byCodeDeploy(step, registeredArn);
  }
  switch (step.kind) {
    case "registerTaskDefinition": {
      edge.mayWrite();
      const input = { ...step.input, tags: tagsFor(step.input.tags, serviceName, edge) };
      const { taskDefinitionArn = "" } = await registerOnce(input, observed.latestRevision, edge);
      const revision = revisionName(taskDefinitionArn);
      emit({ type: "revisionRegistered", service: serviceName, revision });
      return { registeredArn: taskDefinitionArn, change: `revision ${revision} was registered` };
    }
    case "createService": {
      const revisionArn = arnOf(step.revision, registeredArn);
      tellOfReuse(step.revision, serviceName, revisionArn, emit);
      edge.mayWrite();
      const input = { ...step.input, tags: tagsFor(step.input.tags, serviceName, edge) };
      const service = await ecs.createService(withRegisteredRevision(input, revisionArn));
      return started(service, [], observed.service, revisionArn, emit);
    }
    case "updateService": {
      const revisionArn = arnOf(step.revision, registeredArn);
      tellOfReuse(step.revision, serviceName, revisionArn, emit);
      edge.mayWrite();
      await edge.beforeUpdate();
      edge.mayWrite();
      const service = await updateOnce(
        withRegisteredRevision(step.input, revisionArn),
        observed.service,
        edge,
      );
      return started(service, step.changes, observed.service, revisionArn, emit);
    }
    case "continueDeployment":
      edge.mayWrite();
      await edge.native.continueOnce(step.input);
      return { change: `the pause at ${step.stage} was answered` };
    case "stopDeployment":
      edge.mayWrite();
      await edge.beforeStop(step.backTo);
      edge.mayWrite();
      await edge.native.stopOnce(step.input.serviceDeploymentArn);
      return { change: "its deployment was told to roll back" };
    case "setAutoscaling":
    case "removeAutoscaling":
      // They are done once the rollout has ended well.
      return {};
    case "waitForRollback":
    case "waitForDeployment":
      return step.deploymentId === undefined ? {} : { applied: { deploymentId: step.deploymentId } };
  }
}

function started(
  service: Service,
  changes: readonly ServiceChange[],
  before: Service | undefined,
  revisionArn: string,
  emit: ApplyEdge["emit"],
): StepDone {
  const { serviceName: name = "?", deploymentController } = service;
  if (deploymentController?.type === "CODE_DEPLOY") {
    const members = changes.map(({ member }) => member);
    if (members.length > 0) emit({ type: "serviceChanged", service: name, members });
    const change =
      members.length > 0 ? `${members.join(", ")} of the service` : `service ${name} was created`;
    return { applied: { revisionArn }, change };
  }
  const { id: deploymentId, createdAt } = primaryDeployment(service) ?? {};
  if (deploymentId === undefined) {
    throw new AwsCallError("EmptyAnswer", `AWS answered without a deployment for service ${name}.`);
  }
  if (before !== undefined && deploymentId === primaryDeployment(before)?.id) {
    const members = changes.map(({ member }) => member);
    emit({ type: "serviceChanged", service: name, members });
    return { applied: { deploymentId, revisionArn }, change: `${members.join(", ")} of the service` };
  }
  emit({ type: "deploymentStarted", service: name, deploymentId, revision: revisionName(revisionArn) });
  return {
    applied: { deploymentId, revisionArn, ...(createdAt === undefined ? {} : { createdAt }) },
    change: `deployment ${deploymentId} was started`,
  };
}

function tagsFor(own: Tag[] | undefined, service: string, { trail, emit }: ApplyEdge): Tag[] {
  const { tags, dropped } = withTrail(own, trail);
  if (dropped.length > 0) {
    const message = `AWS allows 50 tags, so ${dropped.join(", ")} found no room.`;
    emit({ type: "warning", service, message });
  }
  return [...tags];
}

function tellOfReuse(
  revision: PlannedRevision,
  service: string,
  revisionArn: string,
  emit: ApplyEdge["emit"],
): void {
  if (revision.kind === "existing" && revision.unchanged === true) {
    emit({ type: "revisionReused", service, revision: revisionName(revisionArn) });
  }
}

function arnOf(revision: PlannedRevision, registeredArn: string | undefined): string {
  if (revision.kind === "existing") return revision.arn;
  if (registeredArn === undefined)
    throw new Error("The plan uses a revision that none of its steps registers.");
  return registeredArn;
}
