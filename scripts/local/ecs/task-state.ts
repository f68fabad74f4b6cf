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
  /** When the container's own health check comes to its verdict; null without one. */
  healthVerdictAt: number | null;
  /** When the image makes the process end by itself; null for a server that keeps running. */
  exitsAt: number | null;
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
  /** When the next transition of the life cycle is due; null while the task just runs. */
  nextTransitionAt: number | null;
  containers: ContainerRecord[];
  /** The targets this task has, or will have, in target groups. */
  targets: { targetGroupArn: string; id: string; port: number }[];
  enableExecuteCommand: boolean;
  stopCode: string | null;
  stoppedReason: string | null;
  /** Whether the service counted this task as healthy, or as failed; each is counted once. */
  counted: "no" | "healthy" | "failed";
  /** When the service first saw it as unhealthy and decided on a replacement. */
  replacing: boolean;
  version: number;
  createdAt: number;
  pullStartedAt: number | null;
  pullStoppedAt: number | null;
  startedAt: number | null;
  stoppingAt: number | null;
  executionStoppedAt: number | null;
  stoppedAt: number | null;
}
