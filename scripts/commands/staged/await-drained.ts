import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

import { isAwsError } from "../../aws/call.ts";
import type { TargetHealthPort } from "../../core/ports/target-health.ts";
import type { RunContext, RunEdge } from "../run-context.ts";

/** Connections drain for minutes, so looks soon get rarer. */
const firstPauseMs = 2_000;
const longestPauseMs = 10_000;
const slowerBy = 1.3;

/** How the wait ended. */
export type Drained =
  { readonly kind: "drained" } | { readonly kind: "timedOut" | "interrupted"; readonly standing: string };

/**
 * Waits until a service that is being deleted is gone and no target of its group drains any more.
 *
 * @throws AwsCallError
 */
export async function awaitDrained(
  { service: serviceName, targetGroupArn }: { readonly service: string; readonly targetGroupArn: string },
  {
    application,
    cluster,
    timeoutMs,
  }: { readonly application: string; readonly cluster: string; readonly timeoutMs: number },
  { ecs, connect, emit }: RunContext,
  { clock, signal }: RunEdge,
): Promise<Drained> {
  const { targetHealthPort } = await import("../../aws/target-health.ts");
  const port = connect(targetHealthPort);
  const began = clock.now();
  let pause = firstPauseMs;
  let told = "";
  for (;;) {
    const [services, targets] = await Promise.all([
      ecs.describeServices(cluster, [serviceName]),
      targetsOf(targetGroupArn, port),
    ]);
    const [service] = services;
    const draining = targets.filter(({ TargetHealth }) => TargetHealth?.State === "draining").length;
    const isGone = service === undefined || service.status === "INACTIVE";
    if (isGone && draining === 0) return { kind: "drained" };
    const standing = `Service ${serviceName} is ${isGone ? "gone" : (service.status ?? "?")}, ${service?.runningCount ?? 0} of its tasks run, and ${draining} of its targets drain.`;
    if (standing !== told) {
      emit({
        type: "note",
        message: `${application}: ${standing.charAt(0).toLowerCase()}${standing.slice(1, -1)}`,
      });
      told = standing;
      pause = firstPauseMs;
    }
    if (signal.aborted) return { kind: "interrupted", standing };
    const left = timeoutMs - (clock.now() - began);
    if (left <= 0) return { kind: "timedOut", standing };
    await clock.sleep(Math.min(pause, left), signal);
    pause = Math.min(longestPauseMs, pause * slowerBy);
  }
}

/** None where another run has taken the group away meanwhile. */
async function targetsOf(
  targetGroupArn: string,
  port: TargetHealthPort,
): Promise<readonly TargetHealthDescription[]> {
  try {
    return await port.targetHealth(targetGroupArn);
  } catch (error) {
    if (isAwsError(error, "TargetGroupNotFoundException")) return [];
    throw error;
  }
}
