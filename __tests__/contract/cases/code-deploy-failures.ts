import {
  ContinueDeploymentCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
  waitUntilDeploymentSuccessful,
  type LifecycleEventStatus,
} from "@aws-sdk/client-codedeploy";
import { PutMetricAlarmCommand, DeleteAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { makeFunction } from "../suite/functions.ts";
import { codeDeployApi, codeDeployGuide } from "../suite/sources.ts";
import {
  appSpec,
  deploy,
  deployment,
  deploymentUntil,
  serviceRole,
  stageOf,
  targetOf,
  weights,
} from "./code-deploy-steps.ts";

const standing = { needs: ["load balancer", "hosts"], localOnly: serviceRole } as const;
const onFailure = { autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE" as const] } };

interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** A function that reports a status for each event it is called for. */
function judge(
  context: Context,
  status: LifecycleEventStatus,
  seen: (event: HookEvent) => void = () => undefined,
) {
  return makeFunction(context, async (event: HookEvent) => {
    seen(event);
    await context.clients.codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
  });
}

export const codeDeployFailureCases: readonly ContractCase[] = [
  contractCase({
    id: "codedeploy.hooks",
    title: "A function of every event that takes one is called once, in order, and the deployment succeeds",
    source: codeDeployGuide("reference-appspec-file-structure-hooks"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context);
      const calls: string[] = [];
      const names = [
        "BeforeInstall",
        "AfterInstall",
        "AfterAllowTestTraffic",
        "BeforeAllowTraffic",
        "AfterAllowTraffic",
      ];
      const hooks: Record<string, string>[] = [];
      for (const name of names) {
        hooks.push({ [name]: await judge(context, "Succeeded", () => calls.push(name)) });
      }
      const deploymentId = await deploy(context, stage, { hooks });
      await deploymentUntil(context, deploymentId, "Succeeded", "Failed");
      expect(calls).toEqual(names);
      expect((await deployment(context, deploymentId)).status).toBe("Succeeded");
    },
  }),
  contractCase({
    id: "codedeploy.hook-fails",
    title: "A function that reports Failed fails the deployment and skips the events after it",
    source: codeDeployGuide("troubleshooting-ecs"),
    ...standing,
    run: async (context) => {
      const stage = await stageOf(context, onFailure);
      const hooks = [{ AfterInstall: await judge(context, "Failed") }];
      const deploymentId = await deploy(context, stage, { hooks });
      const failed = await deploymentUntil(context, deploymentId, "Failed", "Succeeded");
      expect(failed.errorInformation).toMatchObject({
        code: "HOOK_EXECUTION_FAILURE",
        message:
          "The deployment failed because one or more of the lifecycle event validation functions failed.",
      });
      const { lifecycleEvents = [] } = await targetOf(context, stage, deploymentId);
      expect(lifecycleEvents.map(({ status }) => status)).toEqual([
        ...["Succeeded", "Succeeded", "Failed"],
        ...["Skipped", "Skipped", "Skipped", "Skipped", "Skipped"],
      ]);
      const rollback = await deployment(context, given(failed.rollbackInfo?.rollbackDeploymentId));
      expect(rollback.creator).toBe("codeDeployRollback");
    },
  }),
  contractCase({
    id: "codedeploy.stop-with-rollback",
    title: "A deployment that is stopped is rolled back by a deployment with an id of its own",
    source: codeDeployGuide("deployments-rollback-and-redeploy"),
    ...standing,
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const stage = await stageOf(context, {
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes",
      });
      const deploymentId = await deploy(context, stage);
      const listener = given(stage.blue.listenerArn);
      await context.until(
        () => weights(context, listener),
        (found) => found.get(stage.green.arn) === 10,
      );
      const { status } = await codeDeploy.send(
        new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }),
      );
      expect(["Pending", "Succeeded"]).toContain(status);
      const stopped = await deploymentUntil(context, deploymentId, "Stopped");
      const id = given(stopped.rollbackInfo?.rollbackDeploymentId);
      expect(id).not.toBe(deploymentId);
      expect(await deploymentUntil(context, id, "Succeeded")).toMatchObject({
        creator: "codeDeployRollback",
        rollbackInfo: { rollbackTriggeringDeploymentId: deploymentId },
      });
      expect((await weights(context, listener)).get(stage.green.arn) ?? 0).toBe(0);
      await context.serviceUntil(
        stage.service,
        ({ taskSets = [] }) => taskSets.length === 1 && taskSets[0]?.externalId === undefined,
      );
      const waiting = waitUntilDeploymentSuccessful(
        { client: codeDeploy, maxWaitTime: 30, minDelay: 1 },
        { deploymentId },
      );
      await expect(waiting).rejects.toThrow(/FAILURE/);
    },
  }),
  contractCase({
    id: "codedeploy.stop-when-over",
    title: "A deployment that is over can be neither stopped nor continued",
    source: codeDeployApi("StopDeployment"),
    wording: "inferred",
    ...standing,
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const deploymentId = await deploy(context, await stageOf(context), { content: "no: AppSpec" });
      await deploymentUntil(context, deploymentId, "Failed");
      const over = { name: "DeploymentAlreadyCompletedException" };
      await expect(codeDeploy.send(new StopDeploymentCommand({ deploymentId }))).rejects.toMatchObject(over);
      await expect(codeDeploy.send(new ContinueDeploymentCommand({ deploymentId }))).rejects.toMatchObject(
        over,
      );
    },
  }),
  ...(
    [
      ["yaml", "is neither YAML nor JSON", "version: [0.0"],
      ["resources", "names no service", JSON.stringify({ version: 0, Resources: [] })],
      ["type", "is for a function", appSpec("web:1").replace("AWS::ECS::Service", "AWS::Lambda::Function")],
      [
        "hook",
        "has a hook for an event that there is not",
        appSpec("web:1", [{ BeforeEverything: "function" }]),
      ],
    ] as const
  ).map(([id, what, content]) =>
    contractCase({
      id: `codedeploy.app-spec-${id}`,
      title: `An AppSpec that ${what} fails its deployment with INVALID_REVISION`,
      source: codeDeployGuide("reference-appspec-file-structure-resources"),
      wording: "inferred",
      ...standing,
      run: async (context) => {
        const stage = await stageOf(context);
        const deploymentId = await deploy(context, stage, { content });
        const { errorInformation } = await deploymentUntil(context, deploymentId, "Failed", "Succeeded");
        expect(errorInformation?.code).toBe("INVALID_REVISION");
        expect((await context.describe(stage.service)).taskSets).toHaveLength(1);
      },
    }),
  ),
  contractCase({
    id: "codedeploy.unknown-definition",
    title: "A deployment of a definition that is not there fails as ECS refuses it, in ECS's words",
    source: codeDeployGuide("troubleshooting-ecs"),
    wording: "observed",
    ...standing,
    run: async (context) => {
      const deploymentId = await deploy(context, await stageOf(context), {
        content: appSpec(`${context.name()}:1`),
      });
      const { errorInformation } = await deploymentUntil(context, deploymentId, "Failed", "Succeeded");
      expect(errorInformation?.message).toMatch(
        /^The ECS service cannot be updated due to an unexpected error: .*Status Code: 400; Error Code: \w+Exception/,
      );
    },
  }),
  contractCase({
    id: "codedeploy.alarm",
    title: "An alarm that rings stops the deployment, which the group then rolls back",
    source: codeDeployGuide("monitoring-create-alarms"),
    ...standing,
    run: async (context) => {
      const { cloudWatch } = context.clients;
      const AlarmName = context.name();
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          MetricName: "Errors",
          Namespace: "Contract",
          Statistic: "Sum",
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: "GreaterThanThreshold",
        }),
      );
      context.afterwards(() => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })));
      const stage = await stageOf(context, {
        deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes",
        alarmConfiguration: { enabled: true, alarms: [{ name: AlarmName }] },
        autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] },
      });
      const deploymentId = await deploy(context, stage);
      await context.until(
        () => weights(context, given(stage.blue.listenerArn)),
        (found) => found.get(stage.green.arn) === 10,
      );
      await cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "the suite says so" }),
      );
      const stopped = await deploymentUntil(context, deploymentId, "Stopped", "Failed", "Succeeded");
      expect(stopped).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
      await deploymentUntil(context, given(stopped.rollbackInfo?.rollbackDeploymentId), "Succeeded");
      expect((await weights(context, given(stage.blue.listenerArn))).get(stage.blue.arn)).toBe(100);
    },
  }),
];
