/**
 * Deployment groups.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-ecs.html
 */
import type {
  BatchGetDeploymentGroupsCommandInput,
  CreateDeploymentGroupCommandInput,
  DeleteDeploymentGroupCommandInput,
  DeploymentGroupInfo,
  GetDeploymentGroupCommandInput,
  ListDeploymentGroupsCommandInput,
  UpdateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";

import type { Call } from "../../ecs/api/call.ts";
import { uuid } from "../../world/identifiers.ts";
import { allAtOnce, routingOf } from "../configs.ts";
import { isActive } from "../create.ts";
import { groupArns } from "../install.ts";
import type { ApplicationRecord, DeploymentGroupRecord } from "../state.ts";
import { routesOf, setTraffic } from "../traffic.ts";
import { checkBatch } from "./applications.ts";
import { checkName, pageOf, refusal } from "./errors.ts";
import { arnOf, findApplication, findGroup } from "./find.ts";
import {
  checkAlarms,
  checkAutoRollback,
  checkBlueGreen,
  checkConfig,
  checkLoadBalancerInfo,
  checkService,
  checkStyle,
  serviceOf,
} from "./group-rules.ts";
import { presentGroup } from "./present-group.ts";

/** Creates a deployment group. */
export function createDeploymentGroup(
  call: Call,
  input: CreateDeploymentGroupCommandInput,
): { deploymentGroupId: string } {
  const application = findApplication(call, input.applicationName);
  const name = input.deploymentGroupName ?? "";
  checkNewName(application, name);
  checkStyle(input, true);
  const configName = checkConfig(call, input.deploymentConfigName ?? allAtOnce);
  const group: DeploymentGroupRecord = {
    id: uuid(call.state),
    name,
    applicationName: application.name,
    configName,
    serviceRoleArn: checkRole(input.serviceRoleArn),
    blueGreen: checkBlueGreen(input.blueGreenDeploymentConfiguration),
    pair: checkLoadBalancerInfo(call, input.loadBalancerInfo, configName),
    service: checkService(call, input.ecsServices, undefined),
    autoRollback: checkAutoRollback(input.autoRollbackConfiguration),
    alarms: checkAlarms(input.alarmConfiguration),
    triggers: input.triggerConfigurations ?? [],
    outdatedInstancesStrategy: input.outdatedInstancesStrategy ?? "UPDATE",
    lastSuccessful: null,
    lastAttempted: null,
  };
  application.groups[name] = group;
  call.state.codedeploy.tags[groupArn(call, group)] = input.tags ?? [];
  prepareListener(call, group);
  return { deploymentGroupId: group.id };
}

function checkNewName(application: ApplicationRecord, name: string): void {
  checkName("DeploymentGroup", name);
  if (application.groups[name]) {
    throw refusal("DeploymentGroupAlreadyExists", `Deployment group with name ${name} already exists`);
  }
}

function checkRole(arn = ""): string {
  if (/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(arn)) return arn;
  throw refusal("InvalidRole", `The service role ARN '${arn}' has an invalid format.`);
}

function groupArn(call: Call, { applicationName, name }: DeploymentGroupRecord): string {
  return arnOf(call, "deploymentgroup", `${applicationName}/${name}`);
}

/** For a gradual shift, the production listener gets both target groups at once: the second one at weight 0. */
function prepareListener(call: Call, group: DeploymentGroupRecord): void {
  if (routingOf(call.state.codedeploy, group.configName)?.type === "AllAtOnce") return;
  const listeners = group.pair.prodTrafficRoute?.listenerArns ?? [];
  const used = new Set(
    serviceOf(call, group.service)?.taskSets.flatMap(({ revision }) =>
      revision.loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
    ),
  );
  const groups = groupArns(call.state, group);
  const blue = groups.find((arn) => used.has(arn));
  const green = groups.find((arn) => arn !== blue);
  if (blue === undefined || green === undefined) return;
  const prepared = listeners.every((arn) => routesOf(call.state, arn, [green]).length > 0);
  if (!prepared) setTraffic(call, listeners, { blue, green }, 0);
}

/** Tells of a deployment group. */
export function getDeploymentGroup(
  call: Call,
  input: GetDeploymentGroupCommandInput,
): { deploymentGroupInfo: DeploymentGroupInfo } {
  const application = findApplication(call, input.applicationName);
  return { deploymentGroupInfo: presentGroup(call, findGroup(application, input.deploymentGroupName)) };
}

/** Tells of several groups of an application; of those not there, the error message does. */
export function batchGetDeploymentGroups(
  call: Call,
  { applicationName, deploymentGroupNames = [] }: BatchGetDeploymentGroupsCommandInput,
): { deploymentGroupsInfo: DeploymentGroupInfo[]; errorMessage: string | undefined } {
  checkBatch(deploymentGroupNames, 100);
  const { groups } = findApplication(call, applicationName);
  const missing = deploymentGroupNames.filter((name) => !groups[name]);
  return {
    deploymentGroupsInfo: deploymentGroupNames
      .flatMap((name) => groups[name] ?? [])
      .map((group) => presentGroup(call, group)),
    errorMessage:
      missing.length > 0 ? `No Deployment Group found for name: ${missing.join(", ")}` : undefined,
  };
}

/** Changes a deployment group. A deployment that goes on keeps what it began with. */
export function updateDeploymentGroup(
  call: Call,
  input: UpdateDeploymentGroupCommandInput,
): { hooksNotCleanedUp: [] } {
  const application = findApplication(call, input.applicationName);
  const group = findGroup(application, input.currentDeploymentGroupName);
  checkStyle(input, false);
  group.configName = checkConfig(call, input.deploymentConfigName ?? group.configName);
  if (input.loadBalancerInfo) {
    group.pair = checkLoadBalancerInfo(call, input.loadBalancerInfo, group.configName);
  }
  if (input.ecsServices) group.service = checkService(call, input.ecsServices, group);
  if (input.serviceRoleArn !== undefined) group.serviceRoleArn = checkRole(input.serviceRoleArn);
  if (input.blueGreenDeploymentConfiguration) {
    group.blueGreen = checkBlueGreen(input.blueGreenDeploymentConfiguration);
  }
  if (input.autoRollbackConfiguration)
    group.autoRollback = checkAutoRollback(input.autoRollbackConfiguration);
  if (input.alarmConfiguration) group.alarms = checkAlarms(input.alarmConfiguration);
  group.triggers = input.triggerConfigurations ?? group.triggers;
  group.outdatedInstancesStrategy = input.outdatedInstancesStrategy ?? group.outdatedInstancesStrategy;
  const name = input.newDeploymentGroupName;
  if (name !== undefined && name !== group.name) rename(call, application, group, name);
  prepareListener(call, group);
  return { hooksNotCleanedUp: [] };
}

function rename(
  call: Call,
  application: ApplicationRecord,
  group: DeploymentGroupRecord,
  name: string,
): void {
  checkNewName(application, name);
  const { tags, deployments } = call.state.codedeploy;
  const before = group.name;
  const arn = groupArn(call, group);
  group.name = name;
  tags[groupArn(call, group)] = tags[arn] ?? [];
  Reflect.deleteProperty(tags, arn);
  for (const deployment of Object.values(deployments)) {
    const own = deployment.applicationName === application.name && deployment.groupName === before;
    if (own) deployment.groupName = name;
  }
  application.groups[name] = group;
  Reflect.deleteProperty(application.groups, before);
}

/** Deletes a deployment group; one that is not there is no error. */
export function deleteDeploymentGroup(
  call: Call,
  { applicationName = "", deploymentGroupName = "" }: DeleteDeploymentGroupCommandInput,
): { hooksNotCleanedUp: [] } {
  const { applications, deployments, tags } = call.state.codedeploy;
  const group = applications[applicationName]?.groups[deploymentGroupName];
  if (!group) return { hooksNotCleanedUp: [] };
  const running = deployments[group.lastAttempted ?? ""];
  if (running && isActive(running)) {
    throw refusal(
      "InvalidOperation",
      `The Deployment Group '${group.name}' has an active Deployment '${running.id}' and cannot be deleted.`,
    );
  }
  Reflect.deleteProperty(tags, groupArn(call, group));
  Reflect.deleteProperty(applications[applicationName]?.groups ?? {}, deploymentGroupName);
  return { hooksNotCleanedUp: [] };
}

/** Lists the names of an application's groups, 100 a page. */
export function listDeploymentGroups(
  call: Call,
  { applicationName, nextToken }: ListDeploymentGroupsCommandInput,
): { applicationName: string; deploymentGroups: string[]; nextToken: string | undefined } {
  const application = findApplication(call, applicationName);
  const { items, nextToken: next } = pageOf(Object.keys(application.groups), nextToken);
  return { applicationName: application.name, deploymentGroups: items, nextToken: next };
}
