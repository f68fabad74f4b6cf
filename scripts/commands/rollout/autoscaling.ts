import { AwsCallError } from "../../core/errors.ts";
import type { AutoScalingPort, Suspension } from "../../core/ports/auto-scaling.ts";
import { shortName } from "../../core/short-name.ts";
import { keyOf } from "./job.ts";
import type { HeldLocks, LockContext } from "../lock/lock-all.ts";

/** A service, and what of its autoscaling is to be suspended. */
interface Suspended {
  readonly serviceName: string;
  readonly cluster: string;
  readonly suspension: Suspension;
}

/** @param set what the run itself has set as suspended, by `cluster/service` */
export type Resume = (set?: ReadonlyMap<string, Suspension>) => Promise<void>;

const all: Suspension = { dynamicScalingIn: true, dynamicScalingOut: true, scheduledScaling: true };

/**
 * Suspends the autoscaling of services, of those that have any. What was suspended before is written into the lock
 * first, so that the next run puts it back should this one be killed. `resume` puts it back, or to what the run has set
 * it to meanwhile; it never throws what AWS answers but warns.
 *
 * @throws AwsCallError or RefusedError when it could not be done; then what had been suspended is resumed
 */
export async function suspendAutoscaling(
  services: readonly { readonly serviceName: string; readonly cluster: string }[],
  context: LockContext,
  held: Pick<HeldLocks, "note">,
): Promise<{ readonly resume: Resume }> {
  const port = await portOf(context);
  const suspended: Suspended[] = [];
  const resume: Resume = (set = new Map()) =>
    resumeAll(
      suspended.map((one) => ({ ...one, suspension: set.get(keyOf(one)) ?? one.suspension })),
      port,
      context,
    );
  try {
    const scaled = await scaledOf(services, port);
    const settled = await Promise.allSettled(
      scaled.map(async (service) => {
        await held.note(keyOf(service), { suspendedAutoscaling: service.suspension });
        // Before the call: should its answer get lost, it may have happened.
        suspended.push(service);
        await port.suspend(service.cluster, service.serviceName, all);
        context.emit({ type: "autoscalingSuspended", service: service.serviceName });
      }),
    );
    const refused = settled.find((one) => one.status === "rejected");
    if (refused !== undefined) throw refused.reason;
  } catch (error) {
    await resume();
    throw error;
  }
  return { resume };
}

/** Resumes what killed runs have left suspended, as their locks tell. Never throws what AWS answers: it warns. */
export async function resumeLeftBehind(left: readonly Suspended[], context: LockContext): Promise<void> {
  if (left.length > 0) await resumeAll(left, await portOf(context), context);
}

async function portOf({ connect }: LockContext): Promise<AutoScalingPort> {
  const { autoScalingPort } = await import("../../aws/auto-scaling.ts");
  return connect(autoScalingPort);
}

/** Services with a scalable target that is not wholly suspended already. */
async function scaledOf(
  services: readonly { readonly serviceName: string; readonly cluster: string }[],
  port: AutoScalingPort,
): Promise<readonly Suspended[]> {
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  const found = await Promise.all(
    clusters.map(async (cluster) => {
      const names = services.filter((one) => one.cluster === cluster).map(({ serviceName }) => serviceName);
      const targets = await port.describeTargets(cluster, names);
      return [...targets].map(([serviceName, { suspension }]) => ({ serviceName, cluster, suspension }));
    }),
  );
  return found.flat().filter(({ suspension }) => Object.values(suspension).includes(false));
}

async function resumeAll(
  suspended: readonly Suspended[],
  port: AutoScalingPort,
  context: LockContext,
): Promise<void> {
  await Promise.all(
    suspended.map(async ({ serviceName, cluster, suspension }) => {
      try {
        await resumeOne({ serviceName, cluster, suspension }, port);
        context.emit({ type: "autoscalingResumed", service: serviceName });
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        const message = `Autoscaling is still suspended: ${error.message}\n  To resume it: ${commandText(serviceName, cluster, suspension, context)}`;
        context.emit({ type: "warning", service: serviceName, message });
      }
    }),
  );
}

async function resumeOne(
  { cluster, serviceName, suspension }: Suspended,
  port: AutoScalingPort,
): Promise<void> {
  try {
    await port.suspend(cluster, serviceName, suspension);
  } catch (error) {
    // Without its target there is nothing to resume.
    const mayBeGone = error instanceof AwsCallError && error.code === "ValidationException";
    if (!mayBeGone || !(await isGone(cluster, serviceName, port))) throw error;
  }
}

async function isGone(cluster: string, serviceName: string, port: AutoScalingPort): Promise<boolean> {
  const targets = await port.describeTargets(cluster, [serviceName]);
  return !targets.has(serviceName);
}

/** What somebody types to resume it by hand. */
function commandText(
  serviceName: string,
  cluster: string,
  { dynamicScalingIn, dynamicScalingOut, scheduledScaling }: Suspension,
  { region }: LockContext,
): string {
  const state = [
    `DynamicScalingInSuspended=${String(dynamicScalingIn)}`,
    `DynamicScalingOutSuspended=${String(dynamicScalingOut)}`,
    `ScheduledScalingSuspended=${String(scheduledScaling)}`,
  ].join(",");
  return `aws application-autoscaling register-scalable-target --region ${region} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${shortName(cluster)}/${shortName(serviceName)} --suspended-state ${state}`;
}
