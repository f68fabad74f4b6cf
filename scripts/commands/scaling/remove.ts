import { AwsCallError } from "../../core/errors.ts";
import { shortName } from "../../core/short-name.ts";
import type { ServiceName } from "../rollout/job.ts";
import type { RunContext } from "../run-context.ts";
import { scalingPorts } from "./facts.ts";

/** What scales a service that is to be deleted. */
export interface RemovableScaling {
  /** Tasks at least and at most, as in `2 to 10 tasks`. */
  readonly range: string;
  /** Takes it away with its policies, their alarms and its scheduled actions. */
  readonly remove: () => Promise<void>;
}

/**
 * What scales a service, whether the service is still there or not; undefined where nothing does. AWS leaves it behind
 * when the service is deleted. Where it may not be read, a warning says how to look.
 *
 * @throws AwsCallError from `remove`
 */
export async function scalingOfService(
  { serviceName, cluster }: ServiceName,
  context: Pick<RunContext, "connect" | "emit" | "region">,
): Promise<RemovableScaling | undefined> {
  const { scaling, plans } = await scalingPorts(context);
  const { emit, region } = context;
  try {
    const target = (await scaling.describeTargets(cluster, [serviceName])).get(serviceName);
    if (target === undefined) return undefined;
    return {
      range: `${target.minCapacity} to ${target.maxCapacity} tasks`,
      remove: async () => {
        await plans.deregister(cluster, serviceName);
        emit({ type: "autoscalingRemoved", service: serviceName });
      },
    };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const id = `service/${shortName(cluster)}/${shortName(serviceName)}`;
    const message = `What scales it could not be read, so it may be left behind (${error.message})\n  To look: aws application-autoscaling describe-scalable-targets --region ${region} --service-namespace ecs --resource-ids ${id}`;
    emit({ type: "warning", service: serviceName, message });
    return undefined;
  }
}
