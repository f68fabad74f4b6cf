/**
 * What a call needs beside its own action: tags that it puts on what it makes, roles that it passes, and actions that
 * a service checks on the way.
 */
import type { Asked, AskingCall, Surroundings } from "./asked.ts";
import { roleArn } from "./iam.ts";
import { objectsIn, tagsIn, textIn } from "./parameters.ts";
import { passedRoles } from "./passed-roles.ts";

interface Tagging {
  readonly action: string;
  /** The key that tells for which action tags are put on; null where the service has none. */
  readonly createKey: string | null;
}

/** Services that ask for an action of its own when something is made with tags. */
const tagging: Readonly<Record<string, Tagging>> = {
  codedeploy: { action: "codedeploy:TagResource", createKey: null },
  dynamodb: { action: "dynamodb:TagResource", createKey: null },
  ec2: { action: "ec2:CreateTags", createKey: "ec2:CreateAction" },
  ecr: { action: "ecr:TagResource", createKey: null },
  ecs: { action: "ecs:TagResource", createKey: "ecs:CreateAction" },
  elasticloadbalancing: {
    action: "elasticloadbalancing:AddTags",
    createKey: "elasticloadbalancing:CreateAction",
  },
  events: { action: "events:TagResource", createKey: null },
  kms: { action: "kms:TagResource", createKey: null },
  lambda: { action: "lambda:TagResource", createKey: null },
  logs: { action: "logs:TagResource", createKey: null },
  secretsmanager: { action: "secretsmanager:TagResource", createKey: null },
  sns: { action: "sns:TagResource", createKey: null },
  sqs: { action: "sqs:TagQueue", createKey: null },
  ssm: { action: "ssm:AddTagsToResource", createKey: null },
};

/** IAM's tagging actions name what they tag. */
const iamTagging: Readonly<Record<string, string>> = {
  CreateInstanceProfile: "iam:TagInstanceProfile",
  CreateOpenIDConnectProvider: "iam:TagOpenIDConnectProvider",
  CreatePolicy: "iam:TagPolicy",
  CreateRole: "iam:TagRole",
  CreateUser: "iam:TagUser",
};

/** Actions that make something, where the tags in the call are put on what is made. */
const making =
  /^(?:Create|Register(?:TaskDefinition|ContainerInstance)$|Run|StartTask$|Put(?:Parameter|Rule)$|Allocate|Copy|Import)/;

/**
 * What a call needs beside its own action.
 *
 * @param own what it needs for that, whose resources its tags are put on
 */
export async function further(
  call: AskingCall,
  own: readonly Asked[],
  surroundings: Surroundings,
): Promise<Asked[]> {
  return [
    ...tagsOnCreation(call, own),
    ...revisionOf(call),
    ...scalingOf(call),
    ...(await passing(call, surroundings)),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html */
function tagsOnCreation(call: AskingCall, own: readonly Asked[]): Asked[] {
  if (!making.test(call.operation) || Object.keys(tagsIn(call.parameters)).length === 0) return [];
  const way =
    call.service === "iam"
      ? { action: iamTagging[call.operation] ?? "iam:TagRole", createKey: null }
      : tagging[call.service];
  if (!way || (call.operation === "CreateTags" && call.service === "ec2")) return [];
  const resources = call.service === "ec2" ? tagged(call, own) : tasksOr(call, own);
  return resources.map((resource) => ({
    action: way.action,
    resource,
    context: way.createKey === null ? {} : { [way.createKey]: call.operation },
  }));
}

/** A run's tags are put on its tasks, which are yet to be made; its own resource is the task definition. */
function tasksOr({ operation, region, account, parameters }: AskingCall, own: readonly Asked[]): string[] {
  if (operation !== "RunTask" && operation !== "StartTask") {
    return own.map(({ resource }) => childOf(operation, resource));
  }
  const cluster = textIn(parameters, "cluster") ?? "default";
  return [`arn:aws:ecs:${region}:${account}:task/${cluster.slice(cluster.lastIndexOf("/") + 1)}/*`];
}

/** EC2 says by `ResourceType` which of the things that a call makes are tagged. */
function tagged({ parameters }: AskingCall, own: readonly Asked[]): string[] {
  const kinds = objectsIn(parameters, "TagSpecification").map((one) => textIn(one, "ResourceType") ?? "");
  const resources = own.map(({ resource }) => resource);
  return kinds.flatMap((kind) => {
    const match = resources.filter((resource) => resource.includes(`:${kind}/`));
    const [like = ""] = resources;
    return match.length > 0 ? match : [`${like.split(":").slice(0, 5).join(":")}:${kind}/*`];
  });
}

/**
 * CodeDeploy looks up the configuration and registers the revision in the caller's name.
 *
 * @see https://github.com/aws-actions/amazon-ecs-deploy-task-definition#aws-codedeploy-support
 */
function revisionOf({ service, operation, parameters, region, account }: AskingCall): Asked[] {
  if (service !== "codedeploy" || operation !== "CreateDeployment") return [];
  const arn = (resource: string): string => `arn:aws:codedeploy:${region}:${account}:${resource}`;
  const configuration = textIn(parameters, "deploymentConfigName");
  const application = textIn(parameters, "applicationName") ?? "*";
  const asks: Asked[] = [];
  if (objectsIn(parameters, "revision").length > 0) {
    const resource = arn(`application:${application}`);
    asks.push({ action: "codedeploy:RegisterApplicationRevision", resource, context: {} });
  }
  if (configuration !== null) {
    const resource = arn(`deploymentconfig:${configuration}`);
    asks.push({ action: "codedeploy:GetDeploymentConfig", resource, context: {} });
  }
  return asks;
}

/**
 * Application Auto Scaling makes and deletes the alarms of target tracking, and its role where there is none, if the
 * caller could do so. Whether the role is there already is not looked at.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html
 */
function scalingOf({ service, operation, parameters, region, account }: AskingCall): Asked[] {
  if (service !== "application-autoscaling" || textIn(parameters, "ServiceNamespace") !== "ecs") return [];
  const target = textIn(parameters, "ResourceId") ?? "*";
  const alarm = `arn:aws:cloudwatch:${region}:${account}:alarm:TargetTracking-${target}-`;
  const role = `arn:aws:iam::${account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`;
  switch (operation) {
    case "PutScalingPolicy":
      return textIn(parameters, "PolicyType") === "TargetTrackingScaling"
        ? [{ action: "cloudwatch:PutMetricAlarm", resource: alarm, context: {} }]
        : [];
    case "DeleteScalingPolicy":
      return [{ action: "cloudwatch:DeleteAlarms", resource: alarm, context: {} }];
    case "RegisterScalableTarget":
      return "MinCapacity" in parameters
        ? [{ action: "iam:CreateServiceLinkedRole", resource: role, context: {} }]
        : [];
    default:
      return [];
  }
}

async function passing(call: AskingCall, surroundings: Surroundings): Promise<Asked[]> {
  const roles = await passedRoles(call, surroundings);
  return Promise.all(
    roles.map(async ({ role, service }) => ({
      action: "iam:PassRole",
      resource: await roleArn(role, call.account, surroundings),
      context: { "iam:PassedToService": service },
    })),
  );
}

/** Listeners and rules are made on what stands above them, but tagged as themselves. */
function childOf(operation: string, parent: string): string {
  if (operation === "CreateRule") return `${parent.replace(":listener/", ":listener-rule/")}/*`;
  return operation === "CreateListener" ? `${parent.replace(":loadbalancer/", ":listener/")}/*` : parent;
}
