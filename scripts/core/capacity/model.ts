import type { PlacementStrategy } from "@aws-sdk/client-ecs";

/** Resources of a host that tasks take and give back. */
export interface Resources {
  /** CPU units, 1024 of which are one vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** Host ports with their protocol, as in `8080/tcp`. */
  readonly ports: readonly string[];
  /** Network interfaces of a task's own. */
  readonly interfaces: number;
}

/** An attribute that a host must have, with a value where one is asked for. */
export interface WantedAttribute {
  readonly name: string;
  readonly value?: string;
}

/** What one task of a task definition takes of a host. Ports are those that the definition fixes. */
export interface Demand extends Resources {
  readonly attributes: readonly WantedAttribute[];
  /** Its ports are fixed by choice (network mode bridge): host port 0 would get each task a free one. */
  readonly portsCouldBeDynamic: boolean;
}

/** A container instance as the forecast sees it. */
export interface Host {
  /** Its id in ECS: the last part of the container instance's ARN. */
  readonly id: string;
  /** One that is not there yet; it is taken to meet every constraint. */
  readonly isNew?: true;
  /** As people know it: `i-0abc (m5.large)`. */
  readonly label: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly capacityProvider?: string;
  /** ACTIVE, and its agent is connected. */
  readonly takesTasks: boolean;
  /** Values by name; an empty text for an attribute without a value. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly free: Room;
  /** What it offers when no task runs on it. */
  readonly whole: Room;
}

/** What is left on a host. */
export interface Room {
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  /** Host ports that are taken. */
  readonly takenPorts: readonly string[];
  /** Network interfaces that tasks may still have; absent where it is not known. */
  readonly interfaces?: number;
}

/** A task of a service that runs or starts. */
export interface PlacedTask extends Resources {
  /** Absent on Fargate, and while it waits for a host. */
  readonly hostId?: string;
  readonly capacityProvider?: string;
  /** False while it starts, and once it has been asked to stop: then it goes at once and counts for nothing. */
  readonly isRunning: boolean;
}

/** A capacity provider in a service's strategy. */
export interface StrategyItem {
  readonly provider: string;
  readonly base: number;
  readonly weight: number;
  /** Fargate needs no host. */
  readonly onFargate: boolean;
  /** Managed scaling is on: a task that fits nowhere waits for a host instead of failing. */
  readonly isManaged: boolean;
}

/** What a service is about to do, as far as hosts are concerned. */
export interface Rollout {
  readonly service: string;
  readonly desiredCount: number;
  /** Percent. */
  readonly minimumHealthyPercent: number;
  /** Percent. */
  readonly maximumPercent: number;
  readonly demand: Demand;
  /** One task on each host that fits; `desiredCount` is the number of those. */
  readonly isDaemon: boolean;
  readonly distinctInstance: boolean;
  /** Hosts that meet the `memberOf` constraints; absent where there are none. */
  readonly eligibleHostIds?: ReadonlySet<string>;
  readonly placementStrategy: readonly PlacementStrategy[];
  /** Empty for launch type EC2: any host of the cluster. */
  readonly strategy: readonly StrategyItem[];
  /** Old tasks stay until every new one runs: blue/green, linear and canary deployments. */
  readonly runsBeside: boolean;
  /** Tasks that the rollout replaces, in the order in which they stop. */
  readonly old: readonly PlacedTask[];
  /** Tasks that stay: those of the deployment that goes on. */
  readonly kept: readonly PlacedTask[];
}

/** Why a host takes no (further) task of a rollout. */
export type Misfit =
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "memberOf" }
  | { readonly kind: "distinctInstance" }
  | { readonly kind: "port"; readonly port: string }
  | { readonly kind: "memory"; readonly freeMiB: number }
  | { readonly kind: "cpu"; readonly free: number }
  | { readonly kind: "gpu"; readonly free: number }
  | { readonly kind: "interface" };

/** How a simulated rollout ended for one service. */
export interface RolloutEnd {
  readonly service: string;
  readonly isStuck: boolean;
  /** New tasks that run at the end. */
  readonly newTasks: number;
  /** Old tasks that still run. */
  readonly oldTasks: number;
  /** New tasks that wait for a host that managed scaling may bring. */
  readonly waiting: number;
  /** At some moment a task fitted nowhere, so that it matters whether managed scaling brings hosts. */
  readonly everUnplaced: boolean;
  /** Hosts that the service might use. */
  readonly candidates: number;
  /** At the end; of those that take no further task. */
  readonly misfits: readonly { readonly host: Host; readonly misfit: Misfit }[];
}
