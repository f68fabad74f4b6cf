import { setTimeout } from "node:timers/promises";

import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type DescribeScalableTargetsResponse,
  type ScalableTarget as AwsTarget,
} from "@aws-sdk/client-application-auto-scaling";

import type { AutoScalingPort, ScalableTarget } from "../core/ports/auto-scaling.ts";
import { shortName } from "../core/short-name.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** A page holds at most fifty targets, so one call for as many ids is one page. */
const targetsPerCall = 50;

/** Something else of the target is being changed. */
const busy = "ConcurrentUpdateException";
const triesWhileBusy = 5;
const triesAgainAfterMs = 1_000;

const desiredCount = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Application Auto Scaling through the AWS SDK. */
export function autoScalingPort(settings: ClientSettings, observe: CallObserver): AutoScalingPort {
  const client = paced(new ApplicationAutoScalingClient(settings));

  const describe = async (ResourceIds: string[]): Promise<AwsTarget[]> => {
    const targets: AwsTarget[] = [];
    let page: { NextToken?: string } | undefined = {};
    while (page !== undefined) {
      const input = { ...desiredCount, ...page, ResourceIds, MaxResults: targetsPerCall };
      const answer: DescribeScalableTargetsResponse = await call(
        "application-autoscaling:DescribeScalableTargets",
        observe,
        () => client.send(new DescribeScalableTargetsCommand(input)),
      );
      targets.push(...(answer.ScalableTargets ?? []));
      page = answer.NextToken === undefined ? undefined : { NextToken: answer.NextToken };
    }
    return targets;
  };

  return {
    async describeTargets(cluster, services) {
      const named = new Map(services.map((service) => [resourceId(cluster, service), service]));
      const answers = await inBatches([...named.keys()], targetsPerCall, describe);
      return new Map(
        answers.flat().flatMap((target): [string, ScalableTarget][] => {
          const service = named.get(target.ResourceId ?? "");
          return service === undefined ? [] : [[service, scalableTarget(target)]];
        }),
      );
    },

    async suspend(cluster, service, { dynamicScalingIn, dynamicScalingOut, scheduledScaling }) {
      const input = {
        ...desiredCount,
        ResourceId: resourceId(cluster, service),
        SuspendedState: {
          DynamicScalingInSuspended: dynamicScalingIn,
          DynamicScalingOutSuspended: dynamicScalingOut,
          ScheduledScalingSuspended: scheduledScaling,
        },
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          await call("application-autoscaling:RegisterScalableTarget", observe, () =>
            client.send(new RegisterScalableTargetCommand(input)),
          );
          return;
        } catch (error) {
          if (!isAwsError(error, busy) || attempt === triesWhileBusy) throw error;
          await setTimeout(triesAgainAfterMs);
        }
      }
    },
  };
}

function resourceId(cluster: string, service: string): string {
  return `service/${shortName(cluster)}/${shortName(service)}`;
}

function scalableTarget({ MinCapacity, MaxCapacity, SuspendedState }: AwsTarget): ScalableTarget {
  return {
    minCapacity: MinCapacity ?? 0,
    maxCapacity: MaxCapacity ?? 0,
    suspension: {
      dynamicScalingIn: SuspendedState?.DynamicScalingInSuspended ?? false,
      dynamicScalingOut: SuspendedState?.DynamicScalingOutSuspended ?? false,
      scheduledScaling: SuspendedState?.ScheduledScalingSuspended ?? false,
    },
  };
}
