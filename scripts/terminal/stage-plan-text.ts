import { registeredRevisionMarker } from "../core/deployment/registered-revision.ts";
import { masked } from "../core/masking.ts";
import { resourceLabelMarker, targetGroupMarker } from "../core/staged/markers.ts";
import type { StageStep } from "../core/staged/plan-stage.ts";
import type { StageReport } from "../core/staged/stage-report.ts";
import type { Paint } from "./paint.ts";
import { scalingCallsText } from "./scaling-plan-text.ts";

/** The plan of a staging as `--dry-run` prints it: each step with what would be sent, secrets masked. */
export function stagePlanText(
  { application, cluster, deploymentId, url, steps = [] }: StageReport,
  paint: Paint,
): string {
  const title = `${paint.strong(application)} in cluster ${cluster}: the plan of deployment ${deploymentId} at ${url}. Nothing was changed.`;
  if (steps.length === 0) return `${title}\n  Nothing to do: it is staged already.\n`;
  return `${[title, ...steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`)].join("\n")}\n`;
}

function stepText(step: StageStep): string {
  switch (step.kind) {
    case "createTaskRole":
      return `CreateRole ${step.role.role.path}${step.role.role.name} for its tasks, within ${step.role.role.boundaryArn}\n${indented(JSON.parse(step.role.policy) as object)}`;
    case "registerTaskDefinition":
      return `RegisterTaskDefinition, a new revision of family ${step.input.family ?? "?"}\n${indented(step.input)}`;
    case "createTargetGroup":
      return `CreateTargetGroup ${step.group.name}\n${indented(step.group)}`;
    case "setDrainDelay":
      return `ModifyTargetGroupAttributes: targets that leave may take ${step.seconds} s to finish`;
    case "createListener":
      return `CreateListener ${step.listener.protocol} on port ${step.listener.port}`;
    case "createStageRule":
      return `CreateRule for ${step.host}`;
    case "putRecord":
      return `ChangeResourceRecordSets: ${step.record.host} stands for ${step.record.dnsName}`;
    case "createService":
      return `CreateService ${step.input.serviceName ?? "?"}\n${indented(step.input)}`;
    case "tagAutoscaling":
      return `Tag the target group with its own autoscaling: ${step.value}`;
    case "setAutoscaling":
    case "removeAutoscaling":
      return scalingCallsText(step, indented);
    case "waitForDeployment":
      return "Wait until the service is steady";
    case "waitForTargets":
      return "Wait until its targets are healthy";
    case "markStaged":
      return "Tag the target group as staged";
  }
}

function indented(input: object): string {
  return JSON.stringify(masked(input), undefined, 2)
    .replaceAll(registeredRevisionMarker, "(the revision registered before)")
    .replaceAll(targetGroupMarker, "(the target group made before)")
    .replaceAll(resourceLabelMarker, "(the load balancer and the target group made before)")
    .replaceAll(/^/gm, "     ");
}
