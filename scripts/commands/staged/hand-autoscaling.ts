import type { ScalingPlan } from "../../core/ports/scaling-plans.ts";
import { copiedAction, copiedPolicy } from "../../core/staged/copy-scaling.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import type { MoveStep } from "../../core/staged/move.ts";
import { allSuspended, suspensionOf } from "../../core/staged/suspension.ts";
import type { MoveRun } from "./move-run.ts";

type Copy = Extract<MoveStep, { kind: "copyAutoscaling" }>;
type Hand = Extract<MoveStep, { kind: "handAutoscaling" }>;

/**
 * Gives one service the scalable target, the policies and the scheduled actions of another. Until the move is over
 * neither scales in: the one has too little traffic yet, the other has to be there for going back.
 *
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function copyAutoscaling(
  { from, to, suspended }: Copy,
  observed: ObservedApplication,
  run: MoveRun,
): Promise<void> {
  const { scaling, plans } = await portsOf(run);
  const { cluster } = observed;
  const targets = await scaling.describeTargets(cluster, [from, to]);
  const target = targets.get(from);
  if (target === undefined) return;
  const [source, there] = await Promise.all([plans.plan(cluster, from), planOf(to)]);
  const suspension = { ...suspensionOf(suspended), dynamicScalingIn: true, scheduledScaling: true };
  run.mayWrite();
  // What it has left from an earlier time, and the other has not any more, goes.
  if (hasMore(there, source)) await plans.deregister(cluster, to);
  await plans.register(cluster, to, { ...target, suspension });
  const groups = { from: groupOf(observed, from), to: groupOf(observed, to) };
  for (const policy of source.policies) {
    if (policy.PolicyType === "StepScaling") {
      run.context.emit({
        type: "warning",
        service: observed.application,
        message: `Step scaling policy ${policy.PolicyName ?? ""} was copied from ${from}; the alarms that start it are yours, and start the one of ${from} still.`,
      });
    }
    run.mayWrite();
    await plans.putPolicy(cluster, to, copiedPolicy(policy, { from, to, groups }));
  }
  for (const action of source.scheduledActions) {
    run.mayWrite();
    await plans.putScheduledAction(cluster, to, copiedAction(action));
  }
  run.mayWrite();
  const keeping = { ...target.suspension, dynamicScalingIn: true, scheduledScaling: true };
  await scaling.suspend(cluster, from, keeping);

  async function planOf(service: string): Promise<ScalingPlan> {
    if (!targets.has(service)) return { policies: [], scheduledActions: [] };
    return plans.plan(cluster, service);
  }
}

/**
 * Lets one service scale as it should, and the other keep its size.
 *
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function handAutoscaling(
  { from, to, suspended }: Hand,
  { cluster, application }: ObservedApplication,
  run: MoveRun,
): Promise<void> {
  const { scaling } = await portsOf(run);
  const targets = await scaling.describeTargets(cluster, [from, to]);
  run.mayWrite();
  if (targets.has(to)) {
    await scaling.suspend(cluster, to, suspensionOf(suspended));
  }
  run.mayWrite();
  if (targets.has(from)) {
    await scaling.suspend(cluster, from, allSuspended);
    run.context.emit({
      type: "note",
      message: `${application}: autoscaling is ${to}'s now; ${from} keeps its size`,
    });
  }
}

async function portsOf({ context }: MoveRun) {
  const [{ autoScalingPort }, { scalingPlansPort }] = await Promise.all([
    import("../../aws/auto-scaling.ts"),
    import("../../aws/scaling-plans.ts"),
  ]);
  return { scaling: context.connect(autoScalingPort), plans: context.connect(scalingPlansPort) };
}

function hasMore(there: ScalingPlan, source: ScalingPlan): boolean {
  const policies = new Set(source.policies.map(({ PolicyName }) => PolicyName));
  const actions = new Set(source.scheduledActions.map(({ ScheduledActionName }) => ScheduledActionName));
  return (
    there.policies.some(({ PolicyName }) => !policies.has(PolicyName)) ||
    there.scheduledActions.some(({ ScheduledActionName }) => !actions.has(ScheduledActionName))
  );
}

function groupOf({ deployments }: ObservedApplication, service: string): string {
  return deployments.find((one: StagedDeployment) => one.serviceName === service)?.targetGroup.arn ?? "";
}
