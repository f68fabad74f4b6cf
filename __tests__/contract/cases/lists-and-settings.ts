import {
  DeleteAccountSettingCommand,
  ListAccountSettingsCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  PutAccountSettingCommand,
  paginateListServices,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { ecsApi } from "../suite/sources.ts";

async function manyServices(context: Context, count: number): Promise<string> {
  const cluster = await context.ownCluster();
  const taskDefinition = await context.register();
  for (let index = 0; index < count; index += 1) await context.create({ cluster, taskDefinition });
  return cluster;
}

export const pagingCases: readonly ContractCase[] = [
  contractCase({
    id: "paging.ten-services",
    title: "ListServices gives 10 services a page unless asked otherwise",
    source: ecsApi("ListServices"),
    run: async (context) => {
      const cluster = await manyServices(context, 12);
      const first = await context.ecs.send(new ListServicesCommand({ cluster }));
      expect(first.serviceArns).toHaveLength(10);
      const second = await context.ecs.send(new ListServicesCommand({ cluster, nextToken: first.nextToken }));
      expect([second.serviceArns?.length, second.nextToken]).toEqual([2, undefined]);
      expect(new Set([...(first.serviceArns ?? []), ...(second.serviceArns ?? [])]).size).toBe(12);
    },
  }),
  contractCase({
    id: "paging.whole-page",
    title: "The SDK's paginator finds every service once, however small the page",
    source: ecsApi("ListServices"),
    run: async (context) => {
      const cluster = await manyServices(context, 5);
      const found: string[] = [];
      for await (const page of paginateListServices({ client: context.ecs, pageSize: 2 }, { cluster })) {
        found.push(...(page.serviceArns ?? []));
      }
      expect([found.length, new Set(found).size]).toEqual([5, 5]);
    },
  }),
  contractCase({
    id: "paging.filter",
    title: "ListServices goes by launch type and scheduling strategy",
    source: ecsApi("ListServices"),
    run: async (context) => {
      const cluster = await context.ownCluster();
      await context.create({ cluster });
      const daemon = await context.create({ cluster, schedulingStrategy: "DAEMON", desiredCount: undefined });
      const list = async (filter: { schedulingStrategy?: "DAEMON"; launchType?: "EC2" | "FARGATE" }) =>
        (await context.ecs.send(new ListServicesCommand({ cluster, ...filter }))).serviceArns;
      expect(await list({ schedulingStrategy: "DAEMON" })).toEqual([daemon.serviceArn]);
      expect(await list({ launchType: "EC2" })).toHaveLength(2);
      expect(await list({ launchType: "FARGATE" })).toEqual([]);
    },
  }),
  refusal({
    id: "paging.token",
    title: "A token that no list gave is refused",
    source: ecsApi("ListServices"),
    wording: "inferred",
    type: "InvalidParameterException",
    message: /token/i,
    call: async (context) =>
      context.ecs.send(new ListServicesCommand({ cluster: await context.ownCluster(), nextToken: "none" })),
  }),
  refusal({
    id: "paging.page-size",
    title: "A page has 100 items at most",
    source: ecsApi("ListServices"),
    type: "InvalidParameterException",
    call: async (context) =>
      context.ecs.send(new ListServicesCommand({ cluster: await context.ownCluster(), maxResults: 101 })),
  }),
  contractCase({
    id: "paging.definitions",
    title: "ListTaskDefinitions gives as many a page as it is asked for",
    source: ecsApi("ListTaskDefinitions"),
    run: async (context) => {
      const family = context.name();
      for (let index = 0; index < 3; index += 1) await context.register({ family });
      const answer = await context.ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: family, maxResults: 2 }),
      );
      expect(answer.taskDefinitionArns).toHaveLength(2);
      expect(answer.nextToken).toBeDefined();
    },
  }),
];

const settings = "on AWS it would change an account's settings";

export const accountSettingCases: readonly ContractCase[] = [
  contractCase({
    id: "setting.effective",
    title: "With effectiveSettings every setting has a value, set or not",
    source: ecsApi("ListAccountSettings"),
    run: async (context) => {
      const { settings: found } = await context.ecs.send(
        new ListAccountSettingsCommand({ effectiveSettings: true, name: "taskLongArnFormat" }),
      );
      expect(found?.map(({ name, value }) => [name, value])).toEqual([["taskLongArnFormat", "enabled"]]);
    },
  }),
  contractCase({
    id: "setting.put-and-delete",
    title: "A setting that was put is listed until it is deleted",
    source: ecsApi("PutAccountSetting"),
    localOnly: settings,
    run: async (context) => {
      const name = "awsvpcTrunking" as const;
      const put = await context.ecs.send(new PutAccountSettingCommand({ name, value: "enabled" }));
      expect(put.setting).toMatchObject({ name, value: "enabled" });
      const list = async () =>
        (await context.ecs.send(new ListAccountSettingsCommand({ name }))).settings?.map(
          ({ value }) => value,
        );
      expect(await list()).toEqual(["enabled"]);
      await context.ecs.send(new DeleteAccountSettingCommand({ name }));
      expect(await list()).toEqual([]);
    },
  }),
  refusal({
    id: "setting.name",
    title: "A setting is one of the API's",
    source: ecsApi("PutAccountSetting"),
    wording: "observed",
    type: "InvalidParameterException",
    message: /should be one of \[.*taskLongArnFormat.*\]/,
    call: (context) =>
      context.ecs.send(new PutAccountSettingCommand({ name: "favouriteColour" as never, value: "enabled" })),
  }),
  refusal({
    id: "setting.value",
    title: "A setting takes certain values",
    source: ecsApi("PutAccountSetting"),
    localOnly: settings,
    type: "InvalidParameterException",
    call: (context) =>
      context.ecs.send(new PutAccountSettingCommand({ name: "containerInsights", value: "sometimes" })),
  }),
];
