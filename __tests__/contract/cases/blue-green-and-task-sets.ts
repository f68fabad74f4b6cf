import {
  ContinueServiceDeploymentCommand,
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  DescribeServiceRevisionsCommand,
  DescribeTaskSetsCommand,
  StopServiceDeploymentCommand,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import {
  describeDeployment,
  blueGreen,
  infrastructure,
  external,
  pausedDeployment,
} from "./deployment-steps.ts";

export const blueGreenAndTaskSetCases: readonly ContractCase[] = [
  contractCase({
    id: "native.pause",
    title: "A blue/green deployment waits at a PAUSE hook until it is continued, then succeeds",
    source: ecsGuide("deployment-type-blue-green"),
    needs: ["load balancer", "hosts"],
    localOnly: infrastructure,
    run: async (context) => {
      const service = await blueGreen(context);
      const waiting = await pausedDeployment(context, service);
      const [hook] = waiting.lifecycleHookDetails ?? [];
      await context.ecs.send(
        new ContinueServiceDeploymentCommand({
          serviceDeploymentArn: waiting.serviceDeploymentArn,
          hookId: hook?.hookId,
          action: "CONTINUE",
        }),
      );
      const arn = given(waiting.serviceDeploymentArn);
      const done = await context.until(
        () => describeDeployment(context, arn),
        ({ status }) => status === "SUCCESSFUL",
      );
      expect(done.targetServiceRevision?.arn).toMatch(/:service-revision\//);
      const { serviceRevisions } = await context.ecs.send(
        new DescribeServiceRevisionsCommand({
          serviceRevisionArns: [given(done.targetServiceRevision?.arn)],
        }),
      );
      expect(serviceRevisions?.[0]?.taskDefinition).toBe(service.taskDefinition);
    },
  }),
  contractCase({
    id: "native.stop",
    title: "StopServiceDeployment with ROLLBACK ends a deployment that is under way",
    source: ecsApi("StopServiceDeployment"),
    needs: ["load balancer", "hosts"],
    localOnly: infrastructure,
    run: async (context) => {
      const waiting = await pausedDeployment(context, await blueGreen(context));
      const arn = given(waiting.serviceDeploymentArn);
      await context.ecs.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }),
      );
      const ended = await context.until(
        () => describeDeployment(context, arn),
        ({ status }) =>
          status === "STOPPED" || status === "ROLLBACK_SUCCESSFUL" || status === "ROLLBACK_FAILED",
      );
      expect(ended.finishedAt ?? ended.stoppedAt).toBeDefined();
    },
  }),
  contractCase({
    id: "task-set.life",
    title: "Under controller EXTERNAL a service runs the task sets that are made for it",
    source: ecsGuide("deployment-type-external"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await external(context);
      const target = { cluster: service.clusterArn, service: service.serviceName };
      const { taskSet } = await context.ecs.send(
        new CreateTaskSetCommand({
          ...target,
          taskDefinition: await context.register(),
          launchType: "EC2",
          scale: { value: 50, unit: "PERCENT" },
        }),
      );
      expect(taskSet).toMatchObject({
        status: "ACTIVE",
        stabilityStatus: "STABILIZING",
        computedDesiredCount: 1,
      });
      const id = given(taskSet?.taskSetArn);
      await context.ecs.send(new UpdateServicePrimaryTaskSetCommand({ ...target, primaryTaskSet: id }));
      await context.ecs.send(
        new UpdateTaskSetCommand({ ...target, taskSet: id, scale: { value: 100, unit: "PERCENT" } }),
      );
      const found = await context.until(
        async () =>
          given(
            (await context.ecs.send(new DescribeTaskSetsCommand({ ...target, taskSets: [id] })))
              .taskSets?.[0],
          ),
        ({ stabilityStatus, runningCount }) => stabilityStatus === "STEADY_STATE" && runningCount === 2,
      );
      expect(found).toMatchObject({ status: "PRIMARY", computedDesiredCount: 2, pendingCount: 0 });
      const deleted = await context.ecs.send(
        new DeleteTaskSetCommand({ ...target, taskSet: id, force: true }),
      );
      expect(deleted.taskSet?.status).toBe("DRAINING");
    },
  }),
  refusal({
    id: "task-set.not-for-rolling",
    title: "CreateTaskSet is refused for a service under controller ECS",
    source: ecsApi("CreateTaskSet"),
    wording: "inferred",
    type: "InvalidParameterException",
    message: /./,
    call: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster() });
      return context.ecs.send(
        new CreateTaskSetCommand({
          cluster: service.clusterArn,
          service: service.serviceName,
          taskDefinition: await context.register(),
        }),
      );
    },
  }),
  contractCase({
    id: "controller.migrates",
    title: "UpdateService moves a service from EXTERNAL to ECS, and its primary task set is its deployment",
    source: ecsGuide("troubleshooting-deployment-controller-migration"),
    needs: ["hosts"],
    localOnly: "what AWS does with the tasks is not documented to the letter",
    run: async (context) => {
      const service = await external(context);
      const target = { cluster: service.clusterArn, service: service.serviceName };
      const { taskSet } = await context.ecs.send(
        new CreateTaskSetCommand({
          ...target,
          taskDefinition: await context.register(),
          launchType: "EC2",
          scale: { value: 100, unit: "PERCENT" },
        }),
      );
      await context.ecs.send(
        new UpdateServicePrimaryTaskSetCommand({ ...target, primaryTaskSet: given(taskSet?.taskSetArn) }),
      );
      const moved = await context.update(service, { deploymentController: { type: "ECS" } });
      expect(moved.deploymentController?.type).toBe("ECS");
      expect(await context.steady(moved)).toMatchObject({ runningCount: 2 });
    },
  }),
  refusal({
    id: "controller.no-primary",
    title: "A service without a primary task set keeps its controller",
    source: ecsGuide("troubleshooting-deployment-controller-migration"),
    wording: "documented",
    needs: ["hosts"],
    type: "InvalidParameterException",
    message:
      "Updating the deployment controller requires a primary taskset in the service. Please ensure your service has a primary taskset and try again.",
    call: async (context) =>
      context.update(await external(context), { deploymentController: { type: "ECS" } }),
  }),
];
