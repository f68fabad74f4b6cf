/**
 * Service deployments and revisions as records: made, found, ended, forgotten.
 */
import type { State } from "../../world/state.ts";
import { urlSafeId } from "../../world/identifiers.ts";
import type { Transaction } from "../../world/transaction.ts";
import { failureThreshold } from "../circuit-breaker.ts";
import { deploymentCounts, taskDefinition, unfinishedTasks } from "../queries.ts";
import type { DeploymentRecord, ServiceRecord } from "../state.ts";
import { dropOpenHooks } from "../strategies/hooks.ts";
import type {
  ServiceDeploymentRecord,
  ServiceDeploymentStatus,
  ServiceRevisionRecord,
  TaskCounts,
} from "./state.ts";

const idLength = 21;

/** The newest service deployment of a service, finished or not. */
export function latestDeployment(
  { ecs }: State,
  { serviceDeployments = [] }: ServiceRecord,
): ServiceDeploymentRecord | undefined {
  return ecs.serviceDeployments[serviceDeployments[0] ?? ""];
}

const finished: ReadonlySet<ServiceDeploymentStatus> = new Set([
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
  "SUCCESSFUL",
]);

/** Whether a service deployment has come to its end. */
export function isFinished({ status }: ServiceDeploymentRecord): boolean {
  return finished.has(status);
}

/** Whether a service deployment goes through lifecycle stages. */
export function isNative({ configuration }: ServiceDeploymentRecord): boolean {
  return (configuration.strategy ?? "ROLLING") !== "ROLLING";
}

function arnOf(
  { state }: Pick<Transaction, "state">,
  kind: string,
  service: ServiceRecord,
  id: string,
): string {
  return `arn:aws:ecs:${state.region}:${state.account}:${kind}/${service.clusterName}/${service.name}/${id}`;
}

/** Records what a deployment is made of. Its id is the deployment's. */
export function recordRevision(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
): ServiceRevisionRecord {
  const { state } = transaction;
  const { revision } = deployment;
  const arn = arnOf(transaction, "service-revision", service, deployment.id.replace("ecs-svc/", ""));
  const containers = taskDefinition(state, revision.taskDefinition)?.definition.containerDefinitions ?? [];
  const record: ServiceRevisionRecord = {
    arn,
    serviceArn: service.arn,
    deploymentId: deployment.id,
    revision: JSON.parse(JSON.stringify(revision)) as typeof revision,
    images: containers.map(({ name = "", image = "" }) => ({ containerName: name, image })),
    targetGroups: [],
    createdAt: deployment.createdAt,
  };
  deployment.serviceRevision = arn;
  state.ecs.serviceRevisions[arn] = record;
  return record;
}

/** Records where the tasks of a deployment go, once that is known. */
export function recordTargetGroups({ ecs }: State, deployment: DeploymentRecord): void {
  const revision = ecs.serviceRevisions[deployment.serviceRevision ?? ""];
  if (!revision) return;
  revision.targetGroups = (deployment.loadBalancers ?? []).flatMap(
    ({ targetGroupArn, advancedConfiguration }) =>
      targetGroupArn === undefined
        ? []
        : [{ targetGroupArn, productionListenerRule: advancedConfiguration?.productionListenerRule ?? "" }],
  );
}

/** Begins the history of a deployment; it is PENDING until the scheduler takes it up. */
export function recordDeployment(
  transaction: Transaction,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  sources: readonly string[],
): ServiceDeploymentRecord {
  const { state } = transaction;
  const { createdAt } = deployment;
  const configuration = JSON.parse(
    JSON.stringify(service.deploymentConfiguration),
  ) as typeof service.deploymentConfiguration;
  const record: ServiceDeploymentRecord = {
    arn: arnOf(transaction, "service-deployment", service, urlSafeId(state, idLength)),
    serviceArn: service.arn,
    target: deployment.serviceRevision ?? "",
    sources: [...sources],
    status: "PENDING",
    statusReason: null,
    configuration,
    failureCount: 0,
    failureThreshold: failureThreshold(service.desiredCount, configuration.deploymentCircuitBreaker),
    triggeredBy: null,
    triggeredAlarms: [],
    rollback: null,
    course: null,
    finalCounts: null,
    createdAt,
    startedAt: null,
    updatedAt: createdAt,
    finishedAt: null,
    stoppedAt: null,
  };
  state.ecs.serviceDeployments[record.arn] = record;
  (service.serviceDeployments ??= []).unshift(record.arn);
  return record;
}

/** Ends a service deployment; the numbers of tasks stay as they are at this moment. */
export function finish(
  { state, now, effects }: Transaction,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
  status: "STOPPED" | "ROLLBACK_SUCCESSFUL" | "ROLLBACK_FAILED" | "SUCCESSFUL",
): void {
  const arns = [deployment.target, ...deployment.sources];
  deployment.finalCounts = Object.fromEntries(arns.map((arn) => [arn, countTasks(state, service, arn)]));
  if (deployment.course) dropOpenHooks(deployment.course);
  deployment.status = status;
  deployment.updatedAt = now;
  deployment.finishedAt = now;
  if (status === "STOPPED") deployment.stoppedAt = now;
  effects.push({ type: "log", message: `service deployment ${deployment.arn} ${status}` });
}

/** The tasks of a revision at this moment. */
export function countTasks(state: State, service: ServiceRecord, revisionArn: string): TaskCounts {
  const deployment = service.deployments.find(({ serviceRevision }) => serviceRevision === revisionArn);
  if (!deployment) return { requested: 0, running: 0, pending: 0 };
  const { live, running, pending } = deploymentCounts(unfinishedTasks(state, service), deployment);
  return { requested: deployment.status === "PRIMARY" ? service.desiredCount : live, running, pending };
}

/** Forgets the history of a service that was deleted. */
export function forgetHistory({ ecs }: State, service: ServiceRecord): void {
  for (const arn of service.serviceDeployments ?? []) Reflect.deleteProperty(ecs.serviceDeployments, arn);
  for (const [arn, revision] of Object.entries(ecs.serviceRevisions)) {
    if (revision.serviceArn === service.arn) Reflect.deleteProperty(ecs.serviceRevisions, arn);
  }
  delete service.serviceDeployments;
}
