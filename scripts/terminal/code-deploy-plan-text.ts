import { appSpecText } from "../core/code-deploy/app-spec.ts";
import type { CodeDeployStep } from "../core/code-deploy/steps.ts";

/** One step of a plan that CodeDeploy carries out, with what would be sent. */
export function codeDeployStepText(step: CodeDeployStep, indented: (input: object) => string): string {
  switch (step.kind) {
    case "createCodeDeployment": {
      const text = typeof step.appSpec === "string" ? step.appSpec : appSpecText(step.appSpec);
      const config = step.deploymentConfig === undefined ? "" : ` and ${step.deploymentConfig}`;
      return `CreateDeployment in CodeDeploy's group ${step.group} of application ${step.application}, with this AppSpec${config}\n${indented(readable(text))}`;
    }
    case "approveCodeDeployment":
      return `ContinueDeployment: deployment ${step.deploymentId} may move its traffic`;
    case "stopCodeDeployment":
      return `StopDeployment: deployment ${step.deploymentId} is stopped, and its traffic goes back`;
    case "makeDeploymentGroup":
      return step.changes === undefined
        ? `CreateDeploymentGroup ${step.input.deploymentGroupName}\n${indented(step.input)}`
        : `UpdateDeploymentGroup ${step.input.deploymentGroupName}: ${step.changes.join(", ")}\n${indented(step.input)}`;
    case "waitForCodeDeployment":
      return `Wait for ${step.deploymentId === undefined ? "that deployment" : `deployment ${step.deploymentId}`} to end`;
    case "waitUntilSteady":
      return "Wait until all tasks of the service run and are steady";
  }
}

/** JSON as an object; an AppSpec in YAML, which somebody else wrote, as its text. */
function readable(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return { appSpec: text };
  }
}
