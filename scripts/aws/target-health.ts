import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { TargetHealthPort } from "../core/ports/target-health.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** Target groups and their targets through the AWS SDK. */
export function targetHealthPort(settings: ClientSettings, observe: CallObserver): TargetHealthPort {
  const client = paced(new ElasticLoadBalancingV2Client(settings));

  const oneGroup = async (arn: string) => {
    try {
      const { TargetGroups = [] } = await call("elasticloadbalancing:DescribeTargetGroups", observe, () =>
        client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
      );
      return TargetGroups;
    } catch (error) {
      if (isAwsError(error, "TargetGroupNotFoundException")) return [];
      throw error;
    }
  };

  return {
    // One that does not exist fails the whole call, so each is asked for alone; a service has five at most.
    async targetGroups(arns) {
      const answers = await Promise.all(arns.map(oneGroup));
      return answers.flat();
    },

    async targetHealth(targetGroupArn) {
      const { TargetHealthDescriptions = [] } = await call(
        "elasticloadbalancing:DescribeTargetHealth",
        observe,
        () => client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
      );
      return TargetHealthDescriptions;
    },
  };
}
