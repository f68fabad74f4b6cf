import type {
  AwsVpcConfiguration,
  CapacityProvider,
  CapacityProviderStrategyItem,
  Cluster,
  DeploymentConfiguration,
  DeploymentController,
  GatewayConnector,
  LoadBalancer,
  MonitoringConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  RegisterTaskDefinitionCommandInput,
  ServiceConnectConfiguration,
  ServiceRegistry,
  ServiceVolumeConfiguration,
  Tag,
  VpcLatticeConfiguration,
} from "@aws-sdk/client-ecs";

import type { ServiceDeploymentRecord, ServiceRevisionRecord } from "./service-deployments/state.ts";
import type { InstanceRefreshRecord } from "../hosts/refresh-state.ts";
import type { AutoScalingGroupRecord, HostRecord } from "./host-state.ts";
import type { TaskSetRecord } from "./task-set-state.ts";
import type { TaskRecord } from "./task-state.ts";

export type { TaskSetRecord } from "./task-set-state.ts";

export type { AutoScalingGroupRecord, HostRecord };

/** What ECS keeps of a cluster; counts are worked out when it is described. */
export interface ClusterRecord {
  arn: string;
  name: string;
  status: "ACTIVE" | "INACTIVE";
  settings: NonNullable<Cluster["settings"]>;
  configuration: Cluster["configuration"];
  serviceConnectDefaults: Cluster["serviceConnectDefaults"];
  capacityProviders: string[];
  defaultCapacityProviderStrategy: CapacityProviderStrategyItem[];
}

/** A capacity provider made from an auto-scaling group. FARGATE and FARGATE_SPOT are not kept: they are always there. */
export interface CapacityProviderRecord {
  arn: string;
  name: string;
  status: "ACTIVE" | "INACTIVE";
  autoScalingGroupProvider: NonNullable<CapacityProvider["autoScalingGroupProvider"]>;
  /** What managed scaling remembers; unset before it first had something to do. */
  scaling?: {
    /** When it looks at its hosts again, and tries to place tasks that wait; null while at rest. */
    lookAt: number | null;
    tryAt: number | null;
    /** How many hosts it asked for that have not appeared. */
    expected: number;
    /** Since when there are more hosts than needed. */
    excessSince: number | null;
  };
}

/** A revision, as registered. `definition` is the input's own fields, with AWS's defaults filled in. */
export interface TaskDefinitionRecord {
  arn: string;
  family: string;
  revision: number;
  status: "ACTIVE" | "INACTIVE" | "DELETE_IN_PROGRESS";
  definition: Omit<RegisterTaskDefinitionCommandInput, "tags">;
  compatibilities: ("EC2" | "FARGATE" | "EXTERNAL")[];
  registeredAt: number;
  deregisteredAt: number | null;
}

/** The part of a service that a new deployment replaces, and that a rollback brings back. */
export interface ServiceRevision {
  taskDefinition: string;
  launchType: "EC2" | "FARGATE" | "EXTERNAL" | null;
  capacityProviderStrategy: CapacityProviderStrategyItem[];
  platformVersion: string | null;
  awsvpcConfiguration: AwsVpcConfiguration | null;
  loadBalancers: LoadBalancer[];
  serviceRegistries: ServiceRegistry[];
  serviceConnectConfiguration?: ServiceConnectConfiguration;
  volumeConfigurations?: ServiceVolumeConfiguration[];
  vpcLatticeConfigurations?: VpcLatticeConfiguration[];
  gatewayConnectors?: GatewayConnector[];
  monitoring?: MonitoringConfiguration;
}

/** One deployment of a service. */
export interface DeploymentRecord {
  id: string;
  status: "PRIMARY" | "ACTIVE" | "DRAINING";
  revision: ServiceRevision;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  failedTasks: number;
  /** How many tasks of its own a completed deployment keeps up while a newer one rolls out; unset before that. */
  keeps?: number;
  /** When it last could not place a task. */
  placementFailedAt?: number;
  /** Whether its alarms are watched: not when one of them rang as it began. Unset before the first look. */
  alarmsWatched?: boolean;
  /** ARN of its service revision, and its load balancers with the target groups that its tasks are in. */
  serviceRevision?: string;
  loadBalancers?: LoadBalancer[];
  /** Since when all its tasks are healthy and no other's are left. */
  inPlaceSince?: number;
  createdAt: number;
  updatedAt: number;
}

/** A line of a service's event log. */
interface ServiceEventRecord {
  id: string;
  createdAt: number;
  message: string;
}

/** A service with its scheduler's memory. */
export interface ServiceRecord {
  arn: string;
  name: string;
  clusterName: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  role: string | null;
  schedulingStrategy: "REPLICA" | "DAEMON";
  deploymentController: DeploymentController;
  deploymentConfiguration: DeploymentConfiguration & {
    maximumPercent: number;
    minimumHealthyPercent: number;
  };
  healthCheckGracePeriodSeconds: number | null;
  placementConstraints: PlacementConstraint[];
  placementStrategy: PlacementStrategy[];
  enableECSManagedTags: boolean;
  enableExecuteCommand: boolean;
  propagateTags: "TASK_DEFINITION" | "SERVICE" | "NONE";
  availabilityZoneRebalancing: "ENABLED" | "DISABLED";
  clientToken: string | null;
  createdAt: number;
  /** ARNs of the tasks it started that can still be described, oldest first. */
  taskArns: string[];
  /** Newest first; the first one is PRIMARY. */
  deployments: DeploymentRecord[];
  /** ARNs, newest first; left out until there is one. */
  serviceDeployments?: string[];
  /** Oldest first; a service under CODE_DEPLOY or EXTERNAL has these instead of deployments. */
  taskSets: TaskSetRecord[];
  /** What a rollback goes back to: the deployment that completed last. */
  lastCompleted: DeploymentRecord | null;
  /** Newest first, at most 100. */
  events: ServiceEventRecord[];
  /** When the scheduler looks at the service again; null while there is nothing to do. */
  nextLookAt: number | null;
  /** True once the steady state was announced and nothing has changed since. */
  steady: boolean;
  /** Whether it moves tasks between Availability Zones, and has said so. */
  rebalancing?: boolean;
  /** When the steady state was last announced. */
  steadySaidAt?: number;
  /** Tasks of the primary deployment in a row that never reached RUNNING, for the start-failure backoff. */
  startFailures: number;
  startsHeldUntil: number;
  /** Messages held back because they were said and still hold, with the time they may be said again. */
  heldMessages: Record<string, number>;
}

/** A subnet that tasks in awsvpc mode take their addresses from. */
export interface SubnetRecord {
  id: string;
  cidrBlock: string;
  availabilityZone: string;
  nextAddress: number;
}

/** ECS in one region. Records are keyed by name, ARN or id as their owner says. */
export interface EcsState {
  /** By name. */
  clusters: Record<string, ClusterRecord>;
  /** By name. */
  capacityProviders: Record<string, CapacityProviderRecord>;
  /** The latest revision of each family: a family is never gone. */
  latestRevisions: Record<string, number>;
  /** By `family:revision`. */
  taskDefinitions: Record<string, TaskDefinitionRecord>;
  /** By ARN. */
  services: Record<string, ServiceRecord>;
  /** By ARN. */
  tasks: Record<string, TaskRecord>;
  /** By container instance id. */
  hosts: Record<string, HostRecord>;
  /** By name: the auto-scaling groups, as moto holds them. */
  autoScalingGroups?: Record<string, AutoScalingGroupRecord>;
  /** By id: the instance refreshes of auto-scaling groups, oldest first. */
  instanceRefreshes?: Record<string, InstanceRefreshRecord>;
  /** EC2 ids of instances that were deregistered and so do not come back by themselves. */
  deregisteredHosts?: string[];
  /** By subnet id. */
  subnets: Record<string, SubnetRecord>;
  /** By ARN. */
  tags: Record<string, Tag[]>;
  accountSettings: Record<string, string>;
  /** By ARN. */
  serviceDeployments: Record<string, ServiceDeploymentRecord>;
  /** By ARN. */
  serviceRevisions: Record<string, ServiceRevisionRecord>;
}
