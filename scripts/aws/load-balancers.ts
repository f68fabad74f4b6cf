import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { LoadBalancersPort } from "../core/ports/load-balancers.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** DescribeLoadBalancers takes at most twenty ARNs; DescribeTargetGroups answers as many without a page. */
const arnsPerCall = 20;

/** Load balancers and target groups through the AWS SDK. */
export function loadBalancersPort(settings: ClientSettings, observe: CallObserver): LoadBalancersPort {
  const client = paced(new ElasticLoadBalancingV2Client(settings));

  /** One ARN that does not exist fails a whole call: then each is asked for alone. */
  const existing = async <Found>(
    arns: readonly string[],
    notFound: string,
    ask: (batch: string[]) => Promise<readonly Found[]>,
  ): Promise<readonly Found[]> => {
    const answers = await inBatches(arns, arnsPerCall, async (batch) => {
      try {
        return await ask(batch);
      } catch (error) {
        if (!isAwsError(error, notFound)) throw error;
        if (batch.length === 1) return [];
        return (await Promise.all(batch.map((arn) => existing([arn], notFound, ask)))).flat();
      }
    });
    return answers.flat();
  };

  return {
    targetGroups: (arns) =>
      existing(arns, "TargetGroupNotFoundException", async (TargetGroupArns) => {
        const { TargetGroups = [] } = await call("elasticloadbalancing:DescribeTargetGroups", observe, () =>
          client.send(new DescribeTargetGroupsCommand({ TargetGroupArns })),
        );
        return TargetGroups;
      }),

    loadBalancers: (arns) =>
      existing(arns, "LoadBalancerNotFoundException", async (LoadBalancerArns) => {
        const { LoadBalancers = [] } = await call("elasticloadbalancing:DescribeLoadBalancers", observe, () =>
          client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns })),
        );
        return LoadBalancers;
      }),
  };
}
