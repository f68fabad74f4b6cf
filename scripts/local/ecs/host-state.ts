/** A container instance: an EC2 instance of an auto-scaling group, registered with a cluster. */
export interface HostRecord {
  id: string;
  arn: string;
  clusterName: string;
  ec2InstanceId: string;
  instanceType: string;
  availabilityZone: string;
  subnetId: string;
  address: string;
  imageId: string;
  autoScalingGroup: string;
  capacityProvider: string | null;
  /** REGISTERING while a host that managed scaling asked for starts up. */
  status: "REGISTERING" | "ACTIVE" | "DRAINING";
  /** Whether its group has taken it away and only its tasks keep it here. */
  retired?: boolean;
  /** When one that is REGISTERING will be ACTIVE. */
  registersAt?: number;
  vpcId?: string;
  /** `x86_64` unless told otherwise. */
  cpuArchitecture?: "x86_64" | "arm64";
  /** How many network interfaces the instance type takes, its own included; no limit when unknown. */
  maximumInterfaces?: number;
  /** Attributes that somebody put on it, by name; null for one without a value. */
  attributes?: Record<string, string | null>;
  cpu: number;
  memoryMiB: number;
  registeredAt: number;
  /** ARNs of the tasks that hold resources of it: those that have not stopped. */
  taskArns: string[];
  /** The port that a dynamic mapping takes next. */
  nextDynamicPort: number;
}

/** An auto-scaling group, as far as managed scaling needs it. */
export interface AutoScalingGroupRecord {
  name: string;
  arn: string;
  minimum: number;
  maximum: number;
  /** Without those that an instance refresh has launched beyond it. */
  desired: number;
  /** What a host of its instance type offers; null while it has none to tell by. */
  size: { cpu: number; memoryMiB: number } | null;
  /** The version of the launch template that it launches from now, as `ID:NUMBER`; null without one. */
  template?: string | null;
  /** From an instance's launch until it counts as ready to an instance refresh, in milliseconds. */
  warmup?: number;
  /** By EC2 id, oldest first. */
  instances?: Record<string, GroupInstance>;
}

/** An instance of an auto-scaling group, whether or not it is a host of a cluster. */
interface GroupInstance {
  /** What the group launched from when it came. */
  template: string | null;
  since: number;
  /** Whether it is protected from scaling in. */
  protected: boolean;
}
