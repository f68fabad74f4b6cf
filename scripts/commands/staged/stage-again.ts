import { createHash } from "node:crypto";

import type { CreateServiceRequest, RegisterTaskDefinitionRequest, Service } from "@aws-sdk/client-ecs";

import { existingRevision } from "../../core/deployment/plan.ts";
import { imagesOf, type RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { RefusedError } from "../../core/errors.ts";
import { serviceTemplate, taskDefinitionTemplate } from "../../core/init/templates-of.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import { familyName } from "../../core/staged/names.ts";
import { planStage } from "../../core/staged/plan-stage.ts";
import type { RollbackPlan } from "../../core/staged/plan-rollback.ts";
import { wishOf } from "../../core/staged/wish.ts";
import { versionOf } from "../../core/trail.ts";
import { trailOf } from "../rollout/trail-of.ts";
import { wholeService } from "../templates/whole-service.ts";
import { bringStaged } from "./bring-staged.ts";
import type { Ending } from "./end-move.ts";
import type { MoveDesk } from "./move-traffic.ts";
import { observeApplication } from "./observe.ts";
import type { StagedService } from "./place.ts";
import { findTaskRole, ownRoleArn } from "./stage-facts.ts";
import type { StageInputs } from "./stage-inputs.ts";
import { pinStaged } from "./pin-staged.ts";
import { reporter } from "./stage-reporter.ts";
import { sweep } from "./sweep.ts";

type Gone = Extract<RollbackPlan, { kind: "stageAgain" }>;

/** What came of it. */
export type StagedAgain =
  | { readonly kind: "staged"; readonly observed: ObservedApplication }
  | { readonly kind: "ended"; readonly observed: ObservedApplication; readonly ending: Ending };

/**
 * Stages a deployment again that is gone, under its own id: from its revision, which ECS still describes where it is
 * deregistered, and with the settings of the service that has the traffic now. A run that goes on with one that was
 * killed finds what that one made.
 *
 * @throws RefusedError where nothing can be made of the revision, AwsCallError; nothing was changed
 */
export async function stageAgain(
  { id, revision: name, outgoing }: Gone,
  seen: ObservedApplication,
  service: StagedService,
  desk: MoveDesk,
): Promise<StagedAgain> {
  const { command, context, edge, held } = desk;
  const [registered, latestRevision] = await Promise.all([
    context.ecs.describeTaskDefinition(name),
    context.ecs.describeTaskDefinition(familyName(seen)),
  ]);
  if (registered === undefined) {
    throw new RefusedError(
      `Deployment ${id} is gone, and so is its revision ${name}: there is nothing to stage again. ./deploy rollback ${seen.application} --to <id> goes to another; ./deploy deployments ${seen.application} lists them.`,
    );
  }
  const leaves = seen.deployments.some((one) => one.id === id && one.state === "leaving");
  if (leaves) await sweep(seen, registered.taskDefinition.taskDefinitionArn, desk);
  const observed = leaves ? await observeApplication(service, context) : seen;
  const begun = observed.deployments.find((one) => one.id === id);
  if (begun?.service?.status === "DRAINING") {
    throw new RefusedError(
      `Service ${begun.serviceName} of deployment ${id} is being deleted. Run it again when it is gone. Nothing was changed.`,
    );
  }
  context.emit({ type: "note", message: `deployment ${id} is gone; it is staged again from ${name}` });
  const inputs = await inputsOf(id, registered, outgoing.service, observed, service, desk);
  const { wish } = inputs;
  const isOwnRole = wish.taskDefinition.taskRoleArn === ownRoleArn(observed);
  const role = isOwnRole ? await findTaskRole(observed, context) : undefined;
  const { taskDefinition } = registered;
  const revisionArn =
    taskDefinition.status === "ACTIVE"
      ? taskDefinition.taskDefinitionArn
      : existingRevision(wish.taskDefinition, latestRevision === undefined ? {} : { latestRevision });
  const { healthCheck, deregistrationDelaySeconds } = service.settings.targetGroup;
  const desiredCount = outgoing.service?.desiredCount;
  const steps = planStage(
    observed,
    {
      ...inputs,
      ...(role === undefined ? {} : { role: role.role }),
      ...(revisionArn === undefined ? {} : { revisionArn }),
      ...(desiredCount === undefined ? {} : { desiredCount }),
      healthCheck,
      drainDelaySeconds: deregistrationDelaySeconds,
    },
    { ...(begun === undefined ? {} : { deployment: begun }), role: role?.stands ?? false },
  );
  // The run goes on after it, so that it ends but once.
  const quiet = {
    ...context,
    emit: ((event) => {
      if (event.type !== "ended") context.emit(event);
    }) satisfies typeof context.emit,
  };
  const known = { ...context.known, deploymentId: id };
  await pinStaged(inputs.images, observed, context, { ...command.options, isNew: false });
  const report = await bringStaged({
    inputs,
    steps,
    report: reporter(inputs, observed, service, command, context),
    ...(begun === undefined ? {} : { begun }),
    ...(latestRevision === undefined ? {} : { latestRevision }),
    ...(revisionArn === undefined ? {} : { revisionArn }),
    observed,
    service,
    held,
    // It has to be there before the traffic comes.
    command: { ...command, options: { ...command.options, wait: true } },
    context: quiet,
    edge,
    trail: trailOf(inputs.images, { ...context, known }, edge),
  });
  const after = await observeApplication(service, context);
  const { outcome, reason = "", diagnoses } = report;
  if (outcome === "staged") return { kind: "staged", observed: after };
  return {
    kind: "ended",
    observed: after,
    ending: {
      incoming: id,
      outgoing: outgoing.id,
      outcome:
        outcome === "timedOut" || outcome === "interrupted" || outcome === "stopped" ? outcome : "failed",
      reason: `It was gone, and could not be staged again: ${reason === "" ? outcome : reason}`,
      ...(diagnoses === undefined ? {} : { diagnoses }),
    },
  };
}

/** What would be read from templates, read from AWS. */
async function inputsOf(
  id: string,
  registered: RegisteredRevision,
  running: Service | undefined,
  observed: ObservedApplication,
  { address }: StagedService,
  { context }: MoveDesk,
): Promise<StageInputs> {
  if (running === undefined) {
    throw new RefusedError(
      `The deployment that has the traffic has no service in cluster ${observed.cluster}, so nothing tells how another is to be made. ./deploy stage ${observed.application} makes one from the templates.`,
    );
  }
  const whole = await wholeService(running, context);
  const {
    serviceName: _,
    taskDefinition: __,
    ...settings
  } = serviceTemplate(whole, { countIsAutoscaled: false });
  // Both are made of the fields of these inputs and of no others.
  const definition = taskDefinitionTemplate(registered, undefined) as object as RegisterTaskDefinitionRequest;
  const create = settings as object as CreateServiceRequest;
  const wish = wishOf(address.name, familyName(observed), definition, create);
  const images = imagesOf(wish.taskDefinition);
  const version = versionOf(images[0]);
  const token = createHash("sha256")
    .update(`${running.serviceName ?? ""} ${id}`)
    .digest("hex");
  return {
    id,
    wish,
    update: { service: running.serviceName },
    images,
    ...(version === undefined ? {} : { version }),
    clientToken: `${id}-${token.slice(0, 20)}`,
  };
}
