import {
  CreateDeploymentGroupCommand,
  DeleteDeploymentGroupCommand,
  GetDeploymentConfigCommand,
  GetDeploymentGroupCommand,
  UpdateDeploymentGroupCommand,
  type CodeDeployClient,
} from "@aws-sdk/client-codedeploy";

import type { CodeDeployPort } from "../core/ports/code-deploy.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";

type GroupCalls = Pick<CodeDeployPort, "group" | "createGroup" | "updateGroup" | "deleteGroup" | "hasConfig">;

const notThere: readonly string[] = [
  "ApplicationDoesNotExistException",
  "DeploymentGroupDoesNotExistException",
];

/** The part of CodeDeploy's API that is about one deployment group. */
export function codeDeployGroups(client: CodeDeployClient, observe: CallObserver): GroupCalls {
  return {
    async group(applicationName, deploymentGroupName) {
      try {
        const { deploymentGroupInfo } = await call("codedeploy:GetDeploymentGroup", observe, () =>
          client.send(new GetDeploymentGroupCommand({ applicationName, deploymentGroupName })),
        );
        return deploymentGroupInfo;
      } catch (error) {
        if (notThere.some((name) => isAwsError(error, name))) return undefined;
        throw error;
      }
    },

    async createGroup(input) {
      await call("codedeploy:CreateDeploymentGroup", observe, () =>
        client.send(new CreateDeploymentGroupCommand(input)),
      );
    },

    async updateGroup(input) {
      await call("codedeploy:UpdateDeploymentGroup", observe, () =>
        client.send(new UpdateDeploymentGroupCommand(input)),
      );
    },

    async deleteGroup(applicationName, deploymentGroupName) {
      await call("codedeploy:DeleteDeploymentGroup", observe, () =>
        client.send(new DeleteDeploymentGroupCommand({ applicationName, deploymentGroupName })),
      );
    },

    async hasConfig(deploymentConfigName) {
      try {
        await call("codedeploy:GetDeploymentConfig", observe, () =>
          client.send(new GetDeploymentConfigCommand({ deploymentConfigName })),
        );
        return true;
      } catch (error) {
        if (isAwsError(error, "DeploymentConfigDoesNotExistException")) return false;
        throw error;
      }
    },
  };
}
