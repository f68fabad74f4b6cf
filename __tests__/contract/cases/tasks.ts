import {
  ExecuteCommandCommand,
  GetTaskProtectionCommand,
  ListTasksCommand,
  StartTaskCommand,
  StopTaskCommand,
  UpdateTaskProtectionCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { run, taskUntil, hostArns } from "./task-steps.ts";

export const taskCases: readonly ContractCase[] = [
  contractCase({
    id: "task.run",
    title: "RunTask gives a task on its way to RUNNING, in the group of its family",
    source: ecsApi("Task"),
    needs: ["hosts"],
    run: async (context) => {
      const family = context.name();
      const task = await run(context, { taskDefinition: await context.register({ family }) });
      expect(task).toMatchObject({ desiredStatus: "RUNNING", group: `family:${family}`, launchType: "EC2" });
      expect(await taskUntil(context, task, "RUNNING")).toMatchObject({
        desiredStatus: "RUNNING",
        connectivity: "CONNECTED",
      });
    },
  }),
  contractCase({
    id: "task.stop",
    title: "StopTask ends a task with stop code UserInitiated and the reason given",
    source: ecsApi("StopTask"),
    needs: ["hosts"],
    run: async (context) => {
      const task = await taskUntil(context, await run(context), "RUNNING");
      const cluster = await context.cluster();
      await context.ecs.send(new StopTaskCommand({ cluster, task: task.taskArn, reason: "done with it" }));
      expect(await taskUntil(context, task, "STOPPED")).toMatchObject({
        stopCode: "UserInitiated",
        stoppedReason: "done with it",
        desiredStatus: "STOPPED",
      });
    },
  }),
  contractCase({
    id: "task.started-by",
    title: "ListTasks goes by who started a task and by its family",
    source: ecsApi("ListTasks"),
    needs: ["hosts"],
    run: async (context) => {
      const [family, startedBy, cluster] = [context.name(), context.name(), await context.cluster()];
      const task = await run(context, { startedBy, taskDefinition: await context.register({ family }) });
      for (const filter of [{ startedBy }, { family }]) {
        const { taskArns } = await context.ecs.send(new ListTasksCommand({ cluster, ...filter }));
        expect(taskArns).toEqual([task.taskArn]);
      }
    },
  }),
  contractCase({
    id: "task.image-missing",
    title: "A task whose image cannot be pulled stops with TaskFailedToStart and CannotPullContainerError",
    source: ecsGuide("stopped-task-errors"),
    wording: "documented",
    needs: ["hosts"],
    run: async (context) => {
      const image = "public.ecr.aws/nginx/nginx:missing";
      const task = await run(context, { taskDefinition: await context.register({ container: { image } }) });
      const stopped = await taskUntil(context, task, "STOPPED");
      expect(stopped.stopCode).toBe("TaskFailedToStart");
      expect(`${stopped.stoppedReason ?? ""} ${stopped.containers?.[0]?.reason ?? ""}`).toContain(
        "CannotPullContainerError",
      );
    },
  }),
  contractCase({
    id: "task.service-task",
    title: "A service's task is started by its deployment, in the service's group",
    source: ecsApi("Task"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const [task] = await context.tasks(service);
      expect(task).toMatchObject({
        startedBy: service.deployments?.[0]?.id,
        group: `service:${service.serviceName ?? ""}`,
      });
    },
  }),
  contractCase({
    id: "task.replaced",
    title: "A service replaces a task that was stopped",
    source: ecsGuide("ecs_services"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const [first] = await context.tasks(service);
      await context.ecs.send(
        new StopTaskCommand({ cluster: service.clusterArn, task: given(first?.taskArn) }),
      );
      const found = await context.until(
        () => context.tasks(service),
        (tasks) => tasks.some((task) => task.taskArn !== first?.taskArn && task.lastStatus === "RUNNING"),
      );
      expect(found.map(({ taskArn }) => taskArn)).not.toContain(first?.taskArn);
    },
  }),
  contractCase({
    id: "task.interface",
    title: "A task in awsvpc mode has a network interface of its own with an address",
    source: ecsGuide("task-networking-awsvpc"),
    needs: ["network", "hosts"],
    run: async (context) => {
      const { subnetIds } = await context.network();
      const task = await run(context, {
        taskDefinition: await context.register({
          networkMode: "awsvpc",
          container: { portMappings: [{ containerPort: 80 }] },
        }),
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnetIds] } },
      });
      const { attachments } = await taskUntil(context, task, "RUNNING");
      expect(attachments?.[0]).toMatchObject({ type: "ElasticNetworkInterface", status: "ATTACHED" });
      const names = attachments?.[0]?.details?.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(["subnetId", "networkInterfaceId", "macAddress", "privateIPv4Address"]),
      );
    },
  }),
  contractCase({
    id: "task.start",
    title: "StartTask places a task on the host that it names",
    source: ecsApi("StartTask"),
    needs: ["hosts"],
    run: async (context) => {
      const [host = ""] = await hostArns(context);
      const cluster = await context.cluster();
      const { tasks } = await context.ecs.send(
        new StartTaskCommand({
          cluster,
          containerInstances: [host],
          taskDefinition: await context.register(),
        }),
      );
      const task = given(tasks?.[0]);
      context.afterwards(() => context.ecs.send(new StopTaskCommand({ cluster, task: task.taskArn })));
      expect(task.containerInstanceArn).toBe(host);
    },
  }),
  contractCase({
    id: "task.protection",
    title: "Task protection lasts until it is taken away",
    source: ecsApi("UpdateTaskProtection"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const tasks = (await context.tasks(service)).map(({ taskArn }) => given(taskArn));
      const cluster = service.clusterArn;
      await context.ecs.send(
        new UpdateTaskProtectionCommand({ cluster, tasks, protectionEnabled: true, expiresInMinutes: 60 }),
      );
      const read = async () =>
        (await context.ecs.send(new GetTaskProtectionCommand({ cluster, tasks }))).protectedTasks?.[0];
      expect((await read())?.protectionEnabled).toBe(true);
      expect((await read())?.expirationDate).toBeDefined();
      await context.ecs.send(new UpdateTaskProtectionCommand({ cluster, tasks, protectionEnabled: false }));
      expect((await read())?.protectionEnabled).toBe(false);
    },
  }),
  refusal({
    id: "task.stop-missing",
    title: "StopTask of a task that is not there is refused",
    source: ecsApi("StopTask"),
    wording: "observed",
    type: "InvalidParameterException",
    message: "The referenced task was not found.",
    call: async (context) =>
      context.ecs.send(
        new StopTaskCommand({
          cluster: await context.ownCluster(),
          task: "0123456789abcdef0123456789abcdef",
        }),
      ),
  }),
  refusal({
    id: "task.exec-not-enabled",
    title: "ExecuteCommand is refused where the task was not enabled for it",
    source: ecsGuide("ecs-exec"),
    wording: "observed",
    needs: ["hosts"],
    type: "InvalidParameterException",
    message: /^The execute command failed because execute command was not enabled when the task was run/,
    call: async (context) => {
      const task = await taskUntil(context, await run(context), "RUNNING");
      return context.ecs.send(
        new ExecuteCommandCommand({
          cluster: await context.cluster(),
          task: task.taskArn,
          command: "true",
          interactive: true,
        }),
      );
    },
  }),
];
