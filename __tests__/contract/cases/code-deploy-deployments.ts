import {
  BatchGetDeploymentTargetsCommand,
  BatchGetDeploymentsCommand,
  ContinueDeploymentCommand,
  ListDeploymentTargetsCommand,
  ListDeploymentsCommand,
  waitUntilDeploymentSuccessful,
} from "@aws-sdk/client-codedeploy";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { codeDeployApi, codeDeployGuide } from "../suite/sources.ts";
import {
  deploy,
  deployment,
  deploymentUntil,
  serviceRole,
  stageOf,
  targetOf,
  weights,
  weightsSeen,
} from "./code-deploy-steps.ts";

const standing = { needs: ["load balancer", "hosts"], localOnly: serviceRole } as const;

const events = [
  "BeforeInstall",
  "Install",
  "AfterInstall",
  "AllowTestTraffic",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AllowTraffic",
  "AfterAllowTraffic",
];

/** Waits with STOP_DEPLOYMENT before it shifts traffic. */
const waitsForApproval = {
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 600 },
    terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 600 },
  },
} as const;

export const codeDeployDeploymentCases: readonly ContractCase[] = [
  contractCase({
    id: "codedeploy.all-at-once",
    title: "A deployment goes through its eight events in order and leaves the replacement alone in service",
    source: codeDeployGuide("reference-appspec-file-structure-hooks"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context);
      const { codeDeploy } = context.clients;
      const deploymentId = await deploy(context, stage);
      const patience = { client: codeDeploy, maxWaitTime: 120, minDelay: 1, maxDelay: 1 };
      expect((await waitUntilDeploymentSuccessful(patience, { deploymentId })).state).toBe("SUCCESS");
      const found = await deployment(context, deploymentId);
      expect(found).toMatchObject({ creator: "user", computePlatform: "ECS" });
      expect(found.deploymentOverview).toMatchObject({ Succeeded: 1, Failed: 0 });
      const target = await targetOf(context, stage, deploymentId);
      expect(target.lifecycleEvents?.map(({ lifecycleEventName }) => lifecycleEventName)).toEqual(events);
      expect(new Set(target.lifecycleEvents?.map(({ status }) => status))).toEqual(new Set(["Succeeded"]));
      const starts = target.lifecycleEvents?.map(({ startTime }) => Number(startTime)) ?? [];
      expect(starts).toEqual(starts.toSorted((one, other) => one - other));
      const shifted = await weights(context, given(stage.blue.listenerArn));
      expect([shifted.get(stage.blue.arn) ?? 0, shifted.get(stage.green.arn)]).toEqual([0, 100]);
      const after = await context.serviceUntil(stage.service, ({ taskSets = [] }) => taskSets.length === 1);
      expect(after.taskSets?.[0]).toMatchObject({
        status: "PRIMARY",
        externalId: deploymentId,
        startedBy: "CODE_DEPLOY",
      });
    },
  }),
  contractCase({
    id: "codedeploy.lists",
    title: "Deployments and their targets are listed, and told of in batches",
    source: codeDeployApi("ListDeployments"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context);
      const { applicationName, deploymentGroupName } = stage;
      const { codeDeploy } = context.clients;
      const deploymentId = await deploy(context, stage, { description: "by the suite" });
      const { deployments } = await codeDeploy.send(
        new ListDeploymentsCommand({ applicationName, deploymentGroupName }),
      );
      expect(deployments).toEqual([deploymentId]);
      const { deploymentsInfo } = await codeDeploy.send(
        new BatchGetDeploymentsCommand({ deploymentIds: [deploymentId] }),
      );
      expect(deploymentsInfo?.[0]).toMatchObject({ deploymentId, description: "by the suite" });
      const { targetIds } = await codeDeploy.send(new ListDeploymentTargetsCommand({ deploymentId }));
      const { clusterArn = "", serviceName = "" } = stage.service;
      expect(targetIds).toEqual([`${clusterArn.split("/").at(-1) ?? ""}:${serviceName}`]);
      const { deploymentTargets } = await codeDeploy.send(
        new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
      );
      expect(deploymentTargets?.[0]).toMatchObject({
        deploymentTargetType: "ECSTarget",
        ecsTarget: { deploymentId, targetArn: stage.service.serviceArn },
      });
    },
  }),
  contractCase({
    id: "codedeploy.canary",
    title: "A canary shift gives the replacement its share, and the rest after the interval",
    source: codeDeployGuide("deployment-configurations"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, {
        // The shorter ones are over between two looks on a busy machine.
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes",
      });
      expect(await weightsSeen(context, stage, await deploy(context, stage))).toEqual([0, 10, 100]);
    },
  }),
  contractCase({
    id: "codedeploy.linear",
    title: "A linear shift goes up by equal steps to 100",
    source: codeDeployGuide("deployment-configurations"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, {
        deploymentConfigName: "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
      });
      const seen = await weightsSeen(context, stage, await deploy(context, stage));
      expect(seen).toEqual(
        [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].filter((step) => seen.includes(step)),
      );
      // Looks may miss some of them.
      expect(seen.length).toBeGreaterThan(4);
      expect([seen[0], seen.at(-1)]).toEqual([0, 100]);
    },
  }),
  contractCase({
    id: "codedeploy.approval",
    title: "A deployment that waits for approval is Ready, shifts nothing, and goes on when continued",
    source: codeDeployApi("ContinueDeployment"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, waitsForApproval);
      const deploymentId = await deploy(context, stage);
      await deploymentUntil(context, deploymentId, "Ready");
      const listener = given(stage.blue.listenerArn);
      expect((await weights(context, listener)).get(stage.green.arn) ?? 0).toBe(0);
      const { codeDeploy } = context.clients;
      await codeDeploy.send(
        new ContinueDeploymentCommand({ deploymentId, deploymentWaitType: "READY_WAIT" }),
      );
      const shifted = await context.until(
        () => weights(context, listener),
        (found) => found.get(stage.green.arn) === 100,
      );
      expect(shifted.get(stage.blue.arn) ?? 0).toBe(0);
    },
  }),
  contractCase({
    id: "codedeploy.termination-wait",
    title: "The original task set runs through the termination wait, which ContinueDeployment ends",
    source: codeDeployApi("ContinueDeployment"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, {
        blueGreenDeploymentConfiguration: {
          ...waitsForApproval.blueGreenDeploymentConfiguration,
          deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        },
      });
      const deploymentId = await deploy(context, stage);
      const waiting = await context.until(
        () => deployment(context, deploymentId),
        ({ instanceTerminationWaitTimeStarted }) => instanceTerminationWaitTimeStarted === true,
      );
      expect(waiting.status).toBe("InProgress");
      expect(
        (await context.describe(stage.service)).taskSets?.map(({ status }) => status).toSorted(),
      ).toEqual(["ACTIVE", "PRIMARY"]);
      await context.clients.codeDeploy.send(
        new ContinueDeploymentCommand({ deploymentId, deploymentWaitType: "TERMINATION_WAIT" }),
      );
      await deploymentUntil(context, deploymentId, "Succeeded");
      await context.serviceUntil(stage.service, ({ taskSets = [] }) => taskSets.length === 1);
    },
  }),
  contractCase({
    id: "codedeploy.one-at-a-time",
    title: "A group takes one deployment at a time",
    source: codeDeployGuide("limits"),
    wording: "reported",
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, waitsForApproval);
      const deploymentId = await deploy(context, stage);
      await expect(deploy(context, stage)).rejects.toMatchObject({
        name: "DeploymentLimitExceededException",
        message: `The Deployment Group '${stage.deploymentGroupName}' already has an active Deployment '${deploymentId}'`,
      });
    },
  }),
  refusal({
    id: "codedeploy.continue-too-early",
    title: "A deployment that does not wait yet cannot be continued",
    source: codeDeployApi("ContinueDeployment"),
    ...standing,
    type: "DeploymentIsNotInReadyStateException",
    call: async (context) => {
      const stage = await stageOf(context, waitsForApproval);
      return context.clients.codeDeploy.send(
        new ContinueDeploymentCommand({ deploymentId: await deploy(context, stage) }),
      );
    },
  }),
  refusal({
    id: "codedeploy.no-revision",
    title: "A deployment wants a revision",
    source: codeDeployApi("CreateDeployment"),
    ...standing,
    type: "RevisionRequiredException",
    call: async (context) => deploy(context, await stageOf(context), { revision: undefined }),
  }),
  contractCase({
    id: "codedeploy.not-by-update",
    title: "UpdateService changes no definition of a service under CODE_DEPLOY",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html",
    wording: "observed",
    ...standing,
    run: async (context) => {
      const { service } = await stageOf(context);
      const taskDefinition = await context.register();
      await expect(context.update(service, { taskDefinition })).rejects.toMatchObject({
        name: "InvalidParameterException",
        message:
          "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
      });
      const { services } = await context.ecs.send(
        new DescribeServicesCommand({
          cluster: service.clusterArn,
          services: [service.serviceName ?? ""],
        }),
      );
      expect(services?.[0]?.deployments).toEqual([]);
    },
  }),
];
