import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  BlueGreenDeploymentConfiguration,
  ECSService,
  ErrorInformation,
  RevisionLocation,
  RollbackInfo,
  Tag,
  TargetGroupPairInfo,
  TrafficRoutingConfig,
  TriggerConfig,
} from "@aws-sdk/client-codedeploy";

import type { AppSpec } from "./app-spec.ts";
import type { LifecycleEventName } from "./lifecycle-events.ts";

/** A revision as it was registered with an application, or deployed by it. */
export interface RevisionRecord {
  location: RevisionLocation;
  description: string | null;
  groups: string[];
  registeredAt: number;
  firstUsedAt: number | null;
  lastUsedAt: number | null;
}

/** What a deployment group brings into each of its deployments. */
export interface DeploymentSettings {
  configName: string;
  pair: TargetGroupPairInfo;
  blueGreen: BlueGreenDeploymentConfiguration;
  autoRollback: AutoRollbackConfiguration | null;
  alarms: AlarmConfiguration | null;
}

/** A deployment group: an ECS service with its two target groups and listeners. */
export interface DeploymentGroupRecord extends DeploymentSettings {
  id: string;
  name: string;
  applicationName: string;
  service: ECSService;
  serviceRoleArn: string;
  triggers: TriggerConfig[];
  outdatedInstancesStrategy: "UPDATE" | "IGNORE";
  /** Id of the deployment that succeeded last, and of the one that was tried last. */
  lastSuccessful: string | null;
  lastAttempted: string | null;
}

/** An application of compute platform ECS. */
export interface ApplicationRecord {
  id: string;
  name: string;
  createdAt: number;
  /** By name. */
  groups: Record<string, DeploymentGroupRecord>;
  revisions: RevisionRecord[];
}

/** A deployment configuration that a user made. */
interface DeploymentConfigRecord {
  id: string;
  name: string;
  createdAt: number;
  routing: TrafficRoutingConfig;
}

/** One event in the life of a deployment. */
export interface LifecycleEventRecord {
  name: LifecycleEventName;
  status: "Pending" | "InProgress" | "Succeeded" | "Failed" | "Skipped" | "Unknown";
  startedAt: number | null;
  endedAt: number | null;
  /** Why it failed; null unless it did. */
  failure: string | null;
}

/** A Lambda function that was asked to judge an event, and what it said. */
export interface HookExecution {
  id: string;
  event: LifecycleEventName;
  functionName: string;
  status: "InProgress" | "Succeeded" | "Failed";
}

/** Where a deployment stands: in an event, or between two of them. */
export type Stage =
  "fetching" | "created" | LifecycleEventName | "ready-wait" | "termination-wait" | "reverting" | "over";

/** The statuses a deployment has here; AWS knows Queued and Baking as well. */
type DeploymentStatus = "Created" | "InProgress" | "Ready" | "Succeeded" | "Failed" | "Stopped";

/** A deployment. */
export interface DeploymentRecord extends DeploymentSettings {
  id: string;
  applicationName: string;
  groupName: string;
  description: string | null;
  creator: "user" | "codeDeployRollback";
  revision: RevisionLocation;
  previousRevision: RevisionLocation | null;
  /** Whether its alarms are its own, not its group's. */
  alarmsOverridden: boolean;
  status: DeploymentStatus;
  error: ErrorInformation | null;
  rollback: RollbackInfo | null;
  createdAt: number;
  startedAt: number | null;
  completedAt: number | null;
  terminationWaitStarted: boolean;
  /** ARN of the ECS service. */
  serviceArn: string;
  /** Read from the revision; null until then. */
  appSpec: AppSpec | null;
  stage: Stage;
  /** When it goes on by itself; null once it is over, and while its revision is fetched. */
  nextStepAt: number | null;
  /** When the present stage is given up; null where it is not. */
  deadline: number | null;
  events: LifecycleEventRecord[];
  hooks: HookExecution[];
  /** How many of the configuration's traffic shifts were made. */
  shiftsMade: number;
  /** Ids of the original and the replacement task set, and the target groups of both. */
  blue: { taskSetId: string; targetGroupArn: string } | null;
  green: { taskSetId: string | null; targetGroupArn: string } | null;
}

/** CodeDeploy in one region. */
export interface CodeDeployState {
  /** By name. */
  applications: Record<string, ApplicationRecord>;
  /** Those that users made, by name. */
  configs: Record<string, DeploymentConfigRecord>;
  /** By id, oldest first. */
  deployments: Record<string, DeploymentRecord>;
  /** By ARN. */
  tags: Record<string, Tag[]>;
}

/** CodeDeploy before anything was made in it. */
export function emptyCodeDeploy(): CodeDeployState {
  return { applications: {}, configs: {}, deployments: {}, tags: {} };
}
