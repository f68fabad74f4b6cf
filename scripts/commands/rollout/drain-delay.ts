import type { Service } from "@aws-sdk/client-ecs";

import { historyIn } from "../../core/deployment/pace.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { RunContext } from "../run-context.ts";

/**
 * How long the old tasks of a service drain at least, in milliseconds: asked of its first target group, and only
 * where the service's own log of earlier rollouts does not tell. Undefined where there is nothing to drain, or nobody
 * who may ask.
 */
export async function drainsFor(
  service: Service | undefined,
  { connect }: RunContext,
): Promise<number | undefined> {
  const targetGroupArn = service?.loadBalancers?.[0]?.targetGroupArn;
  if (service === undefined || targetGroupArn === undefined || (service.runningCount ?? 0) === 0)
    return undefined;
  if (historyIn(service, (date) => date.getTime()).stoppingMs !== undefined) return undefined;
  const { drainDelayPort } = await import("../../aws/drain-delay.ts");
  try {
    const seconds = await connect(drainDelayPort).drainDelaySeconds(targetGroupArn);
    return seconds === undefined ? undefined : seconds * 1_000;
  } catch (error) {
    // It only tells how often to look.
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}
