import {
  BatchGetDeploymentGroupsCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentGroupCommand,
  ListDeploymentGroupsCommand,
  UpdateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
} from "@aws-sdk/client-codedeploy";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { codeDeployApi, codeDeployGuide } from "../suite/sources.ts";
import { application, groupInput, serviceRole, stageOf, weights } from "./code-deploy-steps.ts";

type Input = CreateDeploymentGroupCommandInput;

/** CreateDeploymentGroup of a group that is in order but for what `change` gives is refused. */
function refused(
  id: string,
  title: string,
  [type, message]: [string, string | RegExp],
  change: (input: Input, context: Context) => Partial<Input> | Promise<Partial<Input>>,
  wording: ContractCase["wording"] = "observed",
): ContractCase {
  return refusal({
    id: `codedeploy.${id}`,
    title,
    source: codeDeployApi("CreateDeploymentGroup"),
    wording,
    needs: ["load balancer", "hosts"],
    localOnly: serviceRole,
    type,
    message,
    call: async (context) => {
      const { stage: _stage, ...input } = await groupInput(context);
      return context.clients.codeDeploy.send(
        new CreateDeploymentGroupCommand({ ...input, ...(await change(input, context)) }),
      );
    },
  });
}

export const codeDeployGroupCases: readonly ContractCase[] = [
  contractCase({
    id: "codedeploy.group",
    title: "A deployment group tells what it was made from, with ECSAllAtOnce unless told otherwise",
    source: codeDeployApi("DeploymentGroupInfo"),
    needs: ["load balancer", "hosts"],
    localOnly: serviceRole,
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const { applicationName, deploymentGroupName, service } = await stageOf(context);
      const { deploymentGroupInfo } = await codeDeploy.send(
        new GetDeploymentGroupCommand({ applicationName, deploymentGroupName }),
      );
      expect(deploymentGroupInfo).toMatchObject({
        applicationName,
        deploymentGroupName,
        deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
        computePlatform: "ECS",
        ecsServices: [{ serviceName: service.serviceName }],
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      });
      const listed = await codeDeploy.send(new ListDeploymentGroupsCommand({ applicationName }));
      expect(listed.deploymentGroups).toEqual([deploymentGroupName]);
      const { deploymentGroupsInfo } = await codeDeploy.send(
        new BatchGetDeploymentGroupsCommand({ applicationName, deploymentGroupNames: [deploymentGroupName] }),
      );
      expect(deploymentGroupsInfo?.[0]?.deploymentGroupId).toBe(deploymentGroupInfo?.deploymentGroupId);
    },
  }),
  contractCase({
    id: "codedeploy.gradual-listener",
    title: "For a gradual shift the production listener has both target groups, at 100 and 0",
    source: codeDeployGuide("deployment-configurations"),
    needs: ["load balancer", "hosts"],
    localOnly: serviceRole,
    run: async (context) => {
      const { applicationName, deploymentGroupName, blue, green } = await stageOf(context);
      await context.clients.codeDeploy.send(
        new UpdateDeploymentGroupCommand({
          applicationName,
          currentDeploymentGroupName: deploymentGroupName,
          deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
        }),
      );
      const found = await context.until(
        () => weights(context, given(blue.listenerArn)),
        (seen) => seen.size === 2,
      );
      expect(found).toEqual(
        new Map([
          [blue.arn, 100],
          [green.arn, 0],
        ]),
      );
    },
  }),
  refusal({
    id: "codedeploy.group-missing",
    title: "A deployment group that is not there is named in the refusal",
    source: codeDeployApi("GetDeploymentGroup"),
    type: "DeploymentGroupDoesNotExistException",
    message: "No Deployment Group found for name: none",
    call: async (context) =>
      context.clients.codeDeploy.send(
        new GetDeploymentGroupCommand({
          applicationName: await application(context),
          deploymentGroupName: "none",
        }),
      ),
  }),
  refused(
    "controller",
    "A group's service must be under CODE_DEPLOY",
    [
      "InvalidECSServiceException",
      "Deployment group's ECS service must be configured for a CODE_DEPLOY deployment controller.",
    ],
    async (_input, context) => {
      const { clusterArn, serviceName } = await context.create();
      return { ecsServices: [{ clusterName: given(clusterArn).split("/").at(-1), serviceName }] };
    },
  ),
  refused(
    "group-load-balancer",
    "A group for ECS has a load balancer",
    ["InvalidLoadBalancerInfoException", "For ECS deployment group, loadBalancerInfo must be specified"],
    () => ({ loadBalancerInfo: undefined }),
  ),
  refused(
    "group-blue-green",
    "A group for ECS says how it deploys blue/green",
    [
      "InvalidBlueGreenDeploymentConfigurationException",
      "For ECS deployment group, blueGreenDeploymentConfiguration must be specified",
    ],
    () => ({ blueGreenDeploymentConfiguration: undefined }),
  ),
  refused(
    "group-style",
    "A group for ECS cannot deploy in place",
    ["InvalidDeploymentStyleException", /BLUE_GREEN.*WITH_TRAFFIC_CONTROL/],
    () => ({
      deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITHOUT_TRAFFIC_CONTROL" },
    }),
    "inferred",
  ),
  refused(
    "group-ready-wait",
    "A group that goes on by itself has no time to wait for approval",
    [
      "InvalidBlueGreenDeploymentConfigurationException",
      "Deployment ready action cannot be set to 'CONTINUE_DEPLOYMENT' when timeout is specified",
    ],
    ({ blueGreenDeploymentConfiguration }) => ({
      blueGreenDeploymentConfiguration: {
        ...blueGreenDeploymentConfiguration,
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 5 },
      },
    }),
  ),
  refused(
    "group-pair",
    "A group's pair has two target groups that are there",
    ["InvalidTargetGroupPairException", /./],
    ({ loadBalancerInfo }) => ({
      loadBalancerInfo: {
        targetGroupPairInfoList: loadBalancerInfo?.targetGroupPairInfoList?.map((pair) => ({
          ...pair,
          targetGroups: [...(pair.targetGroups?.slice(0, 1) ?? []), { name: "slc-none" }],
        })),
      },
    }),
    "inferred",
  ),
  refused(
    "group-configuration",
    "A group's configuration must be there",
    ["DeploymentConfigDoesNotExistException", "No Deployment Configuration found for name: slc-none"],
    () => ({ deploymentConfigName: "slc-none" }),
    "reported",
  ),
  refused(
    "group-rollback-events",
    "Automatic rollback is enabled on events",
    ["InvalidAutoRollbackConfigException", /./],
    () => ({ autoRollbackConfiguration: { enabled: true } }),
    "inferred",
  ),
  refusal({
    id: "codedeploy.service-taken",
    title: "A service belongs to one deployment group",
    source: codeDeployApi("CreateDeploymentGroup"),
    needs: ["load balancer", "hosts"],
    localOnly: serviceRole,
    type: "ECSServiceMappingLimitExceededException",
    call: async (context) => {
      const { codeDeploy } = context.clients;
      const { stage: _stage, ...input } = await groupInput(context);
      await codeDeploy.send(new CreateDeploymentGroupCommand(input));
      return codeDeploy.send(
        new CreateDeploymentGroupCommand({ ...input, deploymentGroupName: context.name() }),
      );
    },
  }),
];
