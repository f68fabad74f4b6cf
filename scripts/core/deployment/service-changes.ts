import type {
  CreateServiceRequest,
  Deployment,
  Service,
  ServiceRevision,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

import { differences, type Difference } from "../diff/compare.ts";
import { membersOf } from "../diff/members.ts";
import { comparableMember, runningDeployment } from "../diff/service-form.ts";

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
 * Members of UpdateService that ECS keeps in the service revision: to change one begins a deployment, and a rollback
 * brings it back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html
 */
export const membersOfRevision: ReadonlySet<string> = new Set([
  "taskDefinition",
  "networkConfiguration",
  "platformVersion",
  "loadBalancers",
  "serviceRegistries",
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
  return comparedMembers(wanted)
    .filter((member) => memberDifferences(wanted, observed, member).length > 0)
    .map((member) => ({ member, from: observedMember(observed, member), to: wanted[member] }));
}

/** The same, place by place. */
export function serviceDifferences(wanted: UpdateServiceRequest, observed: Service): readonly Difference[] {
  return comparedMembers(wanted).flatMap((member) => memberDifferences(wanted, observed, member));
}

function comparedMembers(wanted: UpdateServiceRequest): readonly (keyof UpdateServiceRequest)[] {
  const members = Object.keys(wanted) as (keyof UpdateServiceRequest)[];
  return members.filter((member) => !addressing.has(member) && wanted[member] !== undefined);
}

/**
 * AWS answers more of a structure than it was given (names that it made up, sizes that it chose), so a plain value
 * that only the running service has is no difference; a whole list or structure is.
 */
function memberDifferences(
  wanted: UpdateServiceRequest,
  observed: Service,
  member: keyof UpdateServiceRequest,
): readonly Difference[] {
  const from = observedMember(observed, member);
  const filledIn = { filledIn: true };
  if (member === "deploymentConfiguration") {
    // UpdateService keeps the parts of the configuration that it is not given.
    const running = runningDeployment(from);
    return Object.entries(membersOf(comparableMember(member, wanted[member]))).flatMap(([part, to]) =>
      differences(running[part], to, `${member}.${part}`, filledIn),
    );
  }
  if (member === "loadBalancers" && observed.deploymentController?.type === "CODE_DEPLOY") {
    // Which target group of the pair has the traffic changes with each deployment.
    return differences(withoutTargetGroups(from), withoutTargetGroups(wanted[member]), member, filledIn);
  }
  const to = comparableMember(member, wanted[member]);
  const found = differences(comparableMember(member, from), to, member, filledIn);
  return member === "serviceConnectConfiguration" ? found.filter(isNoNamespaceByArn) : found;
}

function withoutTargetGroups(loadBalancers: unknown): unknown {
  if (!Array.isArray(loadBalancers)) return loadBalancers;
  return loadBalancers.map((one: unknown) => {
    const { targetGroupArn: _, ...rest } = membersOf(one);
    return rest;
  });
}

/** A Cloud Map namespace is answered by ARN now and by name then, however it was given. */
function isNoNamespaceByArn({ path, from, to }: Difference): boolean {
  if (path !== "serviceConnectConfiguration.namespace") return true;
  return [from, to].filter((name) => typeof name === "string" && name.startsWith("arn:")).length !== 1;
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

/** Members of UpdateService that only the service's revision tells of, not DescribeServices. */
export const toldByRevision = [
  "gatewayConnectors",
  "monitoring",
] as const satisfies readonly (keyof ServiceRevision & keyof UpdateServiceRequest)[];

/** The service with the members that only its service revision tells of beside the others. */
export function withRevisionMembers(service: Service, revision: ServiceRevision): Service {
  return { ...service, ...Object.fromEntries(toldByRevision.map((member) => [member, revision[member]])) };
}

/** What a running service has in a member of UpdateService, wherever AWS tells of it. */
export function observedMember(observed: Service, member: keyof UpdateServiceRequest): unknown {
  const source = onDeployment.has(member) ? primaryDeployment(observed) : observed;
  return (source as Readonly<Record<string, unknown>> | undefined)?.[member];
}
