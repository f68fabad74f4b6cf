import { createHash } from "node:crypto";

import {
  BatchGetDeploymentGroupsCommand,
  BatchGetDeploymentsCommand,
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetApplicationRevisionCommand,
  ListApplicationsCommand,
  ListDeploymentGroupsCommand,
  ListDeploymentsCommand,
  ListDeploymentTargetsCommand,
  StopDeploymentCommand,
  type AutoRollbackEvent,
} from "@aws-sdk/client-codedeploy";

import { AwsCallError } from "../core/errors.ts";
import type { CodeDeployPort } from "../core/ports/code-deploy.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { codeDeployGroups } from "./code-deploy-groups.ts";
import { paced } from "./paced.ts";

/** BatchGetDeployments takes at most so many ids, BatchGetDeploymentGroups so many names. */
const deploymentsPerCall = 25;
const groupsPerCall = 100;

/** A stop on request rolls back too, so that one in the console leaves nothing half-way. */
const rollbackEvents: AutoRollbackEvent[] = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
];

/** AWS CodeDeploy through the AWS SDK. */
export function codeDeployPort(settings: ClientSettings, observe: CallObserver): CodeDeployPort {
  const client = paced(new CodeDeployClient(settings));
  const writer = paced(new CodeDeployClient(onceOnly(settings)));

  return {
    ...codeDeployGroups(client, observe),

    applications: () =>
      pages(async (nextToken) => {
        const answer = await call("codedeploy:ListApplications", observe, () =>
          client.send(new ListApplicationsCommand({ nextToken })),
        );
        return { items: answer.applications ?? [], nextToken: answer.nextToken };
      }),

    async groups(applicationName) {
      const names = await unless("ApplicationDoesNotExistException", [], () =>
        pages(async (nextToken) => {
          const answer = await call("codedeploy:ListDeploymentGroups", observe, () =>
            client.send(new ListDeploymentGroupsCommand({ applicationName, nextToken })),
          );
          return { items: answer.deploymentGroups ?? [], nextToken: answer.nextToken };
        }),
      );
      const answers = await inBatches(names, groupsPerCall, (deploymentGroupNames) =>
        call("codedeploy:BatchGetDeploymentGroups", observe, () =>
          client.send(new BatchGetDeploymentGroupsCommand({ applicationName, deploymentGroupNames })),
        ),
      );
      return answers.flatMap(({ deploymentGroupsInfo = [] }) => deploymentGroupsInfo);
    },

    list: (applicationName, deploymentGroupName, { statuses, createdAfter, limit }) =>
      pages(async (nextToken) => {
        const answer = await call("codedeploy:ListDeployments", observe, () =>
          client.send(
            new ListDeploymentsCommand({
              applicationName,
              deploymentGroupName,
              nextToken,
              ...(statuses === undefined ? {} : { includeOnlyStatuses: [...statuses] }),
              ...(createdAfter === undefined ? {} : { createTimeRange: { start: createdAfter } }),
            }),
          ),
        );
        return { items: answer.deployments ?? [], nextToken: answer.nextToken };
      }, limit),

    async describe(ids) {
      const answers = await inBatches(ids, deploymentsPerCall, (deploymentIds) =>
        call("codedeploy:BatchGetDeployments", observe, () =>
          client.send(new BatchGetDeploymentsCommand({ deploymentIds })),
        ),
      );
      const found = answers.flatMap(({ deploymentsInfo = [] }) => deploymentsInfo);
      return ids.flatMap((id) => found.find(({ deploymentId }) => deploymentId === id) ?? []);
    },

    target: (deploymentId) =>
      unless("DeploymentNotStartedException", undefined, async () => {
        const { targetIds = [] } = await call("codedeploy:ListDeploymentTargets", observe, () =>
          client.send(new ListDeploymentTargetsCommand({ deploymentId })),
        );
        if (targetIds.length === 0) return undefined;
        const { deploymentTargets = [] } = await call("codedeploy:BatchGetDeploymentTargets", observe, () =>
          client.send(
            new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds: targetIds.slice(0, 1) }),
          ),
        );
        return deploymentTargets[0];
      }),

    async appSpec(applicationName, revision) {
      const { sha256 } = revision.appSpecContent ?? {};
      if (sha256 === undefined) return undefined;
      const answer = await unless("RevisionDoesNotExistException", undefined, () =>
        call("codedeploy:GetApplicationRevision", observe, () =>
          client.send(
            new GetApplicationRevisionCommand({
              applicationName,
              revision: { revisionType: "AppSpecContent", appSpecContent: { sha256 } },
            }),
          ),
        ),
      );
      return answer?.revision?.appSpecContent?.content;
    },

    async create({ application, group, appSpec, description, deploymentConfig, rollback }) {
      const { deploymentId } = await call("codedeploy:CreateDeployment", observe, () =>
        writer.send(
          new CreateDeploymentCommand({
            applicationName: application,
            deploymentGroupName: group,
            description,
            revision: {
              revisionType: "AppSpecContent",
              appSpecContent: {
                content: appSpec,
                sha256: createHash("sha256").update(appSpec).digest("hex"),
              },
            },
            autoRollbackConfiguration: rollback
              ? { enabled: true, events: rollbackEvents }
              : { enabled: false },
            ...(deploymentConfig === undefined ? {} : { deploymentConfigName: deploymentConfig }),
          }),
        ),
      );
      if (deploymentId !== undefined) return deploymentId;
      throw new AwsCallError("EmptyAnswer", "codedeploy:CreateDeployment: AWS answered without an id.");
    },

    // Done twice it is refused, which says that it was done: whoever calls it looks then.
    async approve(deploymentId) {
      await call("codedeploy:ContinueDeployment", observe, () =>
        client.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType: "READY_WAIT" })),
      );
    },

    async stopAndRollBack(deploymentId) {
      await call("codedeploy:StopDeployment", observe, () =>
        client.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true })),
      );
    },
  };
}

/** All items of a list, or as many as are wanted. */
async function pages<Item>(
  page: (nextToken: string | undefined) => Promise<{ items: readonly Item[]; nextToken: string | undefined }>,
  limit = Infinity,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await page(nextToken);
    found.push(...answer.items);
    nextToken = answer.nextToken;
  } while (nextToken !== undefined && found.length < limit);
  return found.slice(0, limit);
}

async function unless<Answer, Otherwise>(
  name: string,
  otherwise: Otherwise,
  ask: () => Promise<Answer>,
): Promise<Answer | Otherwise> {
  try {
    return await ask();
  } catch (error) {
    if (isAwsError(error, name)) return otherwise;
    throw error;
  }
}
