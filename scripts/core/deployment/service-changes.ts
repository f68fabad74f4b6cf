import type { CreateServiceRequest, Deployment, Service, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import { alreadyHolds } from "./canonical.ts";

/** One member of UpdateService that would change something. */
export interface ServiceChange {
  readonly member: keyof UpdateServiceRequest;
  readonly from: unknown;
  readonly to: unknown;
}

/** Members that name the service or are decided elsewhere in the plan. */
const addressing = new Set(["service", "cluster", "taskDefinition", "forceNewDeployment"]);

/** DescribeServices shows these on the deployment, not on the service. */
const onDeployment = new Set([
  "serviceConnectConfiguration",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
]);

/**
 * What of `wanted` does not hold yet in the running service. A member that the template leaves out is left as it is,
 * which is what UpdateService does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function serviceChanges(wanted: UpdateServiceRequest, observed: Service): readonly ServiceChange[] {
  const members = Object.keys(wanted) as (keyof UpdateServiceRequest)[];
  return members
    .filter((member) => !addressing.has(member) && wanted[member] !== undefined)
    .map((member) => ({ member, from: observedMember(observed, member), to: wanted[member] }))
    .filter(({ from, to }) => !alreadyHolds(to, from));
}

/** Members that decide what a service is: only CreateService takes them. */
export type FixedAtCreation = Pick<CreateServiceRequest, "launchType" | "schedulingStrategy">;

/** Fixed members that the template wants otherwise than the service was created: that needs a new service. */
export function fixedMembersThatDiffer(
  wanted: FixedAtCreation,
  observed: Service,
): readonly { readonly member: string; readonly from: unknown; readonly to: unknown }[] {
  const launchType = observed.launchType ?? "decided by capacity providers";
  const schedulingStrategy = observed.schedulingStrategy ?? "REPLICA";
  return [
    { member: "launchType", from: launchType, to: wanted.launchType },
    { member: "schedulingStrategy", from: schedulingStrategy, to: wanted.schedulingStrategy },
  ].filter(({ from, to }) => to !== undefined && from !== to);
}

/** The deployment that the service is moving to, or stands on. */
export function primaryDeployment(service: Service): Deployment | undefined {
  return service.deployments?.find(({ status }) => status === "PRIMARY");
}

function observedMember(observed: Service, member: keyof UpdateServiceRequest): unknown {
  const source = onDeployment.has(member) ? primaryDeployment(observed) : observed;
  return (source as Record<string, unknown> | undefined)?.[member];
}
