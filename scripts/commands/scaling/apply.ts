import type { ScalingStep } from "../../core/scaling/steps.ts";
import type { ServiceName } from "../rollout/job.ts";
import type { RunContext } from "../run-context.ts";
import { scalingPorts } from "./facts.ts";

/**
 * Brings a service's scaling to what a step says. The target comes first, since policies need one; what goes goes
 * before what comes, so that no more is there than AWS takes.
 *
 * @param mayWrite called before each write
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function applyScaling(
  step: ScalingStep,
  { cluster, serviceName }: ServiceName,
  context: Pick<RunContext, "connect">,
  mayWrite: () => void,
): Promise<void> {
  const { plans } = await scalingPorts(context);
  if (step.kind === "removeAutoscaling") {
    mayWrite();
    await plans.deregister(cluster, serviceName);
    return;
  }
  if (step.target !== undefined) {
    mayWrite();
    await plans.register(cluster, serviceName, step.target);
  }
  for (const name of step.deletePolicies) {
    mayWrite();
    await plans.deletePolicy(cluster, serviceName, name);
  }
  for (const policy of step.putPolicies) {
    mayWrite();
    await plans.putPolicy(cluster, serviceName, policy);
  }
  for (const name of step.deleteActions) {
    mayWrite();
    await plans.deleteScheduledAction(cluster, serviceName, name);
  }
  for (const action of step.putActions) {
    mayWrite();
    await plans.putScheduledAction(cluster, serviceName, action);
  }
}
