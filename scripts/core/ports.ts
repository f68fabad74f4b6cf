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

/**
 * Passed in, so that tests decide what time it is. Against a local AWS that runs faster than AWS it runs as fast, so
 * that pauses and time-outs are AWS's durations.
 */
export interface Clock {
  /** Milliseconds since 1970, as this clock has it. */
  now(): number;
  /** What this clock showed, or will show, at a moment that AWS tells by the world's time. */
  readonly timeOf: (date: Date) => number;
  /** Resolves after `milliseconds`, at once when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** One line of a container's log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly stream: string;
  readonly message: string;
}

/** What the deploy script asks of CloudWatch Logs. Every method throws AwsCallError. */
export interface LogsPort {
  /** The newest lines of one stream, oldest first; none where the stream does not exist. */
  tail(group: string, stream: string, limit: number): Promise<readonly LogLine[]>;
  /** Lines of some streams of a group from a moment on, oldest first, all pages. */
  search(query: {
    readonly group: string;
    readonly streams?: readonly string[];
    readonly streamPrefix?: string;
    /** Milliseconds since 1970. */
    readonly from: number;
    readonly pattern?: string;
  }): Promise<readonly LogLine[]>;
}
