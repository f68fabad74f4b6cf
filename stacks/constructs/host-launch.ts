import type { AutoscalingGroupConfig } from "@cdktf/provider-aws/lib/autoscaling-group/index.js";
import type { InstanceGroupSettings } from "../../scripts/core/environments.ts";

/** A version of a launch template. */
interface TemplateVersion {
  readonly id: string;
  readonly version: string;
}

/**
 * What a group launches: its one type, or several with On-Demand and Spot hosts mixed. Spot hosts come from the pools
 * that are least likely to be taken away, cheapest of those first, and one that is about to be is replaced beforehand.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
 */
export function launchSettings(
  { instanceType, otherInstanceTypes = [], spot }: InstanceGroupSettings,
  { id, version }: TemplateVersion,
): Pick<AutoscalingGroupConfig, "launchTemplate" | "mixedInstancesPolicy" | "capacityRebalance"> {
  if (otherInstanceTypes.length === 0 && spot === undefined) return { launchTemplate: { id, version } };
  return {
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: id, version },
        override: [instanceType, ...otherInstanceTypes].map((type) => ({ instanceType: type })),
      },
      instancesDistribution: {
        onDemandAllocationStrategy: "prioritized",
        onDemandBaseCapacity: spot?.onDemandBase ?? 0,
        onDemandPercentageAboveBaseCapacity: spot?.onDemandPercent ?? 100,
        spotAllocationStrategy: "price-capacity-optimized",
      },
    },
    ...(spot === undefined ? {} : { capacityRebalance: true }),
  };
}

/**
 * How hosts are replaced when their launch template has a new version, as for a new image: new ones first, and each old
 * one is drained by ECS before it ends, also one that is protected because it runs tasks.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export function refreshSettings({
  refresh,
}: InstanceGroupSettings): Pick<AutoscalingGroupConfig, "instanceRefresh"> {
  if (refresh === false) return {};
  return {
    instanceRefresh: {
      strategy: "Rolling",
      preferences: {
        minHealthyPercentage: refresh.minHealthyPercent,
        maxHealthyPercentage: refresh.maxHealthyPercent,
        skipMatching: true,
        scaleInProtectedInstances: "Refresh",
        // Hosts whose image does not start are taken back.
        autoRollback: true,
      },
    },
  };
}
