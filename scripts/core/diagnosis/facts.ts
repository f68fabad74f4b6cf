import type { ContainerDefinition, Service, Task, TaskDefinition } from "@aws-sdk/client-ecs";

import { isFargateProvider } from "../capacity/rollout.ts";
import type { DiagnosisKind } from "../diagnosis.ts";
import type { Evidence } from "./evidence.ts";

/** What sentences say of the task and of the container that they are about. */
export interface Facts {
  readonly service: string;
  readonly container?: string;
  readonly image?: string;
  readonly definition?: ContainerDefinition;
  readonly revision?: TaskDefinition;
  readonly onFargate: boolean;
}

/** One sentence that names a cause and one that says what to do. */
export interface Said {
  readonly cause: string;
  readonly remedy: string;
}

/** What one task died of, or ails. */
export interface TaskCause extends Said {
  readonly kind: DiagnosisKind;
  /** The container that it is about, where it is about one. */
  readonly container?: string;
  /** The target group whose health check failed; why is for the load balancer to say. */
  readonly targetGroupArn?: string;
  /** Words about it that neither task nor container carries. */
  readonly words?: readonly string[];
}

/** What is known of a task's container, or of the task where none is meant. */
export function factsOf(
  { service, revision, described }: Evidence,
  task: Task | undefined,
  name?: string,
): Facts {
  const definition = revision?.containerDefinitions?.find((one) => one.name === name);
  const container = task?.containers?.find((one) => one.name === name);
  const image = container?.image ?? definition?.image;
  return {
    service,
    onFargate: isOnFargate(task, described),
    ...(name === undefined ? {} : { container: name }),
    ...(image === undefined ? {} : { image }),
    ...(definition === undefined ? {} : { definition }),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** A task says so itself; a service only where no capacity provider decides. */
function isOnFargate(task: Task | undefined, described: Service | undefined): boolean {
  const launchType = task?.launchType ?? described?.launchType;
  if (launchType !== undefined) return launchType === "FARGATE";
  const providers = described?.capacityProviderStrategy ?? [];
  return (
    providers.length > 0 &&
    providers.every(({ capacityProvider = "" }) => isFargateProvider(capacityProvider))
  );
}

export function definitionOf({ revision }: Evidence, name: string | undefined) {
  return revision?.containerDefinitions?.find((definition) => definition.name === name);
}

/** `container app`, for within a sentence. */
export function containerOf({ container }: Facts): string {
  return container === undefined ? "a container" : `container ${container}`;
}

/** `Container app`, to begin a sentence. */
export function containerFirst({ container }: Facts): string {
  return container === undefined ? "A container" : `Container ${container}`;
}

/** The last part of a role's ARN, or of the ARN of a session with it. */
export function roleName(arn: string): string {
  return /:assumed-role\/([^/]+)/.exec(arn)?.[1] ?? arn.slice(arn.lastIndexOf("/") + 1);
}

/** The role with which ECS fetches secrets and opens logs for the task. */
export function executionRole({ revision }: Facts): string {
  const arn = revision?.executionRoleArn;
  return arn === undefined
    ? "the execution role (the task definition has none)"
    : `execution role ${roleName(arn)}`;
}

/** Who pulls images of ECR: on Fargate the execution role, on EC2 the hosts. */
export function pullingRole(facts: Facts): string {
  return facts.onFargate ? executionRole(facts) : "the instance role of the cluster's hosts";
}

/** `1 task`, `3 tasks`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
