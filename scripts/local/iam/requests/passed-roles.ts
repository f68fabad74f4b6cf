/**
 * Roles that a call hands to a service, each of which needs `iam:PassRole`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
import { ListInstanceProfilesCommand } from "@aws-sdk/client-iam";

import { latestRevision } from "./task-definition.ts";
import type { AskingCall, Surroundings } from "./asked.ts";
import { objectsIn, textIn, textsIn, type Parameters } from "./parameters.ts";

/** A role and the service that will assume it. */
export interface PassedRole {
  readonly role: string;
  readonly service: string;
}

const tasks = "ecs-tasks.amazonaws.com";

/** Every role that a call passes, by ARN or by the name it has in the call. */
export async function passedRoles(call: AskingCall, surroundings: Surroundings): Promise<PassedRole[]> {
  const { parameters, operation } = call;
  const to = (service: string, ...roles: readonly (string | null)[]): PassedRole[] =>
    roles.filter((role) => role !== null).map((role) => ({ role, service }));
  switch (`${call.service}:${operation}`) {
    case "ecs:RegisterTaskDefinition":
      return to(tasks, textIn(parameters, "taskRoleArn"), textIn(parameters, "executionRoleArn"));
    case "ecs:RunTask":
    case "ecs:StartTask":
    case "ecs:CreateTaskSet":
    case "ecs:CreateService":
    case "ecs:UpdateService":
      return [
        ...to(tasks, ...taskRoles(parameters, surroundings)),
        ...to("ecs.amazonaws.com", ...infrastructureRoles(parameters)),
      ];
    case "codedeploy:CreateDeploymentGroup":
    case "codedeploy:UpdateDeploymentGroup":
      return to("codedeploy.amazonaws.com", textIn(parameters, "serviceRoleArn"));
    case "lambda:CreateFunction":
    case "lambda:UpdateFunctionConfiguration":
      return to("lambda.amazonaws.com", textIn(parameters, "Role"));
    case "events:PutTargets":
      return to(
        "events.amazonaws.com",
        ...objectsIn(parameters, "Targets").map((one) => textIn(one, "RoleArn")),
      );
    case "application-autoscaling:RegisterScalableTarget":
      return to("application-autoscaling.amazonaws.com", textIn(parameters, "RoleARN"));
    case "logs:PutSubscriptionFilter":
      return to("logs.amazonaws.com", textIn(parameters, "roleArn"));
    case "ec2:CreateFlowLogs":
      return to("vpc-flow-logs.amazonaws.com", textIn(parameters, "DeliverLogsPermissionArn"));
    case "iam:AddRoleToInstanceProfile":
      return to("ec2.amazonaws.com", textIn(parameters, "RoleName"));
    case "ec2:RunInstances":
    case "autoscaling:CreateLaunchConfiguration":
      return to("ec2.amazonaws.com", ...(await profileRoles(parameters, surroundings)));
    default:
      return [];
  }
}

/** Roles of the task definition that a call puts to use, and those that replace them for one run. */
function taskRoles(parameters: Parameters, { state }: Surroundings): (string | null)[] {
  const [overrides = {}] = objectsIn(parameters, "overrides");
  const named = textIn(parameters, "taskDefinition");
  const definition = named === null ? null : latestRevision(state.ecs, named);
  return [
    textIn(overrides, "taskRoleArn") ?? definition?.definition.taskRoleArn ?? null,
    textIn(overrides, "executionRoleArn") ?? definition?.definition.executionRoleArn ?? null,
  ];
}

/** Roles with which ECS itself manages load balancers, hooks and volumes for a service. */
function infrastructureRoles(parameters: Parameters): string[] {
  const hooks = objectsIn(objectsIn(parameters, "deploymentConfiguration")[0] ?? {}, "lifecycleHooks");
  const balancers = objectsIn(parameters, "loadBalancers").flatMap((one) =>
    objectsIn(one, "advancedConfiguration"),
  );
  const volumes = objectsIn(parameters, "volumeConfigurations").flatMap((one) =>
    objectsIn(one, "managedEBSVolume"),
  );
  const lattice = objectsIn(parameters, "vpcLatticeConfigurations");
  const all = [parameters, ...hooks, ...balancers, ...volumes, ...lattice];
  return [...new Set(all.flatMap((one) => [...textsIn(one, "role"), ...textsIn(one, "roleArn")]))];
}

async function profileRoles(parameters: Parameters, { iam }: Surroundings): Promise<string[]> {
  const [profile = {}] = objectsIn(parameters, "IamInstanceProfile");
  const named = textIn(profile, "Arn", "Name") ?? textIn(parameters, "IamInstanceProfile");
  if (named === null) return [];
  const { InstanceProfiles } = await iam.send(new ListInstanceProfilesCommand({}));
  const found = InstanceProfiles?.find(({ Arn, InstanceProfileName }) =>
    [Arn, InstanceProfileName].includes(named),
  );
  return (found?.Roles ?? []).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn]));
}
