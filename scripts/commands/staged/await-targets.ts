import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { DeploymentEventBody } from "../../core/events.ts";
import type { TargetHealthPort } from "../../core/ports/target-health.ts";
import type { RunEdge } from "../run-context.ts";

/** Targets become healthy within seconds once ECS calls the service steady. */
const pauseMs = 3_000;

/** How waiting for targets ended. */
export type TargetsAwaited =
  | { readonly kind: "healthy" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "timedOut"; readonly healthy: number; readonly reasons: readonly string[] };

/**
 * Waits until as many targets are healthy as the deployment has tasks.
 *
 * @throws AwsCallError
 */
export async function awaitTargets(
  targetGroupArn: string,
  { application, wanted, timeoutMs }: { application: string; wanted: number; timeoutMs: number },
  port: TargetHealthPort,
  { clock, signal }: RunEdge,
  emit: (event: DeploymentEventBody) => void,
): Promise<TargetsAwaited> {
  const began = clock.now();
  let told = -1;
  for (;;) {
    const targets = await port.targetHealth(targetGroupArn);
    const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
    if (healthy >= wanted) return { kind: "healthy" };
    if (healthy !== told) {
      emit({ type: "note", message: `${application}: ${healthy} of ${wanted} targets are healthy` });
      told = healthy;
    }
    if (signal.aborted) return { kind: "interrupted" };
    const left = timeoutMs - (clock.now() - began);
    if (left <= 0) return { kind: "timedOut", healthy, reasons: targets.flatMap(reasonOf) };
    await clock.sleep(Math.min(pauseMs, left), signal);
  }
}

function reasonOf({ Target, TargetHealth }: TargetHealthDescription): readonly string[] {
  const { State, Description, Reason } = TargetHealth ?? {};
  if (State === "healthy") return [];
  return [
    `target ${Target?.Id ?? "?"}:${Target?.Port ?? "?"} is ${State ?? "unknown"} (${Description ?? Reason ?? "no reason"})`,
  ];
}
