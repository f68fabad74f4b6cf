import {
  DeleteTaskSetCommand,
  DescribeTaskSetsCommand,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { external } from "./deployment-steps.ts";
import { named, taskSet } from "./task-set-steps.ts";

/** Why these run against AWS only where there is a cluster: a service wants one to be made in. */
const standing = { needs: ["hosts"] } as const;

export const taskSetCases: readonly ContractCase[] = [
  contractCase({
    id: "task-set.life",
    title: "Under controller EXTERNAL a service runs the task sets that are made for it",
    source: ecsGuide("deployment-type-external"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await external(context);
      const target = named(service);
      const made = await taskSet(context, service, { scale: { value: 50, unit: "PERCENT" } });
      expect(made).toMatchObject({
        status: "ACTIVE",
        stabilityStatus: "STABILIZING",
        computedDesiredCount: 1,
      });
      const id = given(made.taskSetArn);
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
    type: "InvalidParameterException",
    call: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster() });
      return taskSet(context, service, { launchType: undefined });
    },
  }),
  contractCase({
    id: "task-set.scale-zero",
    title: "A task set has scale 0 unless told otherwise, and no task",
    source: ecsApi("CreateTaskSet"),
    ...standing,
    run: async (context) => {
      expect(await taskSet(context, await external(context))).toMatchObject({
        scale: { value: 0, unit: "PERCENT" },
        computedDesiredCount: 0,
        status: "ACTIVE",
      });
    },
  }),
  contractCase({
    id: "task-set.computed",
    title: "A task set's count is its share of the service's, rounded up",
    source: ecsApi("TaskSet"),
    ...standing,
    run: async (context) => {
      const service = await external(context);
      const scale = { value: 1, unit: "PERCENT" as const };
      expect((await taskSet(context, service, { scale })).computedDesiredCount).toBe(1);
    },
  }),
  contractCase({
    id: "task-set.external-id",
    title: "A task set keeps its external id and its tags",
    source: ecsApi("TaskSet"),
    ...standing,
    run: async (context) => {
      const service = await external(context);
      const tags = [{ key: "team", value: "web" }];
      const made = await taskSet(context, service, { externalId: "build-7", tags });
      const { taskSets } = await context.ecs.send(
        new DescribeTaskSetsCommand({
          ...named(service),
          taskSets: [given(made.taskSetArn)],
          include: ["TAGS"],
        }),
      );
      expect(taskSets?.[0]).toMatchObject({ externalId: "build-7", tags });
    },
  }),
  contractCase({
    id: "task-set.client-token",
    title: "CreateTaskSet again with the same client token makes no second task set",
    source: ecsApi("CreateTaskSet"),
    ...standing,
    run: async (context) => {
      const service = await external(context);
      const input = { clientToken: context.name(), taskDefinition: await context.register() };
      const [first, again] = [await taskSet(context, service, input), await taskSet(context, service, input)];
      expect(again.taskSetArn).toBe(first.taskSetArn);
      expect((await context.describe(service)).taskSets).toHaveLength(1);
    },
  }),
  contractCase({
    id: "task-set.primary-definition",
    title: "The service shows the definition of its primary task set",
    source: ecsApi("UpdateServicePrimaryTaskSet"),
    ...standing,
    run: async (context) => {
      const service = await external(context);
      const taskDefinition = await context.register();
      const { taskSetArn } = await taskSet(context, service, { taskDefinition });
      await context.ecs.send(
        new UpdateServicePrimaryTaskSetCommand({ ...named(service), primaryTaskSet: taskSetArn }),
      );
      expect(await context.describe(service)).toMatchObject({ taskDefinition, deployments: [] });
    },
  }),
  refusal({
    id: "task-set.too-many",
    title: "A service has five task sets at most",
    source: "https://docs.aws.amazon.com/cli/latest/reference/ecs/create-task-set.html",
    wording: "observed",
    ...standing,
    type: "InvalidParameterException",
    message:
      "5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.",
    call: async (context) => {
      const service = await external(context);
      const taskDefinition = await context.register();
      for (let count = 0; count < 5; count += 1) await taskSet(context, service, { taskDefinition });
      return taskSet(context, service, { taskDefinition });
    },
  }),
  refusal({
    id: "task-set.missing",
    title: "A task set that is not there cannot be scaled",
    source: ecsApi("UpdateTaskSet"),
    ...standing,
    type: "TaskSetNotFoundException",
    call: async (context) =>
      context.ecs.send(
        new UpdateTaskSetCommand({
          ...named(await external(context)),
          taskSet: "ecs-svc/1234567890123456789",
          scale: { value: 1, unit: "PERCENT" },
        }),
      ),
  }),
  contractCase({
    id: "task-set.described-missing",
    title: "DescribeTaskSets names one that is not there as a failure with reason MISSING",
    source: ecsGuide("api_failures_messages"),
    ...standing,
    run: async (context) => {
      const { failures } = await context.ecs.send(
        new DescribeTaskSetsCommand({
          ...named(await external(context)),
          taskSets: ["ecs-svc/1234567890123456789"],
        }),
      );
      expect(failures?.map(({ reason }) => reason)).toEqual(["MISSING"]);
    },
  }),
  contractCase({
    id: "task-set.delete-unforced",
    title: "A task set above scale 0 is deleted only by force",
    source: ecsApi("DeleteTaskSet"),
    wording: "inferred",
    ...standing,
    run: async (context) => {
      const service = await external(context);
      const made = await taskSet(context, service, { scale: { value: 50, unit: "PERCENT" } });
      const input = { ...named(service), taskSet: made.taskSetArn };
      await expect(context.ecs.send(new DeleteTaskSetCommand(input))).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
      const forced = await context.ecs.send(new DeleteTaskSetCommand({ ...input, force: true }));
      expect(forced.taskSet?.status).toBe("DRAINING");
    },
  }),
  refusal({
    id: "task-set.external-definition",
    title: "A service under EXTERNAL is created without a definition",
    source: ecsGuide("deployment-type-external"),
    wording: "inferred",
    ...standing,
    type: "InvalidParameterException",
    message: /[Tt]ask ?[Dd]efinition/,
    call: async (context) =>
      context.create({
        deploymentController: { type: "EXTERNAL" },
        taskDefinition: await context.register(),
      }),
  }),
];
