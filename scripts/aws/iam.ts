import { GetRoleCommand, IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";

import type { Decision, IamPort } from "../core/ports/iam.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** Roles through the AWS SDK. */
export function iamPort(settings: ClientSettings, observe: CallObserver): IamPort {
  const client = paced(new IAMClient(settings));
  // Not worth waiting for where it does not work.
  const simulator = paced(new IAMClient(onceOnly(settings)));

  return {
    async role(name) {
      try {
        const { Role } = await call("iam:GetRole", observe, () =>
          client.send(new GetRoleCommand({ RoleName: name })),
        );
        if (Role === undefined) return undefined;
        return {
          arn: Role.Arn ?? "",
          name,
          // IAM gives policies URL-encoded.
          trustPolicy: decodeURIComponent(Role.AssumeRolePolicyDocument ?? ""),
        };
      } catch (error) {
        if (isAwsError(error, "NoSuchEntityException") || isAwsError(error, "NoSuchEntity")) return undefined;
        throw error;
      }
    },

    simulate: (roleArn, actions, resources) =>
      call("iam:SimulatePrincipalPolicy", observe, async () => {
        const decisions: Decision[] = [];
        const pages = paginateSimulatePrincipalPolicy(
          { client: simulator },
          { PolicySourceArn: roleArn, ActionNames: [...actions], ResourceArns: [...resources] },
        );
        for await (const { EvaluationResults = [] } of pages) {
          for (const result of EvaluationResults) {
            const action = result.EvalActionName ?? "";
            const specific = result.ResourceSpecificResults ?? [];
            const missingContextKeys = result.MissingContextValues ?? [];
            if (specific.length === 0) {
              const resource = result.EvalResourceName ?? "*";
              const decision = result.EvalDecision ?? "implicitDeny";
              decisions.push({ action, resource, decision, missingContextKeys });
            }
            for (const one of specific) {
              const resource = one.EvalResourceName ?? "*";
              const decision = one.EvalResourceDecision ?? "implicitDeny";
              decisions.push({
                action,
                resource,
                decision,
                missingContextKeys: one.MissingContextValues ?? [],
              });
            }
          }
        }
        return decisions;
      }),
  };
}
