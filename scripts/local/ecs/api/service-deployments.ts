/**
 * The operations on service deployments and service revisions.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
import type {
  ContinueServiceDeploymentCommandInput,
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceRevisionsCommandInput,
  Failure,
  ListServiceDeploymentsCommandInput,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  StopServiceDeploymentCommandInput,
} from "@aws-sdk/client-ecs";

import { isFinished } from "../service-deployments/records.ts";
import { pauseRolledBack, reasons } from "../service-deployments/reasons.ts";
import type { ServiceDeploymentRecord } from "../service-deployments/state.ts";
import { lookSoon } from "../wake.ts";
import { findCluster, page, type Call } from "./call.ts";
import { AwsError, invalidParameter } from "./errors.ts";
import {
  presentServiceDeployment,
  presentServiceDeploymentBrief,
  presentServiceRevision,
} from "./present-service-deployment.ts";
import { serviceNotFound } from "./service-rules.ts";
import { serviceArn } from "./services.ts";

const mostArns = 20;

/** Lists the deployments of a service, the newest first, 20 a page unless asked otherwise. */
export function listServiceDeployments(
  call: Call,
  input: ListServiceDeploymentsCommandInput,
): { serviceDeployments: ServiceDeploymentBrief[]; nextToken: string | undefined } {
  const { ecs } = call.state;
  const cluster = findCluster(call, input.cluster ?? clusterIn(input.service));
  const service = ecs.services[serviceArn(call, cluster.name, input.service ?? "")];
  if (!service) throw serviceNotFound();
  if (input.maxResults !== undefined && (input.maxResults < 1 || input.maxResults > 100)) {
    throw invalidParameter("maxResults must be between 1 and 100.");
  }
  const { status: wanted = [], createdAt } = input;
  const { before, after } = createdAt ?? {};
  const isWanted = ({ status, createdAt: instant }: ServiceDeploymentRecord): boolean => {
    const date = call.toDate(instant);
    return (
      (wanted.length === 0 || wanted.includes(status)) &&
      (!before || date <= before) &&
      (!after || date >= after)
    );
  };
  const found = (service.serviceDeployments ?? [])
    .map((arn) => ecs.serviceDeployments[arn])
    .filter((deployment) => deployment !== undefined)
    .filter(isWanted);
  const { items, nextToken } = page(found, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 20,
  });
  return {
    serviceDeployments: items.map((deployment) => presentServiceDeploymentBrief(call, deployment)),
    nextToken,
  };
}

/** The cluster in the long form of a service's ARN. */
function clusterIn(service: string | undefined): string | undefined {
  return /^arn:[^/]+\/([^/]+)\/[^/]+$/.exec(service ?? "")?.[1];
}

function checkArns(what: string, arns: readonly string[]): void {
  if (arns.length === 0) throw invalidParameter(`${what} can not be empty.`);
  if (arns.length > mostArns) throw invalidParameter(`${what} can have at most ${mostArns} items.`);
}

const missing = (arn: string): Failure => ({ arn, reason: "MISSING" });

/** Describes up to 20 service deployments; those that are not there are failures. */
export function describeServiceDeployments(
  call: Call,
  input: DescribeServiceDeploymentsCommandInput,
): { serviceDeployments: ServiceDeployment[]; failures: Failure[] } {
  const arns = input.serviceDeploymentArns ?? [];
  checkArns("serviceDeploymentArns", arns);
  const known = call.state.ecs.serviceDeployments;
  return {
    serviceDeployments: arns.flatMap((arn) =>
      known[arn] ? [presentServiceDeployment(call, known[arn])] : [],
    ),
    failures: arns.filter((arn) => !known[arn]).map(missing),
  };
}

/** Describes up to 20 service revisions; those that are not there are failures. */
export function describeServiceRevisions(
  call: Call,
  input: DescribeServiceRevisionsCommandInput,
): { serviceRevisions: ServiceRevision[]; failures: Failure[] } {
  const arns = input.serviceRevisionArns ?? [];
  checkArns("serviceRevisionArns", arns);
  const known = call.state.ecs.serviceRevisions;
  return {
    serviceRevisions: arns.flatMap((arn) => (known[arn] ? [presentServiceRevision(call, known[arn])] : [])),
    failures: arns.filter((arn) => !known[arn]).map(missing),
  };
}

function findDeployment({ state }: Call, arn: string | undefined): ServiceDeploymentRecord {
  const deployment = state.ecs.serviceDeployments[arn ?? ""];
  if (!deployment) {
    throw new AwsError("ServiceDeploymentNotFoundException", "The service deployment does not exist.");
  }
  return deployment;
}

/**
 * Rolls a deployment back that is not finished, whatever the service's own monitors say. AWS's model has ABORT as
 * well, and its text says that ROLLBACK alone is valid.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
export function stopServiceDeployment(
  call: Call,
  input: StopServiceDeploymentCommandInput,
): { serviceDeploymentArn: string } {
  const deployment = findDeployment(call, input.serviceDeploymentArn);
  if (input.stopType === "ABORT") throw invalidParameter("Invalid stopType. Valid values are: ROLLBACK");
  if (isFinished(deployment)) {
    throw new AwsError(
      "ConflictException",
      "Stopping a service deployment is not allowed for service deployment in terminal states.",
    );
  }
  if (deployment.status === "PENDING" || deployment.status === "IN_PROGRESS") {
    requestRollback(call, deployment, reasons.requested);
  }
  return { serviceDeploymentArn: deployment.arn };
}

function requestRollback({ state, now }: Call, deployment: ServiceDeploymentRecord, reason: string): void {
  deployment.status = "ROLLBACK_REQUESTED";
  deployment.statusReason = reason;
  deployment.updatedAt = now;
  lookSoon(state, now, deployment.serviceArn);
}

/**
 * Lets a paused deployment go on, or back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/continue-service-deployment.html
 */
export function continueServiceDeployment(
  call: Call,
  input: ContinueServiceDeploymentCommandInput,
): { serviceDeploymentArn: string } {
  const { hookId = "", action = "CONTINUE" } = input;
  const deployment = findDeployment(call, input.serviceDeploymentArn);
  if (!/^ecs-[a-z]+-[\w-]+$/.test(hookId)) {
    throw invalidParameter("Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}");
  }
  if (isFinished(deployment)) {
    throw invalidParameter(
      "Continuing a service deployment is not allowed for service deployment in terminal states.",
    );
  }
  const hook = deployment.course?.hooks.find(({ id }) => id === hookId);
  if (deployment.status !== "IN_PROGRESS" || hook?.status !== "AWAITING_ACTION") {
    throw invalidParameter(
      "Provided hookId is either completed, unavailable, or not associated with the given Resource ARN",
    );
  }
  hook.status = action === "ROLLBACK" ? "FAILED" : "SUCCEEDED";
  if (action === "ROLLBACK") requestRollback(call, deployment, pauseRolledBack(hook.stage));
  const service = call.state.ecs.services[deployment.serviceArn];
  if (service?.status === "ACTIVE") service.nextLookAt = call.now;
  deployment.updatedAt = call.now;
  return { serviceDeploymentArn: deployment.arn };
}
