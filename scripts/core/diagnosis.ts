/** Why tasks of a rollout died, or never started: the machine's word for it. */
export type DiagnosisKind =
  | "imageNotFound"
  | "imagePlatform"
  | "registryDenied"
  /** The registry's own rate limit, as Docker Hub has one. */
  | "registryLimit"
  /** A registry, a secret store or CloudWatch Logs could not be reached over the network. */
  | "unreachable"
  | "crashed"
  | "exitedCleanly"
  /** The container's process could not be started at all: no such program, not executable, a bad mount. */
  | "cannotStart"
  | "outOfMemory"
  | "diskFull"
  | "containerHealthCheck"
  | "targetAnswersWrong"
  | "targetTimesOut"
  | "targetRefuses"
  /** Unhealthy to the load balancer in another way, or without a word why. */
  | "targetUnhealthy"
  | "secretMissing"
  | "secretDenied"
  | "logGroupMissing"
  | "logsDenied"
  /** ECS cannot act as the task's execution role or task role. */
  | "roleUnusable"
  | "noHosts"
  | "noCpu"
  | "noMemory"
  | "portInUse"
  | "placementConstraint"
  /** No free network interface or address for a task with one of its own. */
  | "noNetworkInterface"
  /** AWS itself has no room on Fargate or Spot. */
  | "noCapacity"
  /** The machine under the tasks went away: Spot, scale-in, termination. */
  | "hostLost"
  | "volume"
  | "alarm"
  | "hook"
  /** A listener rule that blue/green traffic could not be shifted on. */
  | "trafficShift"
  | "quota"
  | "throttled"
  | "stuckByConfiguration"
  /** Somebody stopped the tasks, or asked ECS to roll back. */
  | "stoppedByHand"
  | "other"
  /** Something that would explain more could not be read. */
  | "unreadable";

/** One cause of a failed rollout, in sentences for the person who has to mend it. */
export interface Diagnosis {
  readonly kind: DiagnosisKind;
  /** Tasks that died of it; 0 where it is not about single tasks. */
  readonly tasks: number;
  /** One sentence that names the cause. */
  readonly cause: string;
  /** One sentence that says what to do. */
  readonly remedy: string;
  /** AWS's own words, exit codes and the container's last log lines, one line each. */
  readonly evidence: readonly string[];
}
