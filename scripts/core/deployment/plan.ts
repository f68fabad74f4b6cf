import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  Service,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import type { CodeDeployStep } from "../code-deploy/steps.ts";
import type { NativeStep } from "../native/steps.ts";
import { refuseStrategyChange } from "../native/strategy-change.ts";
import type { Work } from "../permissions/table.ts";
import type { ScalingStep } from "../scaling/steps.ts";
import { registeredRevisionMarker } from "./registered-revision.ts";
import {
  activeService,
  refuseDraining,
  refuseOtherControllers,
  refuseToChange,
  refuseWhatNeedsANewService,
} from "./refusals.ts";
import {
  primaryDeployment,
  serviceChanges,
  type FixedAtCreation,
  type ServiceChange,
} from "./service-changes.ts";
import { isSameDefinition, type RegisteredRevision } from "./task-definition.ts";

/** What AWS says of one service and of the family that its template names, before anything is written. */
export interface Observed {
  /** Absent where the cluster has never had, or no longer remembers, a service of this name. */
  readonly service?: Service;
  /** The revision that the service runs. */
  readonly currentRevision?: RegisteredRevision;
  /** The newest active revision of the template's family. */
  readonly latestRevision?: RegisteredRevision;
  /** Whether a scaling policy may set the desired count: then it is no template's business. */
  readonly countIsAutoscaled?: boolean;
}

/** What the templates ask for, filled in but for the revision that the plan may register. */
export interface Desired<ServiceInput> {
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest;
  /** Its `taskDefinition`, where the template has one, is the marker of a value that is not known yet. */
  readonly service: ServiceInput;
  /** What the template says that only CreateService takes; an update is refused when it differs. */
  readonly fixedAtCreation?: FixedAtCreation;
}

/** The revision that the service is to run: one that exists, or the one that an earlier step registers. */
export type PlannedRevision =
  | {
      readonly kind: "existing";
      readonly arn: string;
      /** The template asks for just this, so that none is registered. */
      readonly unchanged?: true;
    }
  | { readonly kind: "registered" };

/** One idempotent step. `work` names its entry in the table of permissions. */
export type Step =
  | CodeDeployStep
  | {
      readonly kind: "registerTaskDefinition";
      readonly work: "registerTaskDefinition";
      readonly input: RegisterTaskDefinitionRequest;
    }
  | {
      readonly kind: "createService";
      readonly work: "createService";
      readonly revision: PlannedRevision;
      readonly input: CreateServiceRequest;
    }
  | {
      readonly kind: "updateService";
      readonly work: "updateService";
      readonly revision: PlannedRevision;
      readonly input: UpdateServiceRequest;
      readonly changes: readonly ServiceChange[];
      /** Why this run forces a deployment that the template does not ask for. */
      readonly forcedBecause?: string;
    }
  | NativeStep
  | ScalingStep
  | {
      readonly kind: "waitForDeployment";
      readonly work: "watchDeployment";
      /** Absent where a step before it starts the deployment. */
      readonly deploymentId?: string;
    };

/** What a run does to one service, in order. No step at all means that nothing is to do. */
export interface Plan {
  readonly serviceName: string;
  readonly cluster: string;
  readonly steps: readonly Step[];
  /** The revision that runs before the first step. */
  readonly previousRevisionArn?: string;
  /** What a deployment of CodeDeploy brings that is only waited for, and `family:revision` that it replaces. */
  readonly waitedFor?: { readonly revisionArn?: string; readonly replaces?: string };
  /** Why nothing is to do, where that may surprise. */
  readonly nothingBecause?: string;
}

const wait = { kind: "waitForDeployment", work: "watchDeployment" satisfies Work } as const;

/**
 * The plan of `./deploy create`.
 *
 * A name that is INACTIVE is free again, as on AWS; one that is DRAINING is not. A service that exists just as the
 * templates ask was created by this command before: what is left of its rollout is waited for.
 *
 * @param update the same template as the input of UpdateService, for comparing with a service that exists
 * @throws RefusedError when another service of this name exists, or one still drains
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export function planCreate(
  observed: Observed,
  desired: Desired<CreateServiceRequest>,
  update: UpdateServiceRequest,
): Plan {
  const { serviceName, cluster } = desired;
  refuseOtherControllers(serviceName, desired.service.deploymentController?.type);
  if (observed.service?.status === "ACTIVE") return planAgain(observed, desired, update);
  refuseDraining(observed.service, serviceName, cluster);
  return { serviceName, cluster, steps: [...createSteps(observed, desired), wait] };
}

/** The service that nobody has yet, of a revision that may have to be registered first. */
export function createSteps(observed: Observed, desired: Desired<CreateServiceRequest>): readonly Step[] {
  const { revision, register } = chooseRevision(desired.taskDefinition, observed);
  const { service, cluster } = desired;
  const input = { ...service, cluster, taskDefinition: taskDefinitionOf(revision) };
  return [...register, { kind: "createService", work: "createService", revision, input }];
}

function planAgain(
  observed: Observed,
  desired: Desired<CreateServiceRequest>,
  update: UpdateServiceRequest,
): Plan {
  const { serviceName, cluster } = desired;
  const plan = planUpdate(observed, { ...desired, service: update });
  if (plan.steps.every(({ kind }) => kind === "waitForDeployment")) return plan;
  return refuseToChange(serviceName, cluster);
}

/**
 * The plan of `./deploy update`: at most one UpdateService, with the members that differ and no others. Nothing new
 * gives a plan without a write; it still waits for a rollout of the same revision that has not ended.
 *
 * @throws RefusedError when there is no active service of this name, or when it would have to be created anew
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function planUpdate(observed: Observed, desired: Desired<UpdateServiceRequest>): Plan {
  const { serviceName, cluster } = desired;
  const service = activeService(observed.service, serviceName, cluster);
  refuseWhatNeedsANewService(service, desired);
  refuseStrategyChange(service, desired.service);

  const { revision, register } = chooseRevision(desired.taskDefinition, observed);
  const currentArn = service.taskDefinition;
  const newRevision = revision.kind === "registered" || revision.arn !== currentArn;
  const changes = serviceChanges(desired.service, service).filter(
    ({ member }) => !(member === "desiredCount" && observed.countIsAutoscaled === true),
  );
  const lastFailed = primaryDeployment(service)?.rolloutState === "FAILED";
  const forcedBecause =
    lastFailed && !newRevision && desired.service.forceNewDeployment !== true
      ? "the last deployment of this revision failed"
      : undefined;
  const force = desired.service.forceNewDeployment === true || forcedBecause !== undefined;
  const plan = {
    serviceName,
    cluster,
    ...(currentArn === undefined ? {} : { previousRevisionArn: currentArn }),
  };

  if (!newRevision && changes.length === 0 && !force) return { ...plan, steps: unfinishedRollout(service) };

  const input: UpdateServiceRequest = {
    cluster,
    service: serviceName,
    ...Object.fromEntries(changes.map(({ member, to }) => [member, to])),
    ...(force ? { forceNewDeployment: true } : {}),
  };
  const update: Step = {
    kind: "updateService",
    work: "updateService",
    revision,
    input: newRevision ? { ...input, taskDefinition: taskDefinitionOf(revision) } : input,
    changes,
    ...(forcedBecause === undefined ? {} : { forcedBecause }),
  };
  return { ...plan, steps: [...register, update, wait] };
}

function taskDefinitionOf(revision: PlannedRevision): string {
  return revision.kind === "existing" ? revision.arn : registeredRevisionMarker;
}

/** The revision among those observed that already is what the template asks for. */
export function existingRevision(
  wanted: RegisterTaskDefinitionRequest,
  { currentRevision, latestRevision }: Observed,
): string | undefined {
  const same = [currentRevision, latestRevision].find(
    (candidate) =>
      candidate?.taskDefinition.status === "ACTIVE" &&
      candidate.taskDefinition.family === wanted.family &&
      isSameDefinition(wanted, candidate),
  );
  return same?.taskDefinition.taskDefinitionArn;
}

/** An unchanged definition needs no new revision: the running one serves, or one that a killed run left behind. */
export function chooseRevision(
  wanted: RegisterTaskDefinitionRequest,
  observed: Observed,
): { revision: PlannedRevision; register: readonly Step[] } {
  const arn = existingRevision(wanted, observed);
  if (arn !== undefined) return { revision: { kind: "existing", arn, unchanged: true }, register: [] };
  return {
    revision: { kind: "registered" },
    register: [{ kind: "registerTaskDefinition", work: "registerTaskDefinition", input: wanted }],
  };
}

/** The wait for a rollout of the same revision that has not ended. */
export function unfinishedRollout(service: Service): readonly Step[] {
  const { id, rolloutState } = primaryDeployment(service) ?? {};
  return id === undefined || rolloutState !== "IN_PROGRESS" ? [] : [{ ...wait, deploymentId: id }];
}
