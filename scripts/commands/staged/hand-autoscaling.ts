import { counted } from "../../core/diagnosis/facts.ts";
import type { ScalableTarget, Suspension } from "../../core/ports/auto-scaling.ts";
import type { ScalingPlan } from "../../core/ports/scaling-plans.ts";
import { limitsFor } from "../../core/scaling/plan-scaling.ts";
import { copiedAction, copiedPolicy } from "../../core/staged/copy-scaling.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import type { MoveStep } from "../../core/staged/move.ts";
import { allSuspended, suspensionOf } from "../../core/staged/suspension.ts";
import { scalingPorts } from "../scaling/facts.ts";
import type { MoveRun } from "./move-run.ts";

type Share = Extract<MoveStep, { kind: "shareAutoscaling" }>;
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
  const { scaling, plans } = await scalingPorts(run.context);
  const { cluster } = observed;
  const targets = await scaling.describeTargets(cluster, [from, to]);
  const target = targets.get(from);
  if (target === undefined) return;
  const [source, there] = await Promise.all([plans.plan(cluster, from), planOf(to)]);
  const suspension = growingAlone(suspensionOf(suspended));
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
  await letGrow(from, target, observed, run);

  async function planOf(service: string): Promise<ScalingPlan> {
    if (!targets.has(service)) return { policies: [], scheduledActions: [] };
    return plans.plan(cluster, service);
  }
}

/**
 * Keeps two services that have their own scaling from scaling in, each for the same reason as above. Capacities that
 * an action which both have alike has set of the one become those of the other, whose own was suspended at that time.
 *
 * AWS takes a service that has more tasks than its range allows down to that with each registration, also with one that
 * only resumes. So one that has to take more over is left as it is, all suspended, until it has the traffic.
 *
 * @throws AwsCallError, or what `mayWrite` throws
 */
export async function shareAutoscaling(
  { from, to, suspended }: Share,
  observed: ObservedApplication,
  run: MoveRun,
): Promise<void> {
  const { cluster, application } = observed;
  const { context, mayWrite } = run;
  const ports = await scalingPorts(context);
  const { scaling, plans } = ports;
  const targets = await scaling.describeTargets(cluster, [from, to]);
  const [outgoing, incoming] = [targets.get(from), targets.get(to)];
  if (incoming !== undefined && suspended !== undefined) {
    // One whose schedule runs already has what that has set.
    const limits =
      outgoing !== undefined && incoming.suspension.scheduledScaling
        ? await setBySchedule({ from, outgoing, to, incoming }, cluster, ports)
        : incoming;
    const services = await context.ecs.describeServices(cluster, [from, to]);
    const tasks = Math.max(0, ...services.map(({ desiredCount = 0 }) => desiredCount));
    if (tasks > limits.maxCapacity) {
      const message = `${to} takes over with ${counted(tasks, "task")}, and its own autoscaling allows ${limits.maxCapacity}: AWS takes it down to that once it has all of the traffic.`;
      context.emit({ type: "warning", service: application, message });
    } else {
      mayWrite();
      const suspension = growingAlone(suspensionOf(suspended));
      await plans.register(cluster, to, { ...limits, suspension });
    }
  }
  if (outgoing !== undefined) await letGrow(from, outgoing, observed, run);
}

/** Not even Application Auto Scaling makes it smaller meanwhile. */
async function letGrow(
  service: string,
  { maxCapacity, suspension }: ScalableTarget,
  { cluster, application }: ObservedApplication,
  { context, mayWrite }: MoveRun,
): Promise<void> {
  const { scaling } = await scalingPorts(context);
  const [{ desiredCount = 0 } = {}] = await context.ecs.describeServices(cluster, [service]);
  if (desiredCount > maxCapacity) {
    const message = `${service} has ${counted(desiredCount, "task")}, more than the ${maxCapacity} that its autoscaling allows. AWS would take it down to that with any change of its autoscaling, so it is left as it is until it has lost the traffic.`;
    context.emit({ type: "warning", service: application, message });
    return;
  }
  mayWrite();
  await scaling.suspend(cluster, service, growingAlone(suspension));
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
  const { scaling } = await scalingPorts(run.context);
  const { emit } = run.context;
  const services = from === undefined ? [to] : [from, to];
  const targets = await scaling.describeTargets(cluster, services);
  if (suspended !== undefined && targets.has(to)) {
    run.mayWrite();
    await scaling.suspend(cluster, to, suspensionOf(suspended));
  }
  if (suspended !== undefined && !targets.has(to)) {
    const message = `Nothing scales ${to}, although it was to be scaled: somebody has deregistered its scalable target. ./deploy stage and activate bring a deployment that has one.`;
    emit({ type: "warning", service: application, message });
  }
  if (from !== undefined && targets.has(from)) {
    run.mayWrite();
    await scaling.suspend(cluster, from, allSuspended);
  }
  const told = [
    ...(suspended !== undefined && targets.has(to) ? [`autoscaling is ${to}'s now`] : []),
    ...(from !== undefined && targets.has(from) ? [`${from} keeps its size`] : []),
  ];
  if (told.length > 0) emit({ type: "note", message: `${application}: ${told.join("; ")}` });
}

/** What else is suspended, and that nothing makes the service smaller, or follows its schedule. */
function growingAlone(suspension: Suspension): Suspension {
  return { ...suspension, dynamicScalingIn: true, scheduledScaling: true };
}

/** The capacities that the one that gets the traffic is to have. */
async function setBySchedule(
  {
    from,
    outgoing,
    to,
    incoming,
  }: {
    readonly from: string;
    readonly outgoing: ScalableTarget;
    readonly to: string;
    readonly incoming: ScalableTarget;
  },
  cluster: string,
  { plans }: Pick<Awaited<ReturnType<typeof scalingPorts>>, "plans">,
): Promise<Pick<ScalableTarget, "minCapacity" | "maxCapacity">> {
  const { minCapacity: MinCapacity, maxCapacity: MaxCapacity } = incoming;
  if (MinCapacity === outgoing.minCapacity && MaxCapacity === outgoing.maxCapacity) return incoming;
  const [plan, { scheduledActions: ScheduledActions }] = await Promise.all([
    plans.plan(cluster, from),
    plans.plan(cluster, to),
  ]);
  return limitsFor({ MinCapacity, MaxCapacity, ScheduledActions }, { target: outgoing, plan });
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
