import type { Observed } from "../../core/deployment/plan.ts";
import { resourceLabel } from "../../core/scaling/request-count.ts";
import { activeOf } from "../../core/staged/find.ts";
import { filledIn } from "../../core/staged/markers.ts";
import { stagedTags } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";
import type { BothInputs, StagedInputs } from "../templates/both-inputs.ts";
import { wholeService } from "../templates/whole-service.ts";
import { observeApplication } from "./observe.ts";
import { labelStandIn } from "./staged-both-inputs.ts";

/** What an application's templates are compared with. */
export interface StagedComparison {
  /** The templates, filled as that deployment has them. */
  readonly inputs: BothInputs;
  /** Empty where no deployment is active. */
  readonly observed: Observed;
  readonly notes: readonly string[];
}

/**
 * The deployment that has the live traffic, for comparing what runs with what the templates ask for.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError
 */
export async function compareWith(
  { service, filledFor }: StagedInputs,
  context: RunContext,
): Promise<StagedComparison> {
  const { ecs, known } = context;
  const observed = await observeApplication(service, context);
  const active = activeOf(observed);
  const inputs = await filledFor(active?.id ?? known.deploymentId);
  if (active?.service === undefined) {
    const notes = [`No deployment of ${observed.application} has the live traffic: all is new.`];
    return { inputs, observed: {}, notes };
  }
  const { taskDefinition } = active.service;
  const currentRevision =
    taskDefinition === undefined ? undefined : await ecs.describeTaskDefinition(taskDefinition);
  const version = active.targetGroup.tags[stagedTags.version];
  const named = version === undefined ? active.id : `${active.id} (version ${version})`;
  const label = resourceLabel(observed.place.loadBalancerArn, active.targetGroup.arn);
  const { autoscaling } = inputs;
  return {
    inputs:
      autoscaling === undefined || label === undefined
        ? inputs
        : { ...inputs, autoscaling: filledIn(autoscaling, { [labelStandIn]: label }) },
    observed: {
      service: await wholeService(active.service, context, Object.keys(inputs.staged?.update ?? {})),
      ...(currentRevision === undefined ? {} : { currentRevision }),
    },
    notes: [
      `Compared with deployment ${named}, which is active. ./deploy stage brings what differs as a deployment of its own; how many tasks run is each deployment's own.`,
    ],
  };
}
