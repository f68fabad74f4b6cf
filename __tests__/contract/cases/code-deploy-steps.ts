import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  DeleteApplicationCommand,
  DeleteDeploymentGroupCommand,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  StopDeploymentCommand,
  type CreateDeploymentCommandInput,
  type CreateDeploymentGroupCommandInput,
  type DeploymentInfo,
  type DeploymentStatus,
  type ECSTarget,
} from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import { DescribeRulesCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";

import { given } from "../suite/clients.ts";
import type { Context } from "../suite/context.ts";
import { behind, type TargetGroup } from "../suite/target-groups.ts";

/** Why cases with a deployment group run against a local AWS only. */
export const serviceRole = "it takes a service role for CodeDeploy in the account";

/** A service under CODE_DEPLOY that runs, and the deployment group for it. */
export interface Stage {
  readonly service: Service;
  readonly applicationName: string;
  readonly deploymentGroupName: string;
  readonly blue: TargetGroup;
  readonly green: TargetGroup;
}

/** Makes an application for ECS. @returns its name */
export async function application(context: Context): Promise<string> {
  const applicationName = context.name();
  const { codeDeploy } = context.clients;
  await codeDeploy.send(new CreateApplicationCommand({ applicationName, computePlatform: "ECS" }));
  context.afterwards(() => codeDeploy.send(new DeleteApplicationCommand({ applicationName })));
  return applicationName;
}

/** What a group for a new service under CODE_DEPLOY is made from; the group itself is not made. */
export async function groupInput(
  context: Context,
): Promise<CreateDeploymentGroupCommandInput & { stage: Stage }> {
  const blue = await context.targetGroup();
  const green = await context.targetGroup({ behindListener: false });
  const service = await context.create({
    desiredCount: 1,
    deploymentController: { type: "CODE_DEPLOY" },
    ...behind(blue),
  });
  const [applicationName, deploymentGroupName] = [await application(context), context.name()];
  const stage = { service, applicationName, deploymentGroupName, blue, green };
  const { TargetGroups } = await context.clients.elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [blue.arn, green.arn] }),
  );
  const clusterName = given(service.clusterArn).split("/").at(-1);
  return {
    applicationName,
    deploymentGroupName,
    serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
    deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
    ecsServices: [{ clusterName, serviceName: service.serviceName }],
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
      terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 0 },
    },
    loadBalancerInfo: {
      targetGroupPairInfoList: [
        {
          targetGroups: (TargetGroups ?? []).map(({ TargetGroupName }) => ({ name: TargetGroupName })),
          prodTrafficRoute: { listenerArns: [given(blue.listenerArn)] },
        },
      ],
    },
    stage,
  };
}

/** Makes a group for a new service, and waits until the service's task set is steady. */
export async function stageOf(
  context: Context,
  change: Partial<CreateDeploymentGroupCommandInput> = {},
): Promise<Stage> {
  const { stage, ...input } = await groupInput(context);
  const { codeDeploy } = context.clients;
  await codeDeploy.send(new CreateDeploymentGroupCommand({ ...input, ...change }));
  const { applicationName, deploymentGroupName } = stage;
  context.afterwards(() =>
    codeDeploy.send(new DeleteDeploymentGroupCommand({ applicationName, deploymentGroupName })),
  );
  await context.serviceUntil(
    stage.service,
    ({ taskSets = [] }) => taskSets[0]?.stabilityStatus === "STEADY_STATE",
  );
  return stage;
}

/** An AppSpec that deploys a definition, as JSON. */
export function appSpec(taskDefinition: string, hooks: Record<string, string>[] = []): string {
  const LoadBalancerInfo = { ContainerName: "web", ContainerPort: 80 };
  const Properties = { TaskDefinition: taskDefinition, LoadBalancerInfo };
  return JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
    ...(hooks.length > 0 && { Hooks: hooks }),
  });
}

/** Starts a deployment of a new definition, or of the AppSpec given. @returns its id */
export async function deploy(
  context: Context,
  { applicationName, deploymentGroupName }: Stage,
  {
    content,
    hooks,
    image,
    ...input
  }: Partial<CreateDeploymentCommandInput> & {
    content?: string;
    hooks?: Record<string, string>[];
    image?: string;
  } = {},
): Promise<string> {
  const { codeDeploy } = context.clients;
  const definition = () => context.register(image === undefined ? {} : { container: { image } });
  const { deploymentId } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName,
      deploymentGroupName,
      revision: {
        revisionType: "AppSpecContent",
        appSpecContent: { content: content ?? appSpec(await definition(), hooks) },
      },
      ...input,
    }),
  );
  context.afterwards(() => codeDeploy.send(new StopDeploymentCommand({ deploymentId })));
  return given(deploymentId);
}

export async function deployment({ clients }: Context, deploymentId: string): Promise<DeploymentInfo> {
  const { deploymentInfo } = await clients.codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  return given(deploymentInfo);
}

/** Waits until a deployment has one of some statuses. */
export function deploymentUntil(
  context: Context,
  deploymentId: string,
  ...wanted: DeploymentStatus[]
): Promise<DeploymentInfo> {
  return context.until(
    () => deployment(context, deploymentId),
    ({ status }) => wanted.includes(status ?? "Created"),
    3600,
  );
}

/** What a deployment says of its one target, the service. */
export async function targetOf(
  { clients }: Context,
  { service }: Stage,
  deploymentId: string,
): Promise<ECSTarget> {
  const targetId = `${given(service.clusterArn).split("/").at(-1) ?? ""}:${service.serviceName ?? ""}`;
  const { deploymentTarget } = await clients.codeDeploy.send(
    new GetDeploymentTargetCommand({ deploymentId, targetId }),
  );
  return given(deploymentTarget?.ecsTarget);
}

/** The weights of a listener's default action, by the ARN of the target group. */
export async function weights({ clients }: Context, listenerArn: string): Promise<Map<string, number>> {
  const { Rules } = await clients.elb.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  const action = Rules?.find(({ IsDefault }) => IsDefault)?.Actions?.[0];
  const groups = action?.ForwardConfig?.TargetGroups ?? [
    { TargetGroupArn: action?.TargetGroupArn, Weight: 1 },
  ];
  return new Map(groups.map(({ TargetGroupArn = "", Weight = 0 }) => [TargetGroupArn, Weight]));
}

/** The weights that the replacement's target group is seen with, each once, until a deployment ends. */
export async function weightsSeen(context: Context, stage: Stage, deploymentId: string): Promise<number[]> {
  const seen: number[] = [];
  await context.until(
    async () => {
      // Asked for first: what is seen after the end is the weight at the end.
      const now = await deployment(context, deploymentId);
      const weight = (await weights(context, given(stage.blue.listenerArn))).get(stage.green.arn) ?? 0;
      if (seen.at(-1) !== weight) seen.push(weight);
      return now;
    },
    ({ status }) => status === "Succeeded" || status === "Failed" || status === "Stopped",
    3600,
  );
  return seen;
}
