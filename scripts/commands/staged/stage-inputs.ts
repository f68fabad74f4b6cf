import { createHash } from "node:crypto";

import type { UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { imagesOf } from "../../core/deployment/task-definition.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { requestMetrics, withLabel } from "../../core/scaling/request-count.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import { resourceLabelMarker, targetGroupMarker } from "../../core/staged/markers.ts";
import { familyName } from "../../core/staged/names.ts";
import { wishOf, type Wish } from "../../core/staged/wish.ts";
import { versionOf } from "../../core/trail.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import { fillTemplates } from "../templates/fill-templates.ts";
import type { LoadedTemplates } from "../templates/load-templates.ts";
import { applicationOf } from "./observe.ts";
import type { StagedService } from "./place.ts";

/** Filled templates of one deployment. */
export interface StageInputs {
  readonly id: string;
  readonly wish: Wish;
  /** The template as UpdateService's input, for comparing with a service that exists. */
  readonly update: UpdateServiceRequest;
  readonly images: readonly string[];
  readonly version?: string;
  /** Labels of the deployment's own target group are {@link resourceLabelMarker}. */
  readonly autoscaling?: WantedAutoscaling;
  readonly clientToken: string;
}

/**
 * Fills the templates as one deployment would have them: `DEPLOYMENT_ID` is the deployment's id, and
 * `TARGET_GROUP_ARN` its own target group, whose ARN is not known yet.
 *
 * @throws InvalidInputError with every mistake of the templates, or for what can't be staged
 */
export async function stageInputs(
  id: string,
  service: StagedService,
  templates: readonly LoadedTemplates[],
  command: RunCommand,
  context: RunContext,
): Promise<StageInputs> {
  const { known } = context;
  const variables = { ...known.variables, TARGET_GROUP_ARN: targetGroupMarker };
  const [filled] = await fillTemplates(command, templates, {
    ...context,
    known: { ...known, deploymentId: id, variables },
  });
  if (filled === undefined) throw new Error("There is a template for every service that is named.");
  if (JSON.stringify(filled.taskDefinition).includes(targetGroupMarker)) {
    throw new InvalidInputError(
      `${service.address.name} can't be staged: its task definition has @@TARGET_GROUP_ARN@@, and each deployment gets a target group of its own after its revision. Leave it out. Nothing was changed.`,
    );
  }
  const autoscaling = filled.autoscaling && autoscalingOf(service, filled.autoscaling);
  const family = familyName(applicationOf(service, context));
  const wish = wishOf(service.address.name, family, filled.taskDefinition, filled.createInput());
  const images = imagesOf(wish.taskDefinition);
  const version = versionOf(images[0]);
  return {
    id,
    wish,
    update: filled.updateInput(),
    images,
    ...(version === undefined ? {} : { version }),
    ...(autoscaling === undefined ? {} : { autoscaling }),
    clientToken: tokenOf(id, filled.serviceName),
  };
}

/**
 * What the autoscaling template asks for. Policies that follow requests follow those of the deployment's own target
 * group, which is not known yet.
 */
function autoscalingOf({ address: { name } }: StagedService, wanted: WantedAutoscaling): WantedAutoscaling {
  if (wanted.kind === "none") return wanted;
  const what = requestMetrics(wanted.settings).some(({ isLabelled }) => isLabelled)
    ? "gives a ResourceLabel"
    : JSON.stringify(wanted.settings).includes(targetGroupMarker)
      ? "has @@TARGET_GROUP_ARN@@"
      : undefined;
  if (what === undefined) {
    return { kind: "scaled", settings: withLabel(wanted.settings, resourceLabelMarker) };
  }
  throw new InvalidInputError(
    `${name} can't be staged: its autoscaling template ${what}, and each deployment gets a target group of its own. Leave it out: without a ResourceLabel that group is meant. Nothing was changed.`,
  );
}

/** The same for whoever goes on with the deployment; at most 36 characters. */
function tokenOf(id: string, name: string): string {
  return `${id}-${createHash("sha256").update(name).digest("hex").slice(0, 20)}`;
}
