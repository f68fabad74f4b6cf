import {
  BatchGetApplicationsCommand,
  CreateApplicationCommand,
  CreateDeploymentConfigCommand,
  DeleteApplicationCommand,
  DeleteDeploymentConfigCommand,
  GetApplicationCommand,
  GetApplicationRevisionCommand,
  BatchGetApplicationRevisionsCommand,
  GetDeploymentCommand,
  GetDeploymentConfigCommand,
  ListApplicationRevisionsCommand,
  ListApplicationsCommand,
  ListDeploymentConfigsCommand,
  ListTagsForResourceCommand,
  RegisterApplicationRevisionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApplicationCommand,
} from "@aws-sdk/client-codedeploy";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { codeDeployApi, codeDeployGuide } from "../suite/sources.ts";
import { appSpec, application } from "./code-deploy-steps.ts";

export const codeDeployApplicationCases: readonly ContractCase[] = [
  contractCase({
    id: "codedeploy.application",
    title: "An application of CodeDeploy is listed, told of and renamed until it is deleted",
    source: codeDeployApi("UpdateApplication"),
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const before = await application(context);
      const newApplicationName = context.name();
      context.afterwards(() =>
        codeDeploy.send(new DeleteApplicationCommand({ applicationName: newApplicationName })),
      );
      await codeDeploy.send(new UpdateApplicationCommand({ applicationName: before, newApplicationName }));
      const told = await codeDeploy.send(new GetApplicationCommand({ applicationName: newApplicationName }));
      expect(told.application).toMatchObject({
        applicationName: newApplicationName,
        computePlatform: "ECS",
        linkedToGitHub: false,
      });
      const { applications } = await codeDeploy.send(new ListApplicationsCommand({}));
      expect(applications).toContain(newApplicationName);
      const { applicationsInfo } = await codeDeploy.send(
        new BatchGetApplicationsCommand({ applicationNames: [newApplicationName] }),
      );
      expect(applicationsInfo?.map(({ applicationId }) => applicationId)).toEqual([
        told.application?.applicationId,
      ]);
      await codeDeploy.send(new DeleteApplicationCommand({ applicationName: newApplicationName }));
      const gone = codeDeploy.send(new GetApplicationCommand({ applicationName: newApplicationName }));
      await expect(gone).rejects.toMatchObject({ name: "ApplicationDoesNotExistException" });
    },
  }),
  refusal({
    id: "codedeploy.application-missing",
    title: "An application that is not there is named in the refusal",
    source: codeDeployApi("GetApplication"),
    wording: "observed",
    type: "ApplicationDoesNotExistException",
    message: "No application found for name: slc-none",
    call: ({ clients }) =>
      clients.codeDeploy.send(new GetApplicationCommand({ applicationName: "slc-none" })),
  }),
  refusal({
    id: "codedeploy.application-twice",
    title: "Two applications cannot have one name",
    source: codeDeployApi("CreateApplication"),
    wording: "inferred",
    type: "ApplicationAlreadyExistsException",
    message: /already exists/,
    call: async (context) => {
      const applicationName = await application(context);
      return context.clients.codeDeploy.send(
        new CreateApplicationCommand({ applicationName, computePlatform: "ECS" }),
      );
    },
  }),
  contractCase({
    id: "codedeploy.tags",
    title: "Tags of an application come and go",
    source: codeDeployApi("TagResource"),
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const name = await application(context);
      const identity = (await context.register()).split(":").slice(3, 5).join(":");
      const ResourceArn = `arn:aws:codedeploy:${identity}:application:${name}`;
      await codeDeploy.send(
        new TagResourceCommand({
          ResourceArn,
          Tags: [
            { Key: "team", Value: "web" },
            { Key: "cost", Value: "1" },
          ],
        }),
      );
      await codeDeploy.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["cost"] }));
      const { Tags } = await codeDeploy.send(new ListTagsForResourceCommand({ ResourceArn }));
      expect(Tags).toEqual([{ Key: "team", Value: "web" }]);
    },
  }),
  contractCase({
    id: "codedeploy.revisions",
    title: "A revision is registered, listed without its content and told with it by its hash",
    source: codeDeployApi("RegisterApplicationRevision"),
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const applicationName = await application(context);
      const content = appSpec(await context.register());
      await codeDeploy.send(
        new RegisterApplicationRevisionCommand({
          applicationName,
          revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
        }),
      );
      const { revisions } = await codeDeploy.send(new ListApplicationRevisionsCommand({ applicationName }));
      const [listed] = revisions ?? [];
      expect(listed?.appSpecContent?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(listed?.appSpecContent?.content).toBeUndefined();
      const told = await codeDeploy.send(
        new GetApplicationRevisionCommand({ applicationName, revision: listed }),
      );
      expect(told.revision?.appSpecContent?.content).toBe(content);
      const all = await codeDeploy.send(
        new BatchGetApplicationRevisionsCommand({ applicationName, revisions }),
      );
      expect(all.revisions).toHaveLength(1);
    },
  }),
  contractCase({
    id: "codedeploy.predefined",
    title: "AWS's own configurations for ECS are there: all at once, two canary and two linear ones",
    source: codeDeployGuide("deployment-configurations"),
    run: async ({ clients }) => {
      const { deploymentConfigsList } = await clients.codeDeploy.send(new ListDeploymentConfigsCommand({}));
      const own = {
        ECSAllAtOnce: { type: "AllAtOnce" },
        ECSCanary10Percent5Minutes: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 10, canaryInterval: 5 },
        },
        ECSCanary10Percent15Minutes: {
          type: "TimeBasedCanary",
          timeBasedCanary: { canaryPercentage: 10, canaryInterval: 15 },
        },
        ECSLinear10PercentEvery1Minutes: {
          type: "TimeBasedLinear",
          timeBasedLinear: { linearPercentage: 10, linearInterval: 1 },
        },
        ECSLinear10PercentEvery3Minutes: {
          type: "TimeBasedLinear",
          timeBasedLinear: { linearPercentage: 10, linearInterval: 3 },
        },
      };
      for (const [end, routing] of Object.entries(own)) {
        const deploymentConfigName = `CodeDeployDefault.${end}`;
        expect(deploymentConfigsList).toContain(deploymentConfigName);
        const { deploymentConfigInfo } = await clients.codeDeploy.send(
          new GetDeploymentConfigCommand({ deploymentConfigName }),
        );
        expect(deploymentConfigInfo).toMatchObject({ computePlatform: "ECS", trafficRoutingConfig: routing });
      }
    },
  }),
  contractCase({
    id: "codedeploy.own-configuration",
    title: "A configuration of one's own is made once, and may be deleted",
    source: codeDeployApi("CreateDeploymentConfig"),
    run: async (context) => {
      const { codeDeploy } = context.clients;
      const deploymentConfigName = context.name();
      const create = () =>
        codeDeploy.send(
          new CreateDeploymentConfigCommand({
            deploymentConfigName,
            computePlatform: "ECS",
            trafficRoutingConfig: {
              type: "TimeBasedCanary",
              timeBasedCanary: { canaryPercentage: 25, canaryInterval: 2 },
            },
          }),
        );
      expect((await create()).deploymentConfigId).toMatch(/^[0-9a-f-]{36}$/);
      context.afterwards(() => codeDeploy.send(new DeleteDeploymentConfigCommand({ deploymentConfigName })));
      await expect(create()).rejects.toMatchObject({ name: "DeploymentConfigAlreadyExistsException" });
      await codeDeploy.send(new DeleteDeploymentConfigCommand({ deploymentConfigName }));
      const gone = codeDeploy.send(new GetDeploymentConfigCommand({ deploymentConfigName }));
      await expect(gone).rejects.toMatchObject({
        name: "DeploymentConfigDoesNotExistException",
        message: `No Deployment Configuration found for name: ${deploymentConfigName}`,
      });
    },
  }),
  refusal({
    id: "codedeploy.reserved-name",
    title: "AWS's own configurations cannot be deleted",
    source: codeDeployApi("DeleteDeploymentConfig"),
    type: "InvalidOperationException",
    call: ({ clients }) =>
      clients.codeDeploy.send(
        new DeleteDeploymentConfigCommand({ deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce" }),
      ),
  }),
  refusal({
    id: "codedeploy.deployment-missing",
    title: "A deployment that is not there cannot be told of",
    source: codeDeployApi("GetDeployment"),
    wording: "inferred",
    type: "DeploymentDoesNotExistException",
    message: /d-ABCDEFGHI/,
    call: ({ clients }) => clients.codeDeploy.send(new GetDeploymentCommand({ deploymentId: "d-ABCDEFGHI" })),
  }),
  refusal({
    id: "codedeploy.deployment-id",
    title: "A deployment's id begins with d-",
    source: codeDeployApi("GetDeployment"),
    type: "InvalidDeploymentIdException",
    call: ({ clients }) => clients.codeDeploy.send(new GetDeploymentCommand({ deploymentId: "nothing" })),
  }),
];
