/**
 * Which targets RegisterTargets takes, in AWS's words for those that it refuses.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
 */
import ipaddr from "ipaddr.js";

import type { TargetGroupRecord } from "./state.ts";

/** What is wrong with a request, as Elastic Load Balancing says it. */
export interface Refusal {
  readonly code: "ValidationError" | "InvalidTarget";
  readonly message: string;
}

/** A target as asked for. */
interface Asked {
  readonly id: string;
  readonly port: number | undefined;
}

const highestPort = 65_535;

/**
 * What keeps targets from being registered; undefined when nothing does.
 *
 * @param instances states by instance id, of those that exist
 */
export function refusalOf(
  { targetType }: TargetGroupRecord,
  targets: readonly Asked[],
  instances: ReadonlyMap<string, string>,
): Refusal | undefined {
  const badPort = targets.find(({ port }) => port !== undefined && !(port >= 1 && port <= highestPort));
  if (badPort) return invalid(`Port '${badPort.port ?? ""}' is not valid`);
  if (targetType === "instance") return refusedInstances(targets, instances);
  const wrong = targets.find(({ id }) => !ipaddr.isValid(id));
  return targetType === "ip" && wrong
    ? invalid(`The IP address '${wrong.id}' is not a valid IPv4 address`)
    : undefined;
}

function refusedInstances(
  targets: readonly Asked[],
  instances: ReadonlyMap<string, string>,
): Refusal | undefined {
  const wrong = targets.find(({ id }) => !/^i-[0-9a-f]{8,17}$/.test(id));
  if (wrong) return invalid(`Instance ID '${wrong.id}' is not valid`);
  if (targets.some(({ id }) => !instances.has(id))) {
    return {
      code: "InvalidTarget",
      message:
        "The specified target does not exist, is not in the same VPC as the target group, or has an unsupported instance type.",
    };
  }
  const resting = targets.filter(({ id }) => instances.get(id) !== "running").map(({ id }) => `'${id}'`);
  if (resting.length === 0) return undefined;
  return {
    code: "InvalidTarget",
    message: `The following targets are not in a running state and cannot be registered: ${resting.join(", ")}`,
  };
}

function invalid(message: string): Refusal {
  return { code: "ValidationError", message };
}
