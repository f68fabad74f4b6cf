import type { CodeDeployStatus } from "../code-deploy/status.ts";
import type { LockHolder } from "../lock/holder.ts";
import type { ScalableTarget } from "../ports/auto-scaling.ts";
import type { StagedState } from "../staged/model.ts";

/** Tags that a deployment left, without their `slipway:`, as in `commit`. */
export type Trail = Readonly<Record<string, string>>;

/** A revision that a service runs or is about to run. */
export interface RevisionStatus {
  /** `family:revision`. */
  readonly revision: string;
  readonly containers: readonly { readonly container: string; readonly image: string }[];
  readonly registeredAt?: string;
  readonly registeredBy?: string;
  readonly trail: Trail;
}

/** A deployment in DescribeServices' list, or a task set. */
export interface DeploymentStatus {
  readonly id: string;
  /** PRIMARY, ACTIVE, …, in AWS's words. */
  readonly status: string;
  readonly revision: string;
  readonly rolloutState?: string;
  readonly reason?: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failed: number;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

/** ECS's own record of the newest deployment, which knows more than the list. */
export interface ServiceDeploymentStatus {
  readonly arn: string;
  readonly status: string;
  readonly reason?: string;
  /** Of the strategies BLUE_GREEN, LINEAR and CANARY. */
  readonly lifecycleStage?: string;
  /** The new revision's shares, in per cent, where ECS shifts the traffic. */
  readonly traffic?: { readonly production?: number; readonly test?: number };
  readonly strategy?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly rollback?: { readonly reason?: string; readonly startedAt?: string };
  /** Hooks that wait for somebody to decide. */
  readonly awaiting: readonly { readonly hookId: string; readonly expiresAt?: string }[];
  readonly circuitBreaker?: {
    readonly status: string;
    readonly failures: number;
    readonly threshold: number;
  };
  readonly triggeredAlarms: readonly string[];
}

/** A task that is to run. */
export interface TaskStatus {
  readonly id: string;
  readonly revision: string;
  readonly status: string;
  readonly health: string;
  readonly launchType?: string;
  /** The EC2 instance, where there is one. */
  readonly host?: string;
  readonly availabilityZone?: string;
  readonly startedAt?: string;
  readonly createdAt?: string;
  readonly containers: readonly {
    readonly container: string;
    readonly status: string;
    readonly health: string;
    readonly image?: string;
    readonly digest?: string;
  }[];
}

/** A task that stopped within the hour for which ECS remembers it, and not because ECS scaled or replaced it. */
export interface StoppedTaskStatus {
  readonly id: string;
  readonly revision: string;
  readonly stoppedAt?: string;
  readonly reason: string;
  readonly exitCodes: readonly { readonly container: string; readonly exitCode: number }[];
}

interface TargetStatus {
  /** An instance's id or an address. */
  readonly id: string;
  readonly port?: number;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

export interface TargetGroupStatus {
  readonly arn: string;
  readonly name: string;
  readonly targets: readonly TargetStatus[];
}

/** One way to go on: what it is for, and the command as it is typed. */
export interface NextStep {
  readonly purpose: string;
  readonly command: string;
}

/** Which deployment of an application a service is, where each is a service of its own. */
export interface StagedStatus {
  readonly application: string;
  readonly deploymentId: string;
  readonly state: StagedState;
  readonly version?: string;
  /** Its share of the live traffic. */
  readonly trafficPercent: number;
  /** Hosts at which it answers now. */
  readonly hosts: readonly string[];
}

/** What scales a service. */
export interface ScalingStatus extends ScalableTarget {
  /** Names of its policies. */
  readonly policies: readonly string[];
  /** Names of its scheduled actions. */
  readonly scheduledActions: readonly string[];
}

/** All that `./deploy status` tells of one service: times are ISO 8601. */
export interface ServiceStatus {
  readonly service: string;
  readonly cluster: string;
  /** Where each deployment is a service of its own. */
  readonly staged?: StagedStatus;
  /** ACTIVE, DRAINING or INACTIVE. */
  readonly status: string;
  readonly schedulingStrategy: string;
  readonly controller: string;
  /** As in `EC2`, `FARGATE` or `test-default`, by which tasks are placed. */
  readonly capacity: readonly string[];
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** The one that the newest deployment brings comes first. */
  readonly revisions: readonly RevisionStatus[];
  /** Of the service itself: who was here last. */
  readonly trail: Trail;
  /** When what runs came to run. */
  readonly since?: string;
  readonly deployments: readonly DeploymentStatus[];
  readonly serviceDeployment?: ServiceDeploymentStatus;
  /** Where CodeDeploy deploys the service, and has ever done so. */
  readonly codeDeploy?: CodeDeployStatus;
  readonly tasks: readonly TaskStatus[];
  readonly stopped: readonly StoppedTaskStatus[];
  readonly targetGroups: readonly TargetGroupStatus[];
  readonly autoscaling?: ScalingStatus;
  readonly lock?: LockHolder;
  readonly events: readonly { readonly at?: string; readonly message: string }[];
  /** What can be done about the deployment that is under way. */
  readonly next: readonly NextStep[];
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}
