/**
 * What a deployment group for ECS must be made of, in AWS's words where they are known.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
 */
import type {
  AlarmConfiguration,
  AutoRollbackConfiguration,
  BlueGreenDeploymentConfiguration,
  CreateDeploymentGroupCommandInput,
  ECSService,
  LoadBalancerInfo,
  TargetGroupPairInfo,
} from "@aws-sdk/client-codedeploy";

import { nameOf, type Call } from "../../ecs/api/call.ts";
import type { ServiceRecord } from "../../ecs/state.ts";
import { routingOf } from "../configs.ts";
import { longestReadyWaitMinutes, longestTerminationWaitMinutes } from "../durations.ts";
import type { DeploymentGroupRecord } from "../state.ts";
import { configNotFound } from "./configs.ts";
import { refusal } from "./errors.ts";

type Settings = Pick<
  CreateDeploymentGroupCommandInput,
  | "deploymentStyle"
  | "ec2TagFilters"
  | "ec2TagSet"
  | "onPremisesInstanceTagFilters"
  | "onPremisesTagSet"
  | "autoScalingGroups"
>;

/** Refuses what belongs to groups of instances, and any style but blue/green behind a load balancer. */
export function checkStyle(input: Settings, created: boolean): void {
  const { deploymentType, deploymentOption } = input.deploymentStyle ?? {};
  const blueGreen = deploymentType === "BLUE_GREEN" && deploymentOption === "WITH_TRAFFIC_CONTROL";
  if (!blueGreen && (created || input.deploymentStyle)) {
    throw refusal(
      "InvalidDeploymentStyle",
      "For ECS deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL.",
    );
  }
  if ((input.autoScalingGroups ?? []).length > 0) {
    throw refusal(
      "InvalidAutoScalingGroup",
      "For ECS deployment group, autoScalingGroups can not be specified",
    );
  }
  const filters = [...(input.ec2TagFilters ?? []), ...(input.onPremisesInstanceTagFilters ?? [])];
  if (filters.length > 0 || input.ec2TagSet || input.onPremisesTagSet) {
    throw refusal("InvalidEC2Tag", "For ECS deployment group, tag filters can not be specified");
  }
}

/** The service record of a group's service; names and ARNs are taken alike. */
export function serviceOf({ state }: Pick<Call, "state">, service: ECSService): ServiceRecord | undefined {
  const [cluster, name] = [nameOf(service.clusterName ?? "default"), nameOf(service.serviceName ?? "")];
  return state.ecs.services[`arn:aws:ecs:${state.region}:${state.account}:service/${cluster}/${name}`];
}

/** The one ECS service of a group; it must be there, under CODE_DEPLOY, and no other group's. */
export function checkService(
  call: Call,
  services: ECSService[] | undefined,
  own: DeploymentGroupRecord | undefined,
): ECSService {
  const [service] = services ?? [];
  if (!service || services?.length !== 1) {
    throw refusal("InvalidECSService", "For ECS deployment group, exactly one ecsService must be specified");
  }
  const found = serviceOf(call, service);
  const { clusterName = "default", serviceName = "" } = service;
  if (!found || found.status === "INACTIVE") {
    throw refusal(
      "InvalidECSService",
      `Could not load ECS service information for cluster: ${clusterName}, service: ${serviceName}. Cause: Service not found.`,
    );
  }
  if (found.deploymentController.type !== "CODE_DEPLOY") {
    throw refusal(
      "InvalidECSService",
      "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
    );
  }
  const groups = Object.values(call.state.codedeploy.applications).flatMap(({ groups: all }) =>
    Object.values(all),
  );
  const other = groups.find(
    (group) => group.id !== own?.id && serviceOf(call, group.service)?.arn === found.arn,
  );
  if (other) {
    throw refusal(
      "ECSServiceMappingLimitExceeded",
      `The Amazon ECS service ${serviceName} is already associated with deployment group ${other.name}. An Amazon ECS service can be associated with only one deployment group.`,
    );
  }
  return service;
}

/** The pair of target groups with their listeners, of load balancer information that has just that. */
export function checkLoadBalancerInfo(
  { state }: Call,
  info: LoadBalancerInfo | undefined,
  configName: string,
): TargetGroupPairInfo {
  const refuse = (message: string) =>
    refusal("InvalidLoadBalancerInfo", `For ECS deployment group, ${message}`);
  if (!info) throw refuse("loadBalancerInfo must be specified");
  if ((info.elbInfoList ?? []).length > 0) throw refuse("loadBalancerInfo must not contain elbInfo list");
  if ((info.targetGroupInfoList ?? []).length > 0) {
    throw refuse("loadBalancerInfo must not contain targetGroupInfo list");
  }
  const [pair] = info.targetGroupPairInfoList ?? [];
  if (!pair || info.targetGroupPairInfoList?.length !== 1) {
    throw refuse("loadBalancerInfo must contain exactly one targetGroupPairInfo");
  }
  checkPair({ state }, pair);
  const [production] = pair.prodTrafficRoute?.listenerArns ?? [];
  const balancer = state.elb.loadBalancers[state.elb.listeners[production ?? ""]?.loadBalancerArn ?? ""];
  const gradual = routingOf(state.codedeploy, configName)?.type !== "AllAtOnce";
  if (gradual && balancer && balancer.type !== "application") {
    throw refusal(
      "InvalidTrafficRoutingConfiguration",
      "Only ALB supports gradual traffic routing, use AllAtOnce Traffic routing instead when you create/update Deployment group.",
    );
  }
  return pair;
}

function checkPair({ state }: Pick<Call, "state">, pair: TargetGroupPairInfo): void {
  const refuse = (message: string) => refusal("InvalidTargetGroupPair", message);
  const names = (pair.targetGroups ?? []).map(({ name }) => name ?? "");
  if (names.length !== 2 || names[0] === names[1]) {
    throw refuse("A targetGroupPairInfo must contain exactly two different target groups");
  }
  const known = new Set(Object.values(state.elb.targetGroups).map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw refuse(`The target group ${unknown} could not be found`);
  for (const route of ["prodTrafficRoute", "testTrafficRoute"] as const) {
    const arns = pair[route]?.listenerArns;
    if (route === "testTrafficRoute" && arns === undefined) continue;
    const [arn] = arns ?? [];
    if (arn === undefined || arns?.length !== 1)
      throw refuse(`${route} must contain exactly one listener ARN`);
    if (!state.elb.listeners[arn]) throw refuse(`The listener ${arn} could not be found`);
  }
}

/** A group's blue/green configuration, complete. */
export function checkBlueGreen(
  input: BlueGreenDeploymentConfiguration | undefined,
): BlueGreenDeploymentConfiguration {
  const refuse = (message: string) => refusal("InvalidBlueGreenDeploymentConfiguration", message);
  if (!input) throw refuse("For ECS deployment group, blueGreenDeploymentConfiguration must be specified");
  const { actionOnTimeout = "CONTINUE_DEPLOYMENT", waitTimeInMinutes = 0 } =
    input.deploymentReadyOption ?? {};
  if (actionOnTimeout === "CONTINUE_DEPLOYMENT" && waitTimeInMinutes > 0) {
    throw refuse("Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified");
  }
  if (
    actionOnTimeout === "STOP_DEPLOYMENT" &&
    (waitTimeInMinutes < 1 || waitTimeInMinutes > longestReadyWaitMinutes)
  ) {
    throw refuse(
      `With 'STOP_DEPLOYMENT' waitTimeInMinutes must be between 1 and ${longestReadyWaitMinutes}, not ${waitTimeInMinutes}`,
    );
  }
  if (input.greenFleetProvisioningOption) {
    throw refuse("For ECS deployment group, greenFleetProvisioningOption can not be specified");
  }
  const { action = "TERMINATE", terminationWaitTimeInMinutes = 0 } =
    input.terminateBlueInstancesOnDeploymentSuccess ?? {};
  if (terminationWaitTimeInMinutes < 0 || terminationWaitTimeInMinutes > longestTerminationWaitMinutes) {
    throw refuse(
      `terminationWaitTimeInMinutes must be between 0 and ${longestTerminationWaitMinutes}, not ${terminationWaitTimeInMinutes}`,
    );
  }
  return {
    deploymentReadyOption: { actionOnTimeout, waitTimeInMinutes },
    terminateBlueInstancesOnDeploymentSuccess: { action, terminationWaitTimeInMinutes },
  };
}

const rollbackEvents = new Set([
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
]);

/** Refuses automatic rollback on nothing, or on what there is not. */
export function checkAutoRollback(
  input: AutoRollbackConfiguration | undefined,
): AutoRollbackConfiguration | null {
  if (!input) return null;
  const events = input.events ?? [];
  if (input.enabled === true && events.length === 0) {
    throw refusal("InvalidAutoRollbackConfig", "At least one event is needed to enable automatic rollback.");
  }
  const unknown = events.find((event) => !rollbackEvents.has(event));
  if (unknown !== undefined) {
    throw refusal("InvalidAutoRollbackConfig", `${unknown} is not an event that triggers a rollback.`);
  }
  return input;
}

const mostAlarms = 10;

/** Refuses alarms that could not be watched. */
export function checkAlarms(input: AlarmConfiguration | undefined): AlarmConfiguration | null {
  if (!input) return null;
  const names = (input.alarms ?? []).map(({ name }) => name ?? "");
  if (names.length > mostAlarms) {
    throw refusal(
      "AlarmsLimitExceeded",
      `The maximum number of alarms for a deployment group (${mostAlarms}) was exceeded.`,
    );
  }
  if (names.some((name) => name.length < 1 || name.length > 255) || new Set(names).size < names.length) {
    throw refusal("InvalidAlarmConfig", "The alarms must have different names of 1 to 255 characters.");
  }
  if (input.enabled === true && names.length === 0) {
    throw refusal("InvalidAlarmConfig", "The alarm configuration is enabled, but the alarm list is empty.");
  }
  return input;
}

/** Refuses a configuration that there is not. */
export function checkConfig({ state }: Pick<Call, "state">, name: string): string {
  if (!routingOf(state.codedeploy, name)) throw configNotFound(name);
  return name;
}
