import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  PlacementConstraint,
  RegisterTaskDefinitionRequest,
  Service,
  Task,
  TaskDefinition,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import { membersOfRevision, serviceChanges } from "../deployment/service-changes.ts";
import { demandOf, lastPart, placedTask } from "./demand.ts";
import { isCandidate, slotOf } from "./fit.ts";
import type { Host, PlacedTask, Rollout, StrategyItem } from "./model.ts";

/** A service and what is to become of it. */
export interface RolloutSubject {
  readonly serviceName: string;
  readonly cluster: string;
  readonly taskDefinition: RegisterTaskDefinitionRequest | TaskDefinition;
  /** What the run sets; what it leaves out stays as it is. */
  readonly service: Partial<CreateServiceRequest> | Partial<UpdateServiceRequest>;
  readonly running?: Service;
  /** Whether a deployment begins, where a plan has decided it. */
  readonly beginsDeployment?: boolean;
}

/** What of a service decides how its tasks run, and by which rules. */
export type ServiceToBe = Pick<
  CreateServiceRequest,
  | "loadBalancers"
  | "networkConfiguration"
  | "role"
  | "launchType"
  | "capacityProviderStrategy"
  | "placementConstraints"
  | "placementStrategy"
  | "schedulingStrategy"
  | "desiredCount"
  | "deploymentConfiguration"
  | "deploymentController"
>;

/** The service as it will be: what runs, with what the run sets. */
export function serviceToBe({ service, running }: RolloutSubject): ServiceToBe {
  const given: ServiceToBe = Object.fromEntries(
    Object.entries(service).filter(([, value]) => value !== undefined),
  );
  // Whoever sets a strategy leaves the launch type behind.
  const before =
    given.capacityProviderStrategy === undefined ? running : { ...running, launchType: undefined };
  const merged: ServiceToBe = { ...before, ...given };
  const role = given.role ?? running?.roleArn;
  return {
    ...merged,
    ...(role === undefined ? {} : { role }),
    deploymentConfiguration: { ...running?.deploymentConfiguration, ...given.deploymentConfiguration },
  };
}

/** The constraints of service and task definition that hosts are asked about. */
export function constraintsOf(subject: RolloutSubject): readonly PlacementConstraint[] {
  return [
    ...(serviceToBe(subject).placementConstraints ?? []),
    ...(subject.taskDefinition.placementConstraints ?? []).map(({ expression }) => ({
      type: "memberOf" as const,
      ...(expression === undefined ? {} : { expression }),
    })),
  ];
}

/**
 * Whether the run begins a deployment, which replaces every task: `unlessSameDefinition` where that hangs on whether
 * the definition is the one that runs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function beginsDeployment(subject: RolloutSubject): "yes" | "no" | "unlessSameDefinition" {
  const { service, running, taskDefinition } = subject;
  if (subject.beginsDeployment !== undefined) return subject.beginsDeployment ? "yes" : "no";
  if (running?.status !== "ACTIVE") return "yes";
  const update: Partial<UpdateServiceRequest> = service;
  if (update.forceNewDeployment === true) return "yes";
  if (
    serviceChanges(update as UpdateServiceRequest, running).some(({ member }) =>
      membersOfRevision.has(member),
    )
  )
    return "yes";
  if (!("taskDefinitionArn" in taskDefinition)) return "unlessSameDefinition";
  if (taskDefinition.taskDefinitionArn !== running.taskDefinition) return "yes";
  // The revision that runs, and nothing set: a restart.
  return Object.keys(service).length === 0 ? "yes" : "no";
}

/** What the rollout of a subject depends on, beside itself. */
export interface RolloutSurroundings {
  readonly hosts: readonly Host[];
  /** Of the service: those that run or start. */
  readonly tasks: readonly Task[];
  readonly strategy: readonly StrategyItem[];
  /** Hosts that meet the `memberOf` constraints; absent where there are none. */
  readonly eligibleHostIds?: ReadonlySet<string>;
  /** Whether every task is replaced. */
  readonly replacesAll: boolean;
}

/** The rollout of a subject, for the simulation. */
export function rolloutOf(subject: RolloutSubject, around: RolloutSurroundings): Rollout {
  const { hosts, strategy, eligibleHostIds } = around;
  const service = serviceToBe(subject);
  const isDaemon = service.schedulingStrategy === "DAEMON";
  const demand = demandOf(subject.taskDefinition);
  const primary = subject.running?.deployments?.find(({ status }) => status === "PRIMARY")?.id;
  const takes = new Set(hosts.filter(({ takesTasks }) => takesTasks).map(({ id }) => id));
  const old: PlacedTask[] = [];
  const kept: PlacedTask[] = [];
  const byAge = around.tasks.toSorted(
    (one, other) => (one.createdAt?.getTime() ?? 0) - (other.createdAt?.getTime() ?? 0),
  );
  for (const task of byAge) {
    const placed = placedTask(task, demand.ports);
    // A task on a host that drains has to move, whatever the run does.
    const stays = placed.hostId === undefined || takes.has(placed.hostId);
    if (!around.replacesAll && task.startedBy === primary && stays) kept.push({ ...placed, isRunning: true });
    else old.push(placed);
  }
  const rollout: Rollout = {
    service: subject.serviceName,
    desiredCount: service.desiredCount ?? 1,
    minimumHealthyPercent: service.deploymentConfiguration?.minimumHealthyPercent ?? (isDaemon ? 0 : 100),
    maximumPercent: service.deploymentConfiguration?.maximumPercent ?? (isDaemon ? 100 : 200),
    demand,
    isDaemon,
    distinctInstance: (service.placementConstraints ?? []).some(({ type }) => type === "distinctInstance"),
    placementStrategy: service.placementStrategy ?? [],
    strategy,
    runsBeside: around.replacesAll && (service.deploymentConfiguration?.strategy ?? "ROLLING") !== "ROLLING",
    old,
    kept,
    ...(eligibleHostIds === undefined ? {} : { eligibleHostIds }),
  };
  return isDaemon ? { ...rollout, desiredCount: daemonHosts(rollout, hosts) } : rollout;
}

/** A daemon wants a task on each host that meets its constraints, whatever is left there. */
function daemonHosts({ demand, strategy, eligibleHostIds }: Rollout, hosts: readonly Host[]): number {
  return hosts.filter(
    (host) =>
      isCandidate(slotOf(host), strategy[0]?.provider) &&
      (eligibleHostIds?.has(host.id) ?? true) &&
      demand.attributes.every(({ name, value }) => {
        const found = host.attributes.get(name);
        return found !== undefined && (value === undefined || value === found);
      }),
  ).length;
}

/** The strategy with what is known of its providers. */
export function strategyOf(
  items: readonly CapacityProviderStrategyItem[],
  managed: ReadonlySet<string>,
): readonly StrategyItem[] {
  return items.map(({ capacityProvider = "", base = 0, weight = 0 }) => ({
    provider: lastPart(capacityProvider),
    base,
    weight,
    onFargate: isFargateProvider(capacityProvider),
    isManaged: managed.has(lastPart(capacityProvider)),
  }));
}

/** Whether a capacity provider is one of AWS's own, for tasks without hosts. */
export function isFargateProvider(provider: string): boolean {
  return provider === "FARGATE" || provider === "FARGATE_SPOT";
}
