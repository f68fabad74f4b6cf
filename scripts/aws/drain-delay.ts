import {
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** What the deploy script asks of a target group to know how long a rollout takes. */
interface DrainDelayPort {
  /** Seconds that a target of the group drains; undefined where the group does not say. */
  drainDelaySeconds(targetGroupArn: string): Promise<number | undefined>;
}

/** Elastic Load Balancing through the AWS SDK. */
export function drainDelayPort(settings: ClientSettings, observe: CallObserver): DrainDelayPort {
  const client = paced(new ElasticLoadBalancingV2Client(settings));
  return {
    async drainDelaySeconds(targetGroupArn) {
      const { Attributes = [] } = await call(
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        observe,
        () => client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn })),
      );
      const value = Attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
      return value === undefined ? undefined : Number(value);
    },
  };
}
