/**
 * The beginning of a deployment: what it finds, and the replacement task set.
 */
import { AwsError } from "../ecs/api/errors.ts";
import { checkRevision } from "../ecs/api/service-rules.ts";
import { usableTaskDefinition } from "../ecs/api/task-definitions.ts";
import { isFargate } from "../ecs/capacity.ts";
import type { ServiceRecord, ServiceRevision } from "../ecs/state.ts";
import { addTaskSet, drainTaskSet, primaryTaskSet } from "../ecs/task-sets.ts";
import { loadBalancersOf } from "../elb/targets.ts";
import { uuid } from "../world/identifiers.ts";
import type { State } from "../world/state.ts";
import type { Transaction } from "../world/transaction.ts";
import type { AppSpec } from "./app-spec.ts";
import type { Failure } from "./outcome.ts";
import type { DeploymentRecord } from "./state.ts";
import { routesOf } from "./traffic.ts";

/** ARNs of the two target groups of a deployment group; those that do not exist are left out. */
export function groupArns({ elb }: State, { pair }: Pick<DeploymentRecord, "pair">): string[] {
  const names = (pair.targetGroups ?? []).map(({ name }) => name);
  return names.flatMap(
    (name) => Object.values(elb.targetGroups).find((group) => group.name === name)?.arn ?? [],
  );
}

const serviceGone: Failure = {
  code: "INVALID_ECS_SERVICE",
  message: "The ECS service does not exist or is not ACTIVE.",
};

/** What is wrong when the service was deleted, or got another controller, since a deployment found its task set. */
export function lostOriginal(
  { state }: Transaction,
  { serviceArn, blue }: DeploymentRecord,
): Failure | undefined {
  if (!blue) return undefined;
  const service = state.ecs.services[serviceArn];
  const there = service?.taskSets.some(({ id }) => id === blue.taskSetId) === true;
  return service?.status === "ACTIVE" && there ? undefined : serviceGone;
}

/** Finds the original task set and both target groups, or says why there can be no deployment. */
export function findOriginal(transaction: Transaction, deployment: DeploymentRecord): Failure | undefined {
  const { state } = transaction;
  const service = state.ecs.services[deployment.serviceArn];
  if (service?.status !== "ACTIVE") {
    return serviceGone;
  }
  const primary = primaryTaskSet(service);
  if (!primary) {
    return { code: "INVALID_ECS_SERVICE", message: "The ECS service has no primary task set." };
  }
  const groups = groupArns(state, deployment);
  const used = primary.revision.loadBalancers.map(({ targetGroupArn }) => targetGroupArn ?? "");
  const blue = groups.find((arn) => used.includes(arn));
  const green = groups.find((arn) => arn !== blue);
  const off = offListener(state, deployment, blue === undefined ? [] : [blue]);
  if (blue === undefined || green === undefined || off) return off ?? notBehind(deployment);
  deployment.blue = { taskSetId: primary.id, targetGroupArn: blue };
  deployment.green = { taskSetId: null, targetGroupArn: green };
  return undefined;
}

/** What is wrong when a production listener has no rule, or none any more, that forwards to one of these groups. */
export function offListener(
  state: State,
  deployment: DeploymentRecord,
  groups: readonly string[],
): Failure | undefined {
  const { listenerArns = [] } = deployment.pair.prodTrafficRoute ?? {};
  const found = listenerArns.find((arn) => routesOf(state, arn, groups).length === 0);
  return found === undefined ? undefined : notBehind(deployment, found);
}

function notBehind(
  { pair }: DeploymentRecord,
  listenerArn = pair.prodTrafficRoute?.listenerArns?.[0],
): Failure {
  return {
    code: "ELASTIC_LOAD_BALANCING_INVALID",
    message: `The ELB could not be updated due to the following error: Primary taskset target group must be behind listener ${listenerArn ?? ""}`,
  };
}

/** Adds the replacement task set to the service, in place of any that an earlier deployment left. */
export function installReplacement(
  transaction: Transaction,
  deployment: DeploymentRecord,
  appSpec: AppSpec,
): Failure | undefined {
  const service = transaction.state.ecs.services[deployment.serviceArn];
  const original = service?.taskSets.find(({ id }) => id === deployment.blue?.taskSetId);
  if (!service || !original || !deployment.green) {
    return { code: "INVALID_ECS_SERVICE", message: "The ECS service has lost its original task set." };
  }
  try {
    const revision = replacementRevision(
      transaction,
      original.revision,
      deployment.green.targetGroupArn,
      appSpec,
    );
    removeLeftovers(transaction, service, original.id);
    const taskSet = addTaskSet(transaction, service, {
      revision,
      scalePercent: 100,
      externalId: deployment.id,
      startedBy: "CODE_DEPLOY",
    });
    deployment.green.taskSetId = taskSet.id;
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { code: "ECS_UPDATE_ERROR", message: ecsMessage(transaction, error) };
  }
}

function ecsMessage({ state }: Transaction, { message, type, statusCode }: AwsError): string {
  const about = `Service: AmazonECS; Status Code: ${statusCode}; Error Code: ${type}; Request ID: ${uuid(state)}; Proxy: null`;
  return `The ECS service cannot be updated due to an unexpected error: ${message} (${about}). Check your ECS service status.`;
}

function removeLeftovers(transaction: Transaction, service: ServiceRecord, original: string): void {
  for (const taskSet of service.taskSets) {
    if (taskSet.id !== original) drainTaskSet(transaction, service, taskSet);
  }
}

/** What the AppSpec leaves open stays as the original task set has it. */
function replacementRevision(
  { state }: Transaction,
  original: ServiceRevision,
  targetGroupArn: string,
  appSpec: AppSpec,
): ServiceRevision {
  const definition = usableTaskDefinition({ state }, appSpec.taskDefinition);
  const strategy = appSpec.capacityProviderStrategy ?? original.capacityProviderStrategy;
  const launchType = strategy.length > 0 ? null : original.launchType;
  const fargate =
    launchType === "FARGATE" || strategy.some(({ capacityProvider = "" }) => isFargate(capacityProvider));
  const { containerName, containerPort } = appSpec;
  const loadBalancer = { targetGroupArn, containerName, containerPort };
  const revision: ServiceRevision = {
    ...original,
    taskDefinition: definition.arn,
    capacityProviderStrategy: [...strategy],
    launchType,
    platformVersion: fargate ? (appSpec.platformVersion ?? original.platformVersion ?? "LATEST") : null,
    awsvpcConfiguration: appSpec.awsvpcConfiguration ?? original.awsvpcConfiguration,
    loadBalancers: [loadBalancer],
  };
  // Before an all-at-once shift the replacement's group is behind no listener, which CodeDeploy allows.
  const behindListener = loadBalancersOf(state, targetGroupArn).length > 0;
  const checked = behindListener ? [loadBalancer] : [{ containerName, containerPort }];
  checkRevision({ state }, { ...revision, loadBalancers: checked }, definition);
  return revision;
}
