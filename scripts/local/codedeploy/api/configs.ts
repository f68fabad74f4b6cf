import type {
  CreateDeploymentConfigCommandInput,
  DeleteDeploymentConfigCommandInput,
  DeploymentConfigInfo,
  GetDeploymentConfigCommandInput,
  ListDeploymentConfigsCommandInput,
  TrafficRoutingConfig,
} from "@aws-sdk/client-codedeploy";

import type { Call } from "../../ecs/api/call.ts";
import { uuid } from "../../world/identifiers.ts";
import { isReserved, predefinedConfigs } from "../configs.ts";
import { checkPlatform } from "./applications.ts";
import { checkName, pageOf, refusal } from "./errors.ts";

/** The longest time from the first to the last shift, in minutes. */
const longestShiftMinutes = 48 * 60;

/** Creates a configuration of one's own: canary or linear. */
export function createDeploymentConfig(
  { state, now }: Call,
  { deploymentConfigName: name = "", ...input }: CreateDeploymentConfigCommandInput,
): { deploymentConfigId: string } {
  checkName("DeploymentConfig", name);
  if (isReserved(name)) {
    throw refusal(
      "InvalidDeploymentConfigName",
      `The deployment configuration name '${name}' begins with CodeDeployDefault., which is reserved for AWS.`,
    );
  }
  checkPlatform(input.computePlatform);
  if (state.codedeploy.configs[name]) {
    throw refusal(
      "DeploymentConfigAlreadyExists",
      `Deployment configuration with name ${name} already exists`,
    );
  }
  if (input.minimumHealthyHosts) {
    throw refusal(
      "InvalidMinimumHealthyHostValue",
      "minimumHealthyHosts cannot be specified for compute platform ECS.",
    );
  }
  const routing = input.trafficRoutingConfig ?? { type: "AllAtOnce" };
  checkRouting(routing);
  const id = uuid(state);
  state.codedeploy.configs[name] = { id, name, createdAt: now, routing };
  return { deploymentConfigId: id };
}

function checkRouting({
  type,
  timeBasedCanary: canary,
  timeBasedLinear: linear,
}: TrafficRoutingConfig): void {
  const percentage = type === "TimeBasedCanary" ? canary?.canaryPercentage : linear?.linearPercentage;
  const interval = type === "TimeBasedCanary" ? canary?.canaryInterval : linear?.linearInterval;
  if (type === "AllAtOnce") {
    if (!canary && !linear) return;
    throw invalidRouting("An AllAtOnce configuration takes neither timeBasedCanary nor timeBasedLinear.");
  }
  if (type === "TimeBasedCanary" ? linear : canary) {
    throw invalidRouting(`A ${type ?? ""} configuration takes no other time based configuration.`);
  }
  if (percentage === undefined || interval === undefined) {
    throw invalidRouting(`A ${type ?? ""} configuration needs a percentage and an interval.`);
  }
  if (!Number.isInteger(percentage) || percentage < 1 || percentage > 99) {
    throw invalidRouting(`The percentage ${percentage} is not between 1 and 99.`);
  }
  const steps = type === "TimeBasedCanary" ? 1 : Math.ceil(100 / percentage) - 1;
  if (!Number.isInteger(interval) || interval < 1 || interval * steps > longestShiftMinutes) {
    throw invalidRouting(
      `With an interval of ${interval} minutes the shift does not take between 1 and ${longestShiftMinutes} minutes.`,
    );
  }
}

function invalidRouting(message: string) {
  return refusal("InvalidTrafficRoutingConfiguration", message);
}

/** Tells of a configuration, AWS's own ones included. */
export function getDeploymentConfig(
  call: Call,
  { deploymentConfigName: name = "" }: GetDeploymentConfigCommandInput,
): { deploymentConfigInfo: DeploymentConfigInfo } {
  const own = call.state.codedeploy.configs[name];
  const routing = predefinedConfigs[name] ?? own?.routing;
  if (!routing) throw configNotFound(name);
  return {
    deploymentConfigInfo: {
      deploymentConfigId: own?.id ?? predefinedId(name),
      deploymentConfigName: name,
      createTime: call.toDate(own?.createdAt ?? 0),
      computePlatform: "ECS",
      trafficRoutingConfig: routing,
    },
  };
}

function predefinedId(name: string): string {
  const index = Object.keys(predefinedConfigs).indexOf(name) + 1;
  return `00000000-0000-0000-0000-${String(index).padStart(12, "0")}`;
}

/** There is no configuration of that name. */
export function configNotFound(name: string) {
  return refusal("DeploymentConfigDoesNotExist", `No Deployment Configuration found for name: ${name}`);
}

/** Lists the names of configurations, AWS's own ones first. */
export function listDeploymentConfigs(
  { state }: Call,
  { nextToken }: ListDeploymentConfigsCommandInput,
): { deploymentConfigsList: string[]; nextToken: string | undefined } {
  const names = [...Object.keys(predefinedConfigs), ...Object.keys(state.codedeploy.configs)];
  const { items, nextToken: next } = pageOf(names, nextToken);
  return { deploymentConfigsList: items, nextToken: next };
}

/** Deletes a configuration of one's own that no group has. */
export function deleteDeploymentConfig(
  { state }: Call,
  { deploymentConfigName: name = "" }: DeleteDeploymentConfigCommandInput,
): Record<string, never> {
  const { applications, configs } = state.codedeploy;
  if (isReserved(name)) {
    throw refusal(
      "InvalidOperation",
      `The deployment configuration ${name} is AWS's own and cannot be deleted.`,
    );
  }
  const groups = Object.values(applications).flatMap((application) => Object.values(application.groups));
  const user = groups.find(({ configName }) => configName === name);
  if (user) {
    throw refusal(
      "DeploymentConfigInUse",
      `The deployment configuration ${name} is in use by deployment group ${user.name}.`,
    );
  }
  Reflect.deleteProperty(configs, name);
  return {};
}
