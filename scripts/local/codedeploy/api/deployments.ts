/**
 * Deployments.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-create-ecs-cfn.html
 */
import type {
  BatchGetDeploymentsCommandInput,
  ContinueDeploymentCommandInput,
  CreateDeploymentCommandInput,
  DeploymentInfo,
  GetDeploymentCommandInput,
  ListDeploymentsCommandInput,
  StopDeploymentCommandInput,
} from "@aws-sdk/client-codedeploy";

import type { Call } from "../../ecs/api/call.ts";
import { approve, endOriginal } from "../advance.ts";
import { AppSpecError, parseAppSpec } from "../app-spec.ts";
import { addDeployment, isActive } from "../create.ts";
import { startsAfter } from "../durations.ts";
import { fail, rollsBackOn, stop } from "../outcome.ts";
import { registerRevision } from "../revisions.ts";
import type { DeploymentGroupRecord, DeploymentRecord } from "../state.ts";
import { checkBatch } from "./applications.ts";
import { missingMember, pageOf, refusal } from "./errors.ts";
import { findApplication, findDeployment, findGroup } from "./find.ts";
import { checkAlarms, checkAutoRollback, checkConfig, serviceOf } from "./group-rules.ts";
import { presentDeployment } from "./present-deployment.ts";
import { checkRevisionLocation, contentOf } from "./revision-rules.ts";

const longestDescription = 512;

/** Starts a deployment of a group; what is wrong with its AppSpec or its service fails it later. */
export function createDeployment(call: Call, input: CreateDeploymentCommandInput): { deploymentId: string } {
  const application = findApplication(call, input.applicationName);
  if (input.deploymentGroupName === undefined) throw missingMember("deploymentGroupName");
  const group = findGroup(application, input.deploymentGroupName);
  if ((input.description ?? "").length > longestDescription) {
    throw refusal("DescriptionTooLong", `The description has more than ${longestDescription} characters.`);
  }
  const revision = checkRevisionLocation(input.revision, true);
  if (input.targetInstances) {
    throw refusal("InvalidTargetInstances", "For ECS deployments, targetInstances can not be specified.");
  }
  const running = activeDeployment(call, group);
  if (running) {
    throw refusal(
      "DeploymentLimitExceeded",
      `The Deployment Group '${group.name}' already has an active Deployment '${running.id}'`,
    );
  }
  const content = contentOf(revision);
  const deployment = addDeployment(call, group, {
    serviceArn: serviceOf(call, group.service)?.arn ?? "",
    revision,
    appSpec: null,
    stage: content === undefined ? "fetching" : "created",
    nextStepAt: content === undefined ? null : call.now + startsAfter,
    description: input.description ?? null,
    ...(input.deploymentConfigName !== undefined && {
      configName: checkConfig(call, input.deploymentConfigName),
    }),
    ...(input.autoRollbackConfiguration && {
      autoRollback: checkAutoRollback(input.autoRollbackConfiguration),
    }),
    ...(input.overrideAlarmConfiguration && { alarms: checkAlarms(input.overrideAlarmConfiguration) }),
  });
  const known = registerRevision(call, application, revision, null);
  known.firstUsedAt ??= call.now;
  known.lastUsedAt = call.now;
  if (!known.groups.includes(group.name)) known.groups.push(group.name);
  if (content === undefined) fetchRevision(call, deployment);
  else takeRevision(call, deployment.id, content);
  return { deploymentId: deployment.id };
}

function activeDeployment(
  { state }: Call,
  { name, applicationName }: DeploymentGroupRecord,
): DeploymentRecord | undefined {
  return Object.values(state.codedeploy.deployments).find(
    (deployment) =>
      deployment.groupName === name && deployment.applicationName === applicationName && isActive(deployment),
  );
}

function fetchRevision({ effects }: Call, { id, revision }: DeploymentRecord): void {
  const { bucket = "", key = "", version = null } = revision.s3Location ?? {};
  effects.push({ type: "codedeploy-revision", deploymentId: id, bucket, key, version });
}

/** Gives a deployment the text of its AppSpec, null where there is none; it starts, or fails for it. */
export function takeRevision(call: Omit<Call, "toDate">, deploymentId: string, content: string | null): void {
  const deployment = call.state.codedeploy.deployments[deploymentId];
  if (!deployment || !isActive(deployment)) return;
  try {
    if (content === null) {
      throw new AppSpecError(
        "The AppSpec file cannot be located in the specified S3 bucket. Verify your AppSpec file is present and that the name and key value pair specified for your S3 bucket are correct. The S3 bucket must be in your current region",
      );
    }
    deployment.appSpec = parseAppSpec(content);
    deployment.stage = "created";
    deployment.nextStepAt = call.now + startsAfter;
  } catch (error) {
    if (!(error instanceof AppSpecError)) throw error;
    fail(call, deployment, { code: "INVALID_REVISION", message: error.message });
  }
}

/** Tells of a deployment. */
export function getDeployment(
  call: Call,
  input: GetDeploymentCommandInput,
): { deploymentInfo: DeploymentInfo } {
  return { deploymentInfo: presentDeployment(call, findDeployment(call, input.deploymentId)) };
}

/** Tells of up to 25 deployments; those that are not there are left out. */
export function batchGetDeployments(
  call: Call,
  { deploymentIds = [] }: BatchGetDeploymentsCommandInput,
): { deploymentsInfo: DeploymentInfo[] } {
  checkBatch(deploymentIds, 25);
  const found = deploymentIds.flatMap((id) => call.state.codedeploy.deployments[id] ?? []);
  return { deploymentsInfo: found.map((deployment) => presentDeployment(call, deployment)) };
}

/** Lists ids of deployments, newest first, 100 a page. */
export function listDeployments(
  call: Call,
  input: ListDeploymentsCommandInput,
): { deployments: string[]; nextToken: string | undefined } {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange } = input;
  if (applicationName !== undefined) {
    const application = findApplication(call, applicationName);
    if (deploymentGroupName !== undefined) findGroup(application, deploymentGroupName);
  } else if (deploymentGroupName !== undefined) throw missingMember("applicationName");
  const { start, end } = createTimeRange ?? {};
  if (start && end && start > end) {
    throw refusal("InvalidTimeRange", "The start of the time range is after its end.");
  }
  const listed = Object.values(call.state.codedeploy.deployments).filter((deployment) => {
    const created = call.toDate(deployment.createdAt);
    return (
      (applicationName === undefined || deployment.applicationName === applicationName) &&
      (deploymentGroupName === undefined || deployment.groupName === deploymentGroupName) &&
      (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(deployment.status)) &&
      (!start || created >= start) &&
      (!end || created <= end)
    );
  });
  const ids = listed.map(({ id }) => id).toReversed();
  const { items, nextToken } = pageOf(ids, input.nextToken);
  return { deployments: items, nextToken };
}

/** Ends a wait: for approval to shift traffic, or for the end of the original task set. */
export function continueDeployment(
  call: Call,
  { deploymentId, deploymentWaitType = "READY_WAIT" }: ContinueDeploymentCommandInput,
): Record<string, never> {
  if (deploymentId === undefined) throw missingMember("deploymentId");
  const deployment = findDeployment(call, deploymentId);
  const type: string = deploymentWaitType;
  if (type !== "READY_WAIT" && type !== "TERMINATION_WAIT") {
    throw refusal("InvalidDeploymentWaitType", `The wait type ${type} is not valid.`);
  }
  refuseCompleted(deployment);
  const waitsFor = type === "READY_WAIT" ? "ready-wait" : "termination-wait";
  if (deployment.stage !== waitsFor) {
    throw refusal(
      "DeploymentIsNotInReadyState",
      type === "READY_WAIT"
        ? `The deployment ${deployment.id} does not have a status of Ready and can't continue yet.`
        : `The deployment ${deployment.id} does not wait for the end of its original task set and can't continue yet.`,
    );
  }
  if (type === "READY_WAIT") approve(call, deployment);
  else endOriginal(call, deployment);
  return {};
}

function refuseCompleted(deployment: DeploymentRecord): void {
  if (isActive(deployment)) return;
  throw refusal(
    "DeploymentAlreadyCompleted",
    `The deployment ${deployment.id} is already complete: its status is ${deployment.status}.`,
  );
}

/** Stops a deployment where it is; rolled back if the call or its configuration says so. */
export function stopDeployment(
  call: Call,
  { deploymentId, autoRollbackEnabled }: StopDeploymentCommandInput,
): { status: "Succeeded"; statusMessage: string } {
  const deployment = findDeployment(call, deploymentId);
  refuseCompleted(deployment);
  const rollsBack = autoRollbackEnabled ?? rollsBackOn(deployment, "DEPLOYMENT_STOP_ON_REQUEST");
  stop(call, deployment, { code: "MANUAL_STOP", message: "The deployment was manually stopped." }, rollsBack);
  return {
    status: "Succeeded",
    statusMessage: "No more commands will be scheduled for execution in the deployment instances",
  };
}
