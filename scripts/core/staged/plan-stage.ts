import type { CreateServiceRequest, RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";

import { registeredRevisionMarker } from "../deployment/registered-revision.ts";
import type { AliasRecord } from "../ports/records.ts";
import type { NewListener, NewTargetGroup, TrafficTags } from "../ports/traffic.ts";
import type { Work } from "../permissions/table.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "./model.ts";
import { stagedHost, stagedServiceName, targetGroupName } from "./names.ts";
import type { TaskRole } from "./task-role.ts";
import type { Wish } from "./wish.ts";

/** Stands in an input for the ARN of the target group that an earlier step makes. */
export const targetGroupMarker = "\uE000TARGET_GROUP_ARN\uE000";

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
  | { readonly kind: "waitForDeployment"; readonly work: "watchDeployment" }
  | { readonly kind: "waitForTargets"; readonly work: "observeStaged" }
  | { readonly kind: "markStaged"; readonly work: "tagTraffic" };

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
    steps.push({
      kind: "createTargetGroup",
      work: "createTraffic",
      group: {
        name: targetGroupName(observed, id),
        targetType: wish.targetType,
        vpcId: place.vpcId,
        healthCheck: desired.healthCheck,
        tags: { ...tags, ...version },
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
    { kind: "waitForDeployment", work: "watchDeployment" satisfies Work },
    { kind: "waitForTargets", work: "observeStaged" },
    { kind: "markStaged", work: "tagTraffic" },
  );
  return steps;
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
