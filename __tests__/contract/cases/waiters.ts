import {
  DeleteServiceCommand,
  RunTaskCommand,
  StopTaskCommand,
  waitUntilServicesInactive,
  waitUntilServicesStable,
  waitUntilTasksRunning,
  waitUntilTasksStopped,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { breaker, external } from "./deployment-steps.ts";
import { run } from "./task-steps.ts";

const waiter = ({ ecs, target }: Context) => ({
  client: ecs,
  maxWaitTime: target.speed > 1 ? 30 : 600,
  minDelay: target.speed > 1 ? 1 : 6,
  maxDelay: target.speed > 1 ? 1 : 15,
});

export const waiterCases: readonly ContractCase[] = [
  contractCase({
    id: "waiter.services-stable",
    title: "ServicesStable succeeds when a service has one deployment and as many tasks as it wants",
    source: ecsGuide("ecs_services"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.create({ desiredCount: 1 });
      const input = { cluster: service.clusterArn, services: [given(service.serviceArn)] };
      expect((await waitUntilServicesStable(waiter(context), input)).state).toBe("SUCCESS");
      expect(await context.describe(service)).toMatchObject({
        runningCount: 1,
        deployments: [{ runningCount: 1 }],
      });
    },
  }),
  contractCase({
    id: "waiter.services-stable-missing",
    title: "ServicesStable fails for a service that is not there",
    source: ecsApi("DescribeServices"),
    run: async (context) => {
      const input = { cluster: await context.ownCluster(), services: [context.name()] };
      await expect(waitUntilServicesStable(waiter(context), input)).rejects.toThrow(/FAILURE/);
    },
  }),
  contractCase({
    id: "waiter.services-inactive",
    title: "ServicesInactive succeeds once a service is deleted",
    source: ecsApi("DeleteService"),
    run: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster() });
      const { clusterArn: cluster, serviceName } = service;
      await context.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName }));
      const input = { cluster, services: [given(serviceName)] };
      expect((await waitUntilServicesInactive(waiter(context), input)).state).toBe("SUCCESS");
    },
  }),
  contractCase({
    id: "waiter.tasks",
    title: "TasksRunning and TasksStopped follow a task of RunTask",
    source: ecsApi("RunTask"),
    needs: ["hosts"],
    run: async (context) => {
      const cluster = await context.cluster();
      const { tasks } = await context.ecs.send(
        new RunTaskCommand({ cluster, taskDefinition: await context.register() }),
      );
      const arn = given(tasks?.[0]?.taskArn);
      const input = { cluster, tasks: [arn] };
      expect((await waitUntilTasksRunning(waiter(context), input)).state).toBe("SUCCESS");
      await context.ecs.send(new StopTaskCommand({ cluster, task: arn }));
      expect((await waitUntilTasksStopped(waiter(context), input)).state).toBe("SUCCESS");
    },
  }),
  contractCase({
    id: "waiter.stable-after-rollback",
    title: "ServicesStable succeeds after a rollback, and so does not tell that a deployment failed",
    source: ecsGuide("deployment-circuit-breaker"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(
        await context.create({ desiredCount: 1, deploymentConfiguration: breaker }),
      );
      const image = "public.ecr.aws/nginx/nginx:missing";
      const taskDefinition = await context.register({ container: { image } });
      const updated = await context.update(service, { taskDefinition });
      // AWS's own ten minutes are less than what this takes.
      const patience = { ...waiter(context), maxWaitTime: context.target.speed > 1 ? 90 : 3000 };
      const input = { cluster: service.clusterArn, services: [given(service.serviceArn)] };
      expect((await waitUntilServicesStable(patience, input)).state).toBe("SUCCESS");
      const after = await context.describe(service);
      expect(updated.taskDefinition).toBe(taskDefinition);
      expect(after.taskDefinition).toBe(service.taskDefinition);
    },
  }),
  contractCase({
    id: "waiter.tasks-running-stopped",
    title: "TasksRunning fails for a task that stops before it runs",
    source: ecsApi("DescribeTasks"),
    needs: ["hosts"],
    run: async (context) => {
      const image = "public.ecr.aws/nginx/nginx:missing";
      const task = await run(context, { taskDefinition: await context.register({ container: { image } }) });
      const input = { cluster: await context.cluster(), tasks: [given(task.taskArn)] };
      await expect(waitUntilTasksRunning(waiter(context), input)).rejects.toThrow(/FAILURE/);
    },
  }),
  contractCase({
    id: "waiter.services-stable-inactive",
    title: "ServicesStable fails for a service that was deleted",
    source: ecsApi("DescribeServices"),
    run: async (context) => {
      const { clusterArn: cluster, serviceName } = await context.create({
        cluster: await context.ownCluster(),
      });
      await context.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName }));
      const input = { cluster, services: [given(serviceName)] };
      await expect(waitUntilServicesStable(waiter(context), input)).rejects.toThrow(/FAILURE/);
    },
  }),
  contractCase({
    id: "waiter.services-stable-task-sets",
    title: "ServicesStable never succeeds for a service with task sets, which has no deployment",
    source: ecsApi("Service"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await external(context);
      const patience = { ...waiter(context), maxWaitTime: context.target.speed > 1 ? 3 : 60 };
      const input = { cluster: service.clusterArn, services: [given(service.serviceArn)] };
      await expect(waitUntilServicesStable(patience, input)).rejects.toMatchObject({ name: "TimeoutError" });
      expect((await context.describe(service)).deployments).toEqual([]);
    },
  }),
];
