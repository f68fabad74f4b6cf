import { isCodeDeployStep } from "../core/code-deploy/steps.ts";
import type { Step } from "../core/deployment/plan.ts";
import { withRegisteredRevision } from "../core/deployment/registered-revision.ts";
import { revisionName } from "../core/deployment/task-definition.ts";
import type { ServiceOutcome } from "../core/events.ts";
import { masked } from "../core/masking.ts";
import { isScalingStep } from "../core/scaling/steps.ts";
import { codeDeployStepText } from "./code-deploy-plan-text.ts";
import type { Paint } from "./paint.ts";
import { scalingStepText } from "./scaling-plan-text.ts";

/** The plan of one service as `--dry-run` prints it: each step with the input that would be sent, secrets masked. */
export function planText(plan: Extract<ServiceOutcome, { outcome: "planned" }>, paint: Paint): string {
  const { steps } = plan;
  const title = `${paint.strong(plan.service)} in cluster ${plan.cluster}: the plan. Nothing was changed.`;
  if (steps.length === 0) return `${title}\n  Nothing to do.`;
  return [title, ...steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`)].join("\n");
}

function stepText(step: Step): string {
  if (isCodeDeployStep(step)) return codeDeployStepText(step, indented);
  if (isScalingStep(step)) return scalingStepText(step, indented);
  switch (step.kind) {
    case "registerTaskDefinition":
      return `RegisterTaskDefinition, a new revision of family ${step.input.family ?? "?"}\n${indented(step.input)}`;
    case "createService":
      return `CreateService with ${revision(step)}\n${indented(step.input)}`;
    case "updateService":
      return `UpdateService with ${revision(step)}${forced(step.forcedBecause)}\n${indented(step.input)}`;
    case "continueDeployment":
      return `ContinueServiceDeployment at ${step.stage}\n${indented({ ...step.input, action: "CONTINUE" })}`;
    case "stopDeployment":
      return `StopServiceDeployment, which rolls it back\n${indented({ ...step.input, stopType: "ROLLBACK" })}`;
    case "waitForDeployment":
      return `Wait for ${step.deploymentId === undefined ? "that deployment" : `deployment ${step.deploymentId}`} to complete`;
    case "waitForRollback":
      return `Wait for deployment ${step.deploymentId} to be rolled back`;
  }
}

function revision({ revision: planned }: Extract<Step, { kind: "createService" | "updateService" }>): string {
  return planned.kind === "existing" ? revisionName(planned.arn) : "the new revision";
}

function forced(reason: string | undefined): string {
  return reason === undefined ? "" : ` (a new deployment is forced: ${reason})`;
}

function indented(input: object): string {
  const readable = withRegisteredRevision(masked(input), "(the revision registered in step 1)");
  return JSON.stringify(readable, undefined, 2).replaceAll(/^/gm, "     ");
}
