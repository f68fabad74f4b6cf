import {
  DescribeTagsCommand,
  paginateDescribeListeners,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { TrafficPort, TrafficTags } from "../core/ports/traffic.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";

/** DescribeTags takes at most twenty ARNs. */
const arnsPerCall = 20;

/** The most that a page of target groups, listeners or rules holds. */
const pageSize = 400;

const gone = ["TargetGroupNotFoundException", "RuleNotFoundException", "ListenerNotFoundException"];

type TrafficReader = Pick<TrafficPort, "targetGroups" | "tags" | "listeners" | "rules">;

/** What only looks at rules and target groups. */
export function trafficReader(client: ElasticLoadBalancingV2Client, observe: CallObserver): TrafficReader {
  const tagsOf = async (ResourceArns: string[]): Promise<readonly (readonly [string, TrafficTags])[]> => {
    try {
      const { TagDescriptions = [] } = await call("elasticloadbalancing:DescribeTags", observe, () =>
        client.send(new DescribeTagsCommand({ ResourceArns })),
      );
      return TagDescriptions.map(({ ResourceArn = "", Tags = [] }) => [
        ResourceArn,
        Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      ]);
    } catch (error) {
      if (!gone.some((name) => isAwsError(error, name))) throw error;
      // One that was deleted meanwhile fails the whole call: then each is asked for alone.
      if (ResourceArns.length === 1) return [];
      return (await Promise.all(ResourceArns.map((arn) => tagsOf([arn])))).flat();
    }
  };

  return {
    async targetGroups(namePrefix) {
      const found: TargetGroup[] = [];
      await call("elasticloadbalancing:DescribeTargetGroups", observe, async () => {
        for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client, pageSize }, {})) {
          found.push(
            ...TargetGroups.filter(({ TargetGroupName = "" }) => TargetGroupName.startsWith(namePrefix)),
          );
        }
      });
      return found;
    },

    async tags(arns) {
      const answers = await inBatches(arns, arnsPerCall, tagsOf);
      return new Map(answers.flat());
    },

    async listeners(LoadBalancerArn) {
      const found: Listener[] = [];
      try {
        await call("elasticloadbalancing:DescribeListeners", observe, async () => {
          const pages = paginateDescribeListeners({ client, pageSize }, { LoadBalancerArn });
          for await (const { Listeners = [] } of pages) found.push(...Listeners);
        });
      } catch (error) {
        if (!isAwsError(error, "LoadBalancerNotFoundException")) throw error;
      }
      return found;
    },

    async rules(ListenerArn) {
      const found: Rule[] = [];
      try {
        await call("elasticloadbalancing:DescribeRules", observe, async () => {
          const pages = paginateDescribeRules({ client, pageSize }, { ListenerArn });
          for await (const { Rules = [] } of pages) found.push(...Rules);
        });
      } catch (error) {
        if (!isAwsError(error, "ListenerNotFoundException")) throw error;
      }
      return found;
    },
  };
}
