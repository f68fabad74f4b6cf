import { counted } from "../diagnosis/facts.ts";

/** One look at a version that gets traffic. */
export interface Look {
  /** Alarms by name with their states, as in `ALARM`; those to leave out are left out. */
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
  /** States of the targets of its target group, as in `healthy`. */
  readonly targets: readonly string[];
  readonly runningCount: number;
  /** Of the service's deployment, as in `COMPLETED`. */
  readonly rolloutState?: string;
}

/** Why the traffic has to go back. */
export type Fault =
  | { readonly kind: "alarm"; readonly alarm: string }
  | { readonly kind: "targets"; readonly unhealthy: number; readonly healthy: number }
  | { readonly kind: "tasks"; readonly running: number; readonly before: number }
  | { readonly kind: "rollout" };

/**
 * What one look tells of a version. One target that turned unhealthy is enough, and so is one task that stopped:
 * autoscaling takes none away while the traffic moves, and going back costs nothing.
 *
 * @param before its tasks when the watch began
 */
export function judge(look: Look, before: number): Fault | undefined {
  const alarm = look.alarms.find(({ state }) => state === "ALARM");
  if (alarm !== undefined) return { kind: "alarm", alarm: alarm.name };
  const of = (state: string): number => look.targets.filter((one) => one === state).length;
  if (of("unhealthy") > 0 || of("healthy") === 0) {
    return { kind: "targets", unhealthy: of("unhealthy"), healthy: of("healthy") };
  }
  if (look.rolloutState === "FAILED") return { kind: "rollout" };
  return look.runningCount < before ? { kind: "tasks", running: look.runningCount, before } : undefined;
}

/** A fault as the end of a sentence. */
export function faultText(fault: Fault): string {
  switch (fault.kind) {
    case "alarm":
      return `alarm ${fault.alarm} fired`;
    case "targets":
      return fault.healthy === 0
        ? "none of its targets is healthy"
        : `${counted(fault.unhealthy, "target")} turned unhealthy, ${fault.healthy} still healthy`;
    case "tasks":
      return `only ${fault.running} of its ${counted(fault.before, "task")} still run`;
    case "rollout":
      return "ECS calls its deployment failed";
  }
}
