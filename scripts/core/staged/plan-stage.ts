import type { CreateServiceRequest, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

import { registeredRevisionMarker } from "../deployment/registered-revision.ts";
import type { AliasRecord } from "../ports/records.ts";
import type { NewListener, NewTargetGroup, TrafficTags } from "../ports/traffic.ts";
import type { Work } from "../permissions/table.ts";
import type { ScalingStep } from "../scaling/steps.ts";
import { targetGroupMarker } from "./markers.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";
import { stagedHost, stagedServiceName, targetGroupName } from "./names.ts";
import { notScaled } from "./suspension.ts";
import type { TaskRole } from "./task-role.ts";
import type { Wish } from "./wish.ts";

/** One idempotent step of a staging. `work` names its entry in the table of permissions. */
export type StageStep =
  | { readonly kind: "createTaskRole"; readonly work: "createTaskRole"; readonly role: TaskRole }
  | {
      readonly kind: "registerTaskDefinition";
      readonly work: "registerTaskDefinition";
      readonly input: RegisterTaskDefinitionRequest;
    }
  | {
      readonly kind: "createTargetGroup";
      readonly work: "createTraffic";
      /** Its tags want the revision, which may be registered by the step before. */
      readonly group: NewTargetGroup;
    }
  | { readonly kind: "setDrainDelay"; readonly work: "createTraffic"; readonly seconds: number }
  | { readonly kind: "createListener"; readonly work: "createTraffic"; readonly listener: NewListener }
  | {
      readonly kind: "createStageRule";
      readonly work: "createTraffic";
      readonly host: string;
      readonly tags: TrafficTags;
    }
  | {
      readonly kind: "putRecord";
      readonly work: "changeRecords";
      readonly hostedZoneId: string;
      readonly record: AliasRecord;
    }
  | { readonly kind: "createService"; readonly work: "createService"; readonly input: CreateServiceRequest }
  /** Its policies may have {@link resourceLabelMarker}, since the target group may be made by a step before. */
  | ScalingStep
  /** What the deployment's autoscaling is to be once it has the traffic, as `ownAutoscalingTag` writes it. */
  | { readonly kind: "tagAutoscaling"; readonly work: "tagTraffic"; readonly value: string }
  | { readonly kind: "waitForDeployment"; readonly work: "watchDeployment" }
  | { readonly kind: "waitForTargets"; readonly work: "observeStaged" }
  | { readonly kind: "markStaged"; readonly work: "tagTraffic" };

/** The autoscaling that a deployment is to have of its own. */
export interface OwnAutoscaling {
  /** As `ownAutoscalingTag` writes it. */
  readonly tag: string;
  /** Brings it about, with all of it suspended; absent where it is there. */
  readonly step?: ScalingStep;
}

/** What a staging is to bring. */
export interface DesiredDeployment {
  readonly id: string;
  readonly wish: Wish;
  /** Of the image, where it tells one. */
  readonly version?: string;
  /** Absent where the template names a role of its own. */
  readonly role?: TaskRole;
  /** ARN of the revision that already is what the templates ask for. */
  readonly revisionArn?: string;
  readonly desiredCount?: number;
  readonly healthCheck: NewTargetGroup["healthCheck"];
  readonly drainDelaySeconds: number;
  /** Absent where the templates say nothing of it. */
  readonly ownAutoscaling?: OwnAutoscaling;
  /** The listener to make where the load balancer has none on its port. */
  readonly listener?: Pick<NewListener, "port" | "protocol" | "certificateArn">;
  readonly clientToken: string;
}

/** What stands already of what the plan would make. */
export interface Standing {
  /** The deployment, where a killed run began it. */
  readonly deployment?: StagedDeployment;
  /** Whether the role is there, with just the policy that it is to have. */
  readonly role?: boolean;
}

/** Tags that tell whose a resource is. */
function ownerTags({ environment, application }: ObservedApplication): TrafficTags {
  return { [stagedTags.environment]: environment, [stagedTags.application]: application };
}

/**
 * The plan of `./deploy stage`: what is missing between what stands and a deployment that answers at its staged host.
 * The target group comes before everything else of the deployment, so that whoever looks later finds it all.
 */
export function planStage(
  observed: ObservedApplication,
  desired: DesiredDeployment,
  { deployment, role: hasRole = false }: Standing,
): readonly StageStep[] {
  const { id, wish, role, revisionArn, listener } = desired;
  const { place } = observed;
  const host = stagedHost(id, place.stageUnder);
  const tags = { ...ownerTags(observed), [stagedTags.deployment]: id };
  const steps: StageStep[] = [];
  if (role !== undefined && !hasRole) steps.push({ kind: "createTaskRole", work: "createTaskRole", role });
  if (revisionArn === undefined) {
    steps.push({
      kind: "registerTaskDefinition",
      work: "registerTaskDefinition",
      input: wish.taskDefinition,
    });
  }
  if (observed.listener === undefined && listener !== undefined) {
    steps.push({
      kind: "createListener",
      work: "createTraffic",
      listener: {
        ...listener,
        loadBalancerArn: place.loadBalancerArn,
        tags: { [stagedTags.environment]: observed.environment },
      },
    });
  }
  if (deployment === undefined) {
    const version = desired.version === undefined ? {} : { [stagedTags.version]: desired.version };
    const own =
      desired.ownAutoscaling === undefined ? {} : { [stagedTags.ownAutoscaling]: desired.ownAutoscaling.tag };
    steps.push({
      kind: "createTargetGroup",
      work: "createTraffic",
      group: {
        name: targetGroupName(observed, id),
        targetType: wish.targetType,
        vpcId: place.vpcId,
        healthCheck: desired.healthCheck,
        tags: { ...tags, ...version, ...own },
      },
    });
  }
  steps.push({ kind: "setDrainDelay", work: "createTraffic", seconds: desired.drainDelaySeconds });
  if (deployment?.stageRuleArn === undefined) {
    steps.push({
      kind: "createStageRule",
      work: "createTraffic",
      host,
      tags: { ...tags, [stagedTags.route]: "stage" },
    });
  }
  if (place.hostedZoneId !== undefined) {
    steps.push({
      kind: "putRecord",
      work: "changeRecords",
      hostedZoneId: place.hostedZoneId,
      record: { host, dnsName: place.dnsName, zoneId: place.zoneId },
    });
  }
  if (deployment?.service === undefined) {
    steps.push({ kind: "createService", work: "createService", input: serviceInput(observed, desired) });
  }
  steps.push(
    ...autoscalingSteps(deployment, desired.ownAutoscaling),
    { kind: "waitForDeployment", work: "watchDeployment" satisfies Work },
    { kind: "waitForTargets", work: "observeStaged" },
    { kind: "markStaged", work: "tagTraffic" },
  );
  return steps;
}

/**
 * The steps that give a deployment the autoscaling of its own. It is said before it is there, and until it is gone: so
 * nobody takes a part of it for somebody else's.
 *
 * @param deployment absent where its target group is still to be made, which then says it from the first
 */
export function autoscalingSteps(
  deployment: StagedDeployment | undefined,
  own: OwnAutoscaling | undefined,
): readonly StageStep[] {
  if (own === undefined) return [];
  const { tag: value, step } = own;
  const isSaid = deployment === undefined || deployment.targetGroup.tags[stagedTags.ownAutoscaling] === value;
  const saying: readonly StageStep[] = isSaid ? [] : [{ kind: "tagAutoscaling", work: "tagTraffic", value }];
  const setting = step === undefined ? [] : [step];
  return value === notScaled ? [...setting, ...saying] : [...saying, ...setting];
}

function serviceInput(observed: ObservedApplication, desired: DesiredDeployment): CreateServiceRequest {
  const { id, wish, revisionArn, desiredCount, clientToken } = desired;
  return {
    ...wish.service,
    serviceName: stagedServiceName(observed, id),
    cluster: observed.cluster,
    taskDefinition: revisionArn ?? registeredRevisionMarker,
    loadBalancers: [{ targetGroupArn: targetGroupMarker, ...wish.entrance }],
    ...(desiredCount === undefined ? {} : { desiredCount }),
    clientToken,
  };
}
