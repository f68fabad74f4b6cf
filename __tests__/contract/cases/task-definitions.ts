import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { described } from "./task-definition-steps.ts";

export const taskDefinitionCases: readonly ContractCase[] = [
  contractCase({
    id: "task-definition.revisions",
    title: "The revisions of a family count up from 1",
    source: ecsApi("TaskDefinition"),
    run: async (context) => {
      const family = context.name();
      const first = await context.register({ family });
      const second = await context.register({ family });
      expect([first, second].map((arn) => arn.split("/")[1])).toEqual([`${family}:1`, `${family}:2`]);
    },
  }),
  contractCase({
    id: "task-definition.number-not-used-again",
    title: "The number of a deregistered revision is not used again",
    source: ecsGuide("task-definition-state"),
    run: async (context) => {
      const family = context.name();
      const first = await context.register({ family });
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: first }));
      expect(await context.register({ family })).toMatch(/:2$/);
    },
  }),
  contractCase({
    id: "task-definition.latest",
    title: "A bare family means its latest ACTIVE revision",
    source: ecsApi("DescribeTaskDefinition"),
    run: async (context) => {
      const family = context.name();
      await context.register({ family });
      const second = await context.register({ family });
      const third = await context.register({ family });
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: third }));
      expect((await described(context, family)).taskDefinitionArn).toBe(second);
    },
  }),
  contractCase({
    id: "task-definition.deregister",
    title: "A deregistered revision is INACTIVE, describable and without a place in the list of ACTIVE ones",
    source: ecsApi("DeregisterTaskDefinition"),
    run: async (context) => {
      const family = context.name();
      const arn = await context.register({ family });
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      expect(await described(context, arn)).toMatchObject({ status: "INACTIVE" });
      const list = async (status: "ACTIVE" | "INACTIVE") =>
        (await context.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, status })))
          .taskDefinitionArns;
      expect(await list("ACTIVE")).toEqual([]);
      expect(await list("INACTIVE")).toEqual([arn]);
    },
  }),
  contractCase({
    id: "task-definition.list-order",
    title: "ListTaskDefinitions gives a family's revisions in either order",
    source: ecsApi("ListTaskDefinitions"),
    run: async (context) => {
      const family = context.name();
      const arns = [await context.register({ family }), await context.register({ family })];
      const list = async (sort: "ASC" | "DESC") =>
        (await context.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family, sort })))
          .taskDefinitionArns;
      expect(await list("ASC")).toEqual(arns);
      expect(await list("DESC")).toEqual(arns.toReversed());
    },
  }),
  contractCase({
    id: "task-definition.families",
    title:
      "ListTaskDefinitionFamilies finds families by prefix and tells those without an ACTIVE revision apart",
    source: ecsApi("ListTaskDefinitionFamilies"),
    run: async (context) => {
      const prefix = context.name();
      await context.register({ family: `${prefix}-a` });
      const gone = await context.register({ family: `${prefix}-b` });
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: gone }));
      const list = async (status: "ACTIVE" | "INACTIVE" | "ALL") =>
        (await context.ecs.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: prefix, status })))
          .families;
      expect(await list("ACTIVE")).toEqual([`${prefix}-a`]);
      expect(await list("INACTIVE")).toEqual([`${prefix}-b`]);
      expect(await list("ALL")).toEqual([`${prefix}-a`, `${prefix}-b`]);
    },
  }),
  contractCase({
    id: "task-definition.delete-active",
    title: "DeleteTaskDefinitions names an ACTIVE revision as a failure",
    source: ecsApi("DeleteTaskDefinitions"),
    run: async (context) => {
      const arn = await context.register();
      const { failures, taskDefinitions } = await context.ecs.send(
        new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }),
      );
      expect(taskDefinitions).toEqual([]);
      expect(failures?.map((failure) => failure.arn)).toEqual([arn]);
    },
  }),
  contractCase({
    id: "task-definition.delete-inactive",
    title: "DeleteTaskDefinitions takes an INACTIVE revision to DELETE_IN_PROGRESS",
    source: ecsApi("DeleteTaskDefinitions"),
    run: async (context) => {
      const arn = await context.register();
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
      const { taskDefinitions } = await context.ecs.send(
        new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }),
      );
      expect(taskDefinitions?.map(({ status }) => status)).toEqual(["DELETE_IN_PROGRESS"]);
    },
  }),
  contractCase({
    id: "task-definition.tags",
    title: "The tags of a definition come with include TAGS, beside it",
    source: ecsApi("DescribeTaskDefinition"),
    run: async (context) => {
      const tags = [{ key: "team", value: "web" }];
      const taskDefinition = await context.register({ tags });
      const answer = await context.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }),
      );
      expect(answer.tags).toEqual(tags);
    },
  }),
  refusal({
    id: "task-definition.describe-missing",
    title: "DescribeTaskDefinition of what is not there is a ClientException",
    source: ecsApi("DescribeTaskDefinition"),
    wording: "observed",
    type: "ClientException",
    message: "Unable to describe task definition.",
    call: (context) =>
      context.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: context.name() })),
  }),
  refusal({
    id: "task-definition.deregister-family",
    title: "DeregisterTaskDefinition wants a revision",
    source: ecsApi("DeregisterTaskDefinition"),
    type: "ClientException",
    message: /revision/i,
    call: async (context) => {
      const family = context.name();
      await context.register({ family });
      return context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: family }));
    },
  }),
  refusal({
    id: "task-definition.inactive-unusable",
    title: "No service is created from a deregistered revision",
    source: ecsGuide("task-definition-state"),
    wording: "observed",
    localOnly: "AWS may let a deregistered revision be used for ten minutes",
    type: "ClientException",
    message: "TaskDefinition is inactive",
    call: async (context) => {
      const taskDefinition = await context.register();
      await context.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      return context.create({ taskDefinition, cluster: await context.ownCluster() });
    },
  }),
  contractCase({
    id: "task-definition.refused-counts-nothing",
    title: "A refused registration uses no revision number up",
    source: ecsApi("RegisterTaskDefinition"),
    run: async (context) => {
      const family = context.name();
      await context.register({ family });
      const bad = new RegisterTaskDefinitionCommand({ family, containerDefinitions: [] });
      await expect(context.ecs.send(bad)).rejects.toThrow();
      expect(await context.register({ family })).toMatch(/:2$/);
    },
  }),
];
