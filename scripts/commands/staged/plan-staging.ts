import { existingRevision } from "../../core/deployment/plan.ts";
import type { RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { RefusedError } from "../../core/errors.ts";
import { planScaling } from "../../core/scaling/plan-scaling.ts";
import { resourceLabel } from "../../core/scaling/request-count.ts";
import { filledIn, resourceLabelMarker } from "../../core/staged/markers.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import { familyName } from "../../core/staged/names.ts";
import {
  autoscalingSteps,
  planStage,
  type DesiredDeployment,
  type OwnAutoscaling,
  type StageStep,
} from "../../core/staged/plan-stage.ts";
import { heldBack, ownAutoscalingTag } from "../../core/staged/suspension.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import { currentScaling } from "../scaling/facts.ts";
import { findSame, type Found } from "./find-same.ts";
import type { StagedService } from "./place.ts";
import { countFor, findTaskRole, ownRoleArn } from "./stage-facts.ts";
import type { StageInputs } from "./stage-inputs.ts";
import { reporter, type Reporter } from "./stage-reporter.ts";

/** Fills the templates as the deployment of an id would have them. */
export type Fill = (id: string) => Promise<StageInputs>;

/** What a staging comes to, with what it is about. */
export type PlannedStaging =
  | { readonly kind: "nothingToDo"; readonly report: Reporter }
  | {
      readonly kind: "stage";
      readonly inputs: StageInputs;
      readonly steps: readonly StageStep[];
      readonly report: Reporter;
      /** What a run that did not come to its end has begun. */
      readonly begun?: StagedDeployment;
      /** The family's newest revision, before this run. */
      readonly latestRevision?: RegisteredRevision;
      /** The revision that already is what the templates ask for. */
      readonly revisionArn?: string;
    };

/**
 * Looks at what stands of what the templates ask for, and plans the rest.
 *
 * @throws RefusedError, InvalidInputError or AwsCallError; nothing was changed
 */
export async function planStaging(
  observed: ObservedApplication,
  fill: Fill,
  service: StagedService,
  command: RunCommand,
  context: RunContext,
): Promise<PlannedStaging> {
  const fillWithRole: Fill = async (id) => withOwnRole(await fill(id), observed);
  const same = await findSame(observed, fillWithRole, context);
  if (same?.deployment.state === "staged" && !command.options.force) {
    return planSame(same, observed, service, command, context);
  }
  const found = same?.deployment.state === "staging" ? same : undefined;
  const begun = found?.deployment;
  if (begun?.service?.status === "DRAINING") {
    throw new RefusedError(
      `Service ${begun.serviceName} of deployment ${begun.id} is being deleted. Take the deployment down: ./deploy teardown ${service.address.name} --id ${begun.id}. Nothing was changed.`,
    );
  }
  const inputs = found?.inputs ?? (await fillWithRole(context.known.deploymentId));
  const { wish } = inputs;
  const role =
    wish.taskDefinition.taskRoleArn === ownRoleArn(observed)
      ? await findTaskRole(observed, context)
      : undefined;
  const latestRevision = await context.ecs.describeTaskDefinition(familyName(observed));
  const revisionArn =
    found?.revisionArn ??
    existingRevision(wish.taskDefinition, latestRevision === undefined ? {} : { latestRevision });
  const { listener, targetGroup } = service.settings;
  const own = await ownAutoscaling(inputs, begun, observed, context);
  const count = await countFor(observed, wish.service.desiredCount, inputs.autoscaling, context);
  const desired: DesiredDeployment = {
    ...inputs,
    ...(own === undefined ? {} : { ownAutoscaling: own }),
    ...(role === undefined ? {} : { role: role.role }),
    ...(revisionArn === undefined ? {} : { revisionArn }),
    ...(count === undefined ? {} : { desiredCount: count }),
    ...(listener === undefined ? {} : { listener: listenerOf(listener) }),
    healthCheck: targetGroup.healthCheck,
    drainDelaySeconds: targetGroup.deregistrationDelaySeconds,
  };
  const steps = planStage(observed, desired, {
    ...(begun === undefined ? {} : { deployment: begun }),
    role: role?.stands ?? false,
  });
  return {
    kind: "stage",
    inputs,
    steps,
    report: reporter(inputs, observed, service, command, context),
    ...(begun === undefined ? {} : { begun }),
    ...(latestRevision === undefined ? {} : { latestRevision }),
    ...(revisionArn === undefined ? {} : { revisionArn }),
  };
}

/** One that is staged already may get another autoscaling: nothing else of it differs. */
async function planSame(
  { deployment, inputs, revisionArn }: Found,
  observed: ObservedApplication,
  service: StagedService,
  command: RunCommand,
  context: RunContext,
): Promise<PlannedStaging> {
  const report = reporter(inputs, observed, service, command, context);
  const own = await ownAutoscaling(inputs, deployment, observed, context);
  const steps = autoscalingSteps(deployment, own);
  if (steps.length === 0) return { kind: "nothingToDo", report };
  return { kind: "stage", inputs, steps, report, begun: deployment, revisionArn };
}

/** What is missing of the autoscaling that a deployment is to have of its own. */
async function ownAutoscaling(
  { autoscaling: wanted }: StageInputs,
  begun: StagedDeployment | undefined,
  { cluster, place }: ObservedApplication,
  context: RunContext,
): Promise<OwnAutoscaling | undefined> {
  if (wanted === undefined) return undefined;
  const label = begun && resourceLabel(place.loadBalancerArn, begun.targetGroup.arn);
  const held = heldBack(label === undefined ? wanted : filledIn(wanted, { [resourceLabelMarker]: label }));
  const current =
    begun?.service && (await currentScaling({ cluster, serviceName: begun.serviceName }, context));
  const step = planScaling(held, current);
  return { tag: ownAutoscalingTag(wanted), ...(step === undefined ? {} : { step }) };
}

/** A task definition that names no role gets the application's own. */
function withOwnRole(inputs: StageInputs, observed: ObservedApplication): StageInputs {
  const { wish } = inputs;
  const taskRoleArn = wish.taskDefinition.taskRoleArn ?? ownRoleArn(observed);
  return { ...inputs, wish: { ...wish, taskDefinition: { ...wish.taskDefinition, taskRoleArn } } };
}

function listenerOf({
  port,
  protocol,
  certificateArn,
}: NonNullable<StagedService["settings"]["listener"]>): NonNullable<DesiredDeployment["listener"]> {
  return { port, protocol, ...(certificateArn === undefined ? {} : { certificateArn }) };
}
