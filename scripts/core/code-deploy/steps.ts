import type { CreateDeploymentGroupInput } from "@aws-sdk/client-codedeploy";

import type { AppSpecSubject } from "./app-spec.ts";

/** Names a deployment group. */
interface GroupName {
  readonly application: string;
  readonly group: string;
}

/** Idempotent steps of plans for services under CODE_DEPLOY. `work` names their entry in the table of permissions. */
export type CodeDeployStep =
  | ({
      readonly kind: "createCodeDeployment";
      readonly work: "deployByCodeDeploy";
      /** Absent where an earlier step registers the revision. */
      readonly revisionArn?: string;
      /** What to deploy, or the text of an AppSpec that was deployed before. */
      readonly appSpec: AppSpecSubject | string;
      readonly deploymentConfig?: string;
      /** `family:revision` that runs. */
      readonly replaces?: string;
    } & GroupName)
  | {
      readonly kind: "approveCodeDeployment";
      readonly work: "approveCodeDeployment";
      readonly deploymentId: string;
    }
  | {
      readonly kind: "stopCodeDeployment";
      readonly work: "stopCodeDeployment";
      readonly deploymentId: string;
    }
  | {
      readonly kind: "makeDeploymentGroup";
      readonly work: "makeDeploymentGroup";
      readonly input: GroupSettings;
      /** Absent where the group is to be made; else the settings that differ. */
      readonly changes?: readonly string[];
    }
  | {
      readonly kind: "waitForCodeDeployment";
      readonly work: "watchCodeDeployment";
      /** Absent where a step before it starts, or stops, the deployment. */
      readonly deploymentId?: string;
    }
  | { readonly kind: "waitUntilSteady"; readonly work: "watchDeployment" };

/** A deployment group, with everything that Slipway sets of it. */
export interface GroupSettings extends CreateDeploymentGroupInput {
  readonly applicationName: string;
  readonly deploymentGroupName: string;
}

const kinds = {
  createCodeDeployment: true,
  approveCodeDeployment: true,
  stopCodeDeployment: true,
  makeDeploymentGroup: true,
  waitForCodeDeployment: true,
  waitUntilSteady: true,
} as const satisfies Record<CodeDeployStep["kind"], true>;

/** Whether a step is one of these. */
export function isCodeDeployStep<Step extends { readonly kind: string }>(
  step: Step,
): step is Extract<Step, CodeDeployStep> {
  return Object.hasOwn(kinds, step.kind);
}
