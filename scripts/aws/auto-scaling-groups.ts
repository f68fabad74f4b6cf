import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";

import type { AutoScalingGroupsPort } from "../core/ports/auto-scaling-groups.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeAutoScalingGroups answers at most a hundred a page. */
const groupsPerCall = 100;

/** Auto-scaling groups through the AWS SDK. */
export function autoScalingGroupsPort(
  settings: ClientSettings,
  observe: CallObserver,
): AutoScalingGroupsPort {
  const client = paced(new AutoScalingClient(settings));

  return {
    async describe(names) {
      const answers = await inBatches(names, groupsPerCall, (batch) =>
        call("autoscaling:DescribeAutoScalingGroups", observe, () =>
          client.send(
            new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: batch, MaxRecords: groupsPerCall }),
          ),
        ),
      );
      return answers
        .flatMap(({ AutoScalingGroups = [] }) => AutoScalingGroups)
        .map((group) => ({
          name: group.AutoScalingGroupName ?? "",
          arn: group.AutoScalingGroupARN ?? "",
          desiredCapacity: group.DesiredCapacity ?? 0,
          maxSize: group.MaxSize ?? 0,
        }));
    },
  };
}
