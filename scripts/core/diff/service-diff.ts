import type { RegisterTaskDefinitionRequest, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import type { Observed } from "../deployment/plan.ts";
import {
  fixedMembersThatDiffer,
  primaryDeployment,
  serviceDifferences,
  type FixedAtCreation,
} from "../deployment/service-changes.ts";
import { definitionDifferences, revisionName } from "../deployment/task-definition.ts";
import { differences, type Difference } from "./compare.ts";
import { membersOf } from "./members.ts";
import { maskedDifference } from "./masked-differences.ts";

/** A difference, and which of the templates it is in. */
export type TemplateDifference = {
  readonly document: "taskDefinition" | "service" | "autoscaling";
} & Difference;

/** What a service's templates would change against what runs. Secrets are masked. */
export interface ServiceDiff {
  readonly service: string;
  readonly cluster: string;
  /** `family:revision` that runs; absent where the service does not exist. */
  readonly revision?: string;
  readonly differences: readonly TemplateDifference[];
  /** What an update would do, or not do, for a reason that is no difference. */
  readonly notes: readonly string[];
}

/** What the templates ask for. */
export interface WantedService {
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  /** The input of CreateService: what is new where there is no service yet. */
  readonly create: object;
  readonly update: UpdateServiceRequest;
  readonly fixedAtCreation: FixedAtCreation;
}

/**
 * Compares templates with what runs, by the rules by which an update is planned: without a difference an update has
 * nothing to do, and with one it has.
 */
export function diffService(wanted: WantedService, observed: Observed): ServiceDiff {
  const { serviceName: service, cluster, taskDefinition } = wanted;
  const running = observed.service?.status === "ACTIVE" ? observed.service : undefined;
  if (running === undefined) {
    const found = [
      ...inDocument("taskDefinition", definitionDifferences(taskDefinition, undefined)),
      ...inDocument("service", differences({}, withoutAddress(wanted.create), "")),
    ];
    const gone = observed.service?.status;
    const notes = gone === undefined ? [] : [`The service was deleted and is ${gone}.`];
    return { service, cluster, differences: found, notes };
  }
  const current = observed.currentRevision;
  const definition = definitionDifferences(taskDefinition, current);
  const counted = serviceDifferences(wanted.update, running);
  const kept =
    observed.countIsAutoscaled === true ? counted.filter(({ path }) => path !== "desiredCount") : counted;
  const fixed = [
    ...fixedMembersThatDiffer(wanted.fixedAtCreation, running),
    ...controllerThatDiffers(wanted.create, running),
  ];
  const notes = [
    ...(kept.length < counted.length
      ? [
          `Autoscaling owns the desired count, ${running.desiredCount ?? 0} now: the template's does not count.`,
        ]
      : []),
    ...fixed.map(({ member }) => `AWS changes ${member} on no existing service: an update would be refused.`),
    ...(primaryDeployment(running)?.rolloutState === "FAILED"
      ? ["The last deployment failed: an update starts a new one, without a difference too."]
      : []),
  ];
  return {
    service,
    cluster,
    ...(running.taskDefinition === undefined ? {} : { revision: revisionName(running.taskDefinition) }),
    differences: [
      ...inDocument("taskDefinition", definition),
      ...inDocument("service", [
        ...(definition.length === 0 ? withdrawnRevision(observed) : []),
        ...fixed.map(({ member, from, to }) => ({ path: member, kind: "changed" as const, from, to })),
        ...kept,
        ...(wanted.update.forceNewDeployment === true
          ? [{ path: "forceNewDeployment", kind: "added" as const, to: true }]
          : []),
      ]),
    ],
    notes,
  };
}

/** UpdateService's input leaves the controller out, and an update refuses another one. */
function controllerThatDiffers(
  create: object,
  running: Service,
): readonly { readonly member: string; readonly from: unknown; readonly to: unknown }[] {
  const wanted =
    "deploymentController" in create ? membersOf(create.deploymentController)["type"] : undefined;
  const from = running.deploymentController?.type ?? "ECS";
  return wanted === undefined || wanted === from
    ? []
    : [{ member: "deploymentController.type", from, to: wanted }];
}

/** A revision that was deregistered runs on, but no deployment can use it: an update registers it anew. */
function withdrawnRevision({ currentRevision }: Observed): readonly Difference[] {
  const { status = "ACTIVE", taskDefinitionArn = "" } = currentRevision?.taskDefinition ?? {};
  if (status === "ACTIVE") return [];
  const from = `${revisionName(taskDefinitionArn)} (${status})`;
  return [{ path: "taskDefinition", kind: "changed", from, to: "a new revision of the same definition" }];
}

function inDocument(
  document: TemplateDifference["document"],
  found: readonly Difference[],
): readonly TemplateDifference[] {
  return found.map((difference) => ({ document, ...maskedDifference(difference) }));
}

/** What says which service is meant, and what each run makes anew. */
function withoutAddress(create: object): object {
  const {
    clientToken: _token,
    cluster: _cluster,
    taskDefinition: _revision,
    ...rest
  } = create as Record<string, unknown>;
  return rest;
}
