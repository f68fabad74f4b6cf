import type { Service } from "@aws-sdk/client-ecs";

import { AwsCallError } from "../../core/errors.ts";
import { autoscalingTemplate } from "../../core/init/autoscaling-template.ts";
import { resourceLabel } from "../../core/scaling/request-count.ts";
import type { RunContext } from "../run-context.ts";
import { currentScaling } from "./facts.ts";

/**
 * The template of what scales a running service; null where nothing does, undefined where that can't be read, which is
 * said: its desired count is written out then.
 */
export async function scalingTemplate(
  { serviceName = "", loadBalancers = [] }: Service,
  cluster: string,
  context: RunContext,
): Promise<object | null | undefined> {
  try {
    const current = await currentScaling({ cluster, serviceName }, context);
    return current === undefined
      ? null
      : autoscalingTemplate(current, await ownLabel(loadBalancers, context));
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const message = `Whether autoscaling owns the desired count could not be read, so it is written out (${error.message})`;
    context.emit({ type: "warning", service: serviceName, message });
    return undefined;
  }
}

async function ownLabel(
  loadBalancers: NonNullable<Service["loadBalancers"]>,
  { connect }: RunContext,
): Promise<string | undefined> {
  const [arn, ...others] = loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  if (arn === undefined || others.length > 0) return undefined;
  const { loadBalancersPort } = await import("../../aws/load-balancers.ts");
  const [group] = await connect(loadBalancersPort).targetGroups([arn]);
  const [balancer] = group?.LoadBalancerArns ?? [];
  return balancer === undefined ? undefined : resourceLabel(balancer, arn);
}
