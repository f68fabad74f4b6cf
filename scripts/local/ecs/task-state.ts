import type { WaitingRequest } from "./waiting.ts";

import type { TaskOverride } from "@aws-sdk/client-ecs";

import type { ImageBehaviour } from "../containers/catalogue.ts";

/** Where a task is in its life cycle. */
export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

/** A port of a container as it is bound on its host or network interface. */
export interface Binding {
  containerPort: number;
  hostPort: number;
  protocol: "tcp" | "udp";
}

/** A container of a task. */
export interface ContainerRecord {
  arn: string;
  name: string;
  image: string;
  essential: boolean;
  runtimeId: string;
  lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  exitCode: number | null;
  reason: string | null;
  healthStatus: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  /** Its own health check: failures in a row, and when the next one is due that may change something. Null without. */
  check: { failures: number; nextAt: number | null } | null;
  /** What its image, and its environment, make it do. */
  behaviour: ImageBehaviour;
  startedAt: number | null;
  /** Whether Docker is starting it: then it runs once Docker says so. */
  launching: boolean;
  /** When the image makes the process end by itself; null for a server that keeps running. */
  exitsAt: number | null;
  /** When it ends after SIGTERM, by itself or by SIGKILL; null before SIGTERM. */
  stopsAt: number | null;
  bindings: Binding[];
}

/** The network interface of a task in awsvpc mode. */
export interface NetworkInterface {
  id: string;
  attachmentId: string;
  subnetId: string;
  address: string;
  macAddress: string;
}

/** A task: a copy of a task definition that runs, will run, or ran. */
export interface TaskRecord {
  arn: string;
  id: string;
  clusterName: string;
  taskDefinition: string;
  /** ARN of the service, or null for a task of RunTask. */
  service: string | null;
  group: string;
  startedBy: string | null;
  launchType: "EC2" | "FARGATE" | "EXTERNAL";
  capacityProvider: string | null;
  platformVersion: string | null;
  availabilityZone: string;
  hostId: string | null;
  networkInterface: NetworkInterface | null;
  cpu: string;
  memory: string;
  lastStatus: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  /** What it will be started from once there is a host for it; null or unset unless it waits for one. */
  waiting?: WaitingRequest | null;
  /** When the next transition of the life cycle is due; null while the task just runs. */
  nextTransitionAt: number | null;
  containers: ContainerRecord[];
  /** The targets this task has, or will have, in target groups. */
  targets: { targetGroupArn: string; id: string; port: number }[];
  /** What RunTask gave instead of the definition's own. */
  overrides: TaskOverride | null;
  /** The client token of the RunTask call that started it, and that call's input. */
  run?: { clientToken: string; request: string };
  /** A container that cannot start once the images are there, and why: known from the preparation. */
  cannotStart: { container: string; reason: string } | null;
  enableExecuteCommand: boolean;
  stopCode: string | null;
  stoppedReason: string | null;
  /** Whether the service counted this task as healthy, or as failed, each once; "ended": failed, not yet counted. */
  counted: "no" | "healthy" | "ended" | "failed";
  /** When the service first saw it as unhealthy and decided on a replacement. */
  replacing: boolean;
  /** Until when it is protected from scale-in and deployments; null or unset when it is not. */
  protectedUntil?: number | null;
  /** Whether the service moves it to another Availability Zone: it goes once its replacement is healthy. */
  moving?: boolean;
  version: number;
  createdAt: number;
  pullStartedAt: number | null;
  pullStoppedAt: number | null;
  startedAt: number | null;
  stoppingAt: number | null;
  executionStoppedAt: number | null;
  stoppedAt: number | null;
}
