import type {
  CreateServiceRequest,
  RegisterTaskDefinitionRequest,
  Service,
  Task,
  TaskDefinition,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import type { RegisteredRevision } from "./deployment/task-definition.ts";

/** What the deploy script asks of Amazon ECS. Every method throws AwsCallError, and nothing else of AWS's. */
export interface EcsPort {
  /**
   * Services of one cluster, in the order of the answer; names that ECS has never seen are left out. Any number of
   * names, asked for ten at a time.
   *
   * @throws RefusedError when the cluster does not exist
   */
  describeServices(cluster: string, names: readonly string[]): Promise<readonly Service[]>;
  /** A revision by ARN or `family:revision`, or a family's newest active one; undefined when there is none. */
  describeTaskDefinition(reference: string): Promise<RegisteredRevision | undefined>;
  registerTaskDefinition(input: RegisterTaskDefinitionRequest): Promise<TaskDefinition>;
  createService(input: CreateServiceRequest): Promise<Service>;
  updateService(input: UpdateServiceRequest): Promise<Service>;
  /** Stopped tasks that a deployment started, newest first, at most `limit`. ECS remembers them for an hour. */
  stoppedTasks(cluster: string, deploymentId: string, limit: number): Promise<readonly Task[]>;
}

/** A plain parameter's value; a SecureString's is never fetched. */
export type ParameterValue = { readonly kind: "plain"; readonly value: string } | { readonly kind: "secure" };

/** What the deploy script asks of Parameter Store. */
export interface ParametersPort {
  /** Values by name; names that don't exist are left out. Any number, asked for ten at a time. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, ParameterValue>>;
}

/** Passed in, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, at once when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}
