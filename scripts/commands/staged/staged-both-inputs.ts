import type { CreateServiceRequest } from "@aws-sdk/client-ecs";

import { filledIn, resourceLabelMarker, targetGroupMarker } from "../../core/staged/markers.ts";
import { stagedServiceName } from "../../core/staged/names.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import type { BothInputs } from "../templates/both-inputs.ts";
import { loadTemplates } from "../templates/load-templates.ts";
import { applicationOf } from "./observe.ts";
import { findPlace, type StagedService } from "./place.ts";
import { ownRoleArn } from "./stage-facts.ts";
import { stageInputs } from "./stage-inputs.ts";

/** Stands for the ARN of the deployment's own target group, which is known once it is made. */
const standIn = "@@TARGET_GROUP_ARN@@";

/** Stands for the label of its load balancer and that target group. */
export const labelStandIn = "@@RESOURCE_LABEL@@";

/**
 * The filled templates of an application whose deployments are services of their own, as `./deploy stage` sends them.
 *
 * @throws InvalidInputError with every mistake of every file, or for what can't be staged
 */
export async function stagedBothInputs(
  service: StagedService,
  command: RunCommand,
  context: RunContext,
  workingFolder: string,
): Promise<BothInputs> {
  const { name, serviceName, cluster } = service.address;
  const named = { ...command, services: [name], options: { ...command.options, all: false } };
  const templates = await loadTemplates(named, workingFolder, "create");
  const application = applicationOf(service, context);

  const filledFor = async (id: string): Promise<BothInputs> => {
    const { wish, update, autoscaling, clientToken } = await stageInputs(
      id,
      service,
      templates,
      named,
      context,
    );
    const hasOwnRole = wish.taskDefinition.taskRoleArn === undefined;
    const taskDefinition = hasOwnRole
      ? {
          ...wish.taskDefinition,
          taskRoleArn: ownRoleArn({ ...application, place: await findPlace(service, context) }),
        }
      : wish.taskDefinition;
    const { launchType, schedulingStrategy } = wish.service;
    const create: CreateServiceRequest = {
      ...wish.service,
      serviceName: stagedServiceName(application, id),
      loadBalancers: [{ targetGroupArn: targetGroupMarker, ...wish.entrance }],
      clientToken,
    };
    // Each deployment has these of its own.
    const { desiredCount: _count, loadBalancers: _balancers, ...rest } = update;
    return {
      name,
      serviceName,
      cluster,
      taskDefinition,
      fixedAtCreation: {
        ...(launchType === undefined ? {} : { launchType }),
        ...(schedulingStrategy === undefined ? {} : { schedulingStrategy }),
      },
      create: withStandIn(create),
      ...(autoscaling === undefined ? {} : { autoscaling: withStandIn(autoscaling) }),
      staged: { service, hasOwnRole, update: withStandIn(rest), filledFor },
    };
  };
  return filledFor(context.known.deploymentId);
}

function withStandIn<Input>(input: Input): Input {
  return filledIn(input, { [targetGroupMarker]: standIn, [resourceLabelMarker]: labelStandIn });
}
