/** Plans of `./deploy create` and `./deploy update` for services under deployment controller CODE_DEPLOY. */
import type { CreateServiceRequest, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import {
  chooseRevision,
  createSteps,
  type Desired,
  type Observed,
  type Plan,
  type Step,
} from "../deployment/plan.ts";
import { registeredRevisionMarker } from "../deployment/registered-revision.ts";
import {
  activeService,
  refuseDraining,
  refuseToChange,
  refuseWhatNeedsANewService,
} from "../deployment/refusals.ts";
import { revisionName } from "../deployment/task-definition.ts";
import { RefusedError } from "../errors.ts";
import { appSpecText, type AppSpecSubject, type Hook } from "./app-spec.ts";
import { groupDifferences } from "./group.ts";
import { balancedContainer } from "./load-balancer.ts";
import { groupNameOf, isRollback, type CodeDeployFacts, type KnownDeployment } from "./model.ts";
import { settingsAndRest } from "./service-changes.ts";
import type { GroupSettings } from "./steps.ts";
import { refuseOtherConfig } from "./update-options.ts";
import { isSteady, loadBalancersNow, runningRevision } from "./task-sets.ts";

/** What the templates ask for, besides what those of every service do. */
export interface CodeDeployDesired<Input> extends Desired<Input> {
  readonly hooks: readonly Hook[];
  readonly deploymentConfig?: string;
  /** The group as the environments file wants it; absent where it, or the stacks, say nothing of one. */
  readonly group?: GroupSettings;
}

const waitForDeployment = { kind: "waitForCodeDeployment", work: "watchCodeDeployment" } as const;
const waitUntilSteady = { kind: "waitUntilSteady", work: "watchDeployment" } as const;

/**
 * The plan of `./deploy update`: UpdateService for what AWS changes by it under this controller, a deployment of
 * CodeDeploy for the rest. A deployment of just this that is under way is waited for.
 *
 * @throws RefusedError where another deployment is under way, or AWS changes what is asked for on no such service
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function planCodeDeployUpdate(
  observed: Observed,
  desired: CodeDeployDesired<UpdateServiceRequest>,
  facts: CodeDeployFacts,
): Plan {
  const { serviceName, cluster } = desired;
  const service = activeService(observed.service, serviceName, cluster, "CODE_DEPLOY");
  refuseWhatNeedsANewService(service, desired);
  const runs = runningRevision(service);
  const { revision, register } = chooseRevision(desired.taskDefinition, observed);
  const newRevision = revision.kind === "registered" || revision.arn !== runs;
  const { settings, byAppSpec } = settingsAndRest(desired, service, observed);
  const subject = subjectOf(desired, service, facts, revision.kind === "existing" ? revision.arn : undefined);
  const plan = { serviceName, cluster, ...(runs === undefined ? {} : { previousRevisionArn: runs }) };
  const before: readonly Step[] = [
    ...(settings.length === 0
      ? []
      : [
          {
            kind: "updateService",
            work: "updateService",
            revision: { kind: "existing", arn: runs ?? "" },
            input: {
              cluster,
              service: serviceName,
              ...Object.fromEntries(settings.map(({ member, to }) => [member, to])),
            },
            changes: settings,
          } as const,
        ]),
    ...groupSteps(desired.group, facts.group),
  ];

  const { underWay } = facts;
  if (underWay !== undefined) {
    const same = underWay.origin?.putsBack !== true && underWay.revisionArn === subject.taskDefinition;
    if (same && (underWay.appSpec === undefined || underWay.appSpec === appSpecText(subject))) {
      refuseOtherConfig(serviceName, desired.deploymentConfig, underWay);
      const steps = [...before, { ...waitForDeployment, deploymentId: underWay.id }];
      return { ...plan, waitedFor: waitedFor(underWay), steps };
    }
    throw new RefusedError(underWayText(serviceName, facts));
  }
  if (!newRevision && byAppSpec.length === 0 && desired.service.forceNewDeployment !== true) {
    const settled = before.length === 0 && isSteady(service);
    return { ...plan, steps: settled ? [] : [...before, waitUntilSteady] };
  }
  return {
    ...plan,
    steps: [
      ...register,
      ...before,
      {
        kind: "createCodeDeployment",
        work: "deployByCodeDeploy",
        application: facts.application,
        group: groupNameOf(facts.group),
        appSpec: subject,
        ...(revision.kind === "existing" ? { revisionArn: revision.arn } : {}),
        ...(desired.deploymentConfig === undefined ? {} : { deploymentConfig: desired.deploymentConfig }),
        ...(runs === undefined ? {} : { replaces: revisionName(runs) }),
      },
      waitForDeployment,
    ],
  };
}

/**
 * The plan of `./deploy create`: the service, and then its deployment group, which AWS makes for no service that does
 * not exist yet.
 *
 * @param facts the group, where there is one already
 * @throws RefusedError as for any create
 */
export function planCodeDeployCreate(
  observed: Observed,
  desired: CodeDeployDesired<CreateServiceRequest> & { readonly group: GroupSettings },
  update: UpdateServiceRequest,
  facts: CodeDeployFacts | undefined,
): Plan {
  const { serviceName, cluster, group } = desired;
  refuseDraining(observed.service, serviceName, cluster);
  if (observed.service?.status === "ACTIVE") {
    const known = facts ?? { application: group.applicationName, group: {} };
    const plan = planCodeDeployUpdate(observed, { ...desired, service: update }, known);
    const asAsked = plan.steps.every(
      ({ kind }) => kind !== "createCodeDeployment" && kind !== "updateService",
    );
    if (asAsked) {
      const steps = plan.steps.filter(({ kind }) => kind !== "makeDeploymentGroup");
      return { ...plan, steps: [...groupSteps(group, facts?.group), ...steps] };
    }
    return refuseToChange(serviceName, cluster);
  }
  const steps = [...createSteps(observed, desired), ...groupSteps(group, facts?.group), waitUntilSteady];
  return { serviceName, cluster, steps };
}

/** What is to be done to the group so that it is as wanted; nothing where nobody says how it should be. */
function groupSteps(
  wanted: GroupSettings | undefined,
  found: CodeDeployFacts["group"] | undefined,
): readonly Step[] {
  if (wanted === undefined) return [];
  const step = { kind: "makeDeploymentGroup", work: "makeDeploymentGroup" } as const;
  if (found?.deploymentGroupName === undefined) return [{ ...step, input: wanted }];
  // A group of another name is somebody else's, who knows how it should be.
  if (groupNameOf(found) !== wanted.deploymentGroupName) return [];
  const changes = groupDifferences(wanted, found);
  return changes.length === 0 ? [] : [{ ...step, input: wanted, changes }];
}

function subjectOf(
  { service: input, hooks, serviceName }: CodeDeployDesired<UpdateServiceRequest>,
  service: Service,
  { group }: CodeDeployFacts,
  revisionArn: string | undefined,
): AppSpecSubject {
  const { networkConfiguration, platformVersion, capacityProviderStrategy } = input;
  return {
    taskDefinition: revisionArn ?? registeredRevisionMarker,
    ...balancedContainer(serviceName, input.loadBalancers ?? loadBalancersNow(service), group),
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(capacityProviderStrategy === undefined ? {} : { capacityProviderStrategy }),
    hooks,
  };
}

/** What a deployment that is only waited for brings, and replaces. */
export function waitedFor({ revisionArn, origin }: KnownDeployment): NonNullable<Plan["waitedFor"]> {
  return {
    ...(revisionArn === undefined ? {} : { revisionArn }),
    ...(origin?.replaces === undefined ? {} : { replaces: origin.replaces }),
  };
}

/** Why nothing can be begun while a deployment is under way, and what can be done about that one. */
export function underWayText(serviceName: string, { underWay, group }: CodeDeployFacts): string {
  if (underWay === undefined) return "";
  const { id, info, revisionArn, origin } = underWay;
  const what = revisionArn === undefined ? "" : ` of ${revisionName(revisionArn)}`;
  const who = origin === undefined ? "" : `, started by run ${origin.run},`;
  const head = `Deployment ${id}${what}${who} is under way for service ${serviceName} (${info.status ?? "?"}), and CodeDeploy takes one at a time for a group (${groupNameOf(group)}).`;
  if (isRollback(info) || origin?.putsBack === true)
    return `${head} It is a rollback; try again when it has ended: ./deploy deployments ${serviceName}`;
  const approve = info.status === "Ready" ? `To let it go on: ./deploy activate ${serviceName}; to` : "To";
  return `${head} ${approve} stop it and go back: ./deploy rollback ${serviceName}`;
}
