import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { LoadBalancer } from "@aws-sdk/client-ecs";

import { RefusedError } from "../errors.ts";
import { targetGroupNameOf } from "./task-sets.ts";

/** The container and port that get the traffic. */
export interface BalancedContainer {
  readonly containerName: string;
  readonly containerPort: number;
}

/** Names of the group's two target groups; none where nobody knows them. */
function pairOf({ loadBalancerInfo }: DeploymentGroupInfo): readonly string[] {
  const [pair] = loadBalancerInfo?.targetGroupPairInfoList ?? [];
  return (pair?.targetGroups ?? []).flatMap(({ name }) => name ?? []);
}

/**
 * Which container of a service the group's pair of target groups belongs to.
 *
 * @param loadBalancers the template's, else those that the service has
 * @throws RefusedError where none of them is the pair's, or several are
 */
export function balancedContainer(
  serviceName: string,
  loadBalancers: readonly LoadBalancer[],
  group: DeploymentGroupInfo,
): BalancedContainer {
  const pair = pairOf(group);
  const ofPair = loadBalancers.filter(({ targetGroupArn }) =>
    pair.includes(targetGroupNameOf(targetGroupArn) ?? ""),
  );
  const candidates = pair.length === 0 ? loadBalancers : ofPair;
  const different = [
    ...new Map(
      candidates.map((one) => [`${one.containerName ?? "?"}:${one.containerPort ?? "?"}`, one]),
    ).values(),
  ];
  const [only, ...more] = different;
  if (only?.containerName !== undefined && only.containerPort !== undefined && more.length === 0) {
    return { containerName: only.containerName, containerPort: only.containerPort };
  }
  const pairText = pair.join(" and ");
  if (only === undefined) {
    const named = loadBalancers.map(({ targetGroupArn }) => targetGroupNameOf(targetGroupArn) ?? "none");
    throw new RefusedError(
      `Service ${serviceName}: none of its load balancers is of the deployment group's pair of target groups, ${pairText}; loadBalancers names ${named.join(", ") || "none"}. Name one of the pair in service.json.`,
    );
  }
  const list = different.map(
    ({ containerName, containerPort }) => `${containerName ?? "?"}:${containerPort ?? "?"}`,
  );
  throw new RefusedError(
    `Service ${serviceName}: it is unclear which container gets the traffic of ${pairText}: loadBalancers names ${list.join(" and ")} for them. CodeDeploy moves one; leave one in service.json.`,
  );
}
