import type { Suspension } from "../ports/auto-scaling.ts";
import { suspendedState, suspensionFrom } from "../scaling/comparable.ts";
import type { WantedAutoscaling } from "../scaling/wanted.ts";

/** A deployment that keeps its size. */
export const allSuspended: Suspension = {
  dynamicScalingIn: true,
  dynamicScalingOut: true,
  scheduledScaling: true,
};

/** What is suspended, as a tag's value has it: `none`, or some of `in out scheduled`. */
export function suspensionTag({ dynamicScalingIn, dynamicScalingOut, scheduledScaling }: Suspension): string {
  const words = [
    ...(dynamicScalingIn ? ["in"] : []),
    ...(dynamicScalingOut ? ["out"] : []),
    ...(scheduledScaling ? ["scheduled"] : []),
  ];
  return words.length === 0 ? "none" : words.join(" ");
}

/** What such a value says. */
export function suspensionOf(tag: string): Suspension {
  const words = tag.split(" ");
  return {
    dynamicScalingIn: words.includes("in"),
    dynamicScalingOut: words.includes("out"),
    scheduledScaling: words.includes("scheduled"),
  };
}

/** Of a deployment that nothing is to scale. */
export const notScaled = "off";

/** What a deployment's tag says of the autoscaling that its template asks for. */
export function ownAutoscalingTag(wanted: WantedAutoscaling): string {
  if (wanted.kind === "none") return notScaled;
  return suspensionTag(suspensionFrom(wanted.settings.SuspendedState ?? {}));
}

/** The same autoscaling before the deployment has traffic: all is there, and all is suspended. */
export function heldBack(wanted: WantedAutoscaling): WantedAutoscaling {
  if (wanted.kind === "none") return wanted;
  return { kind: "scaled", settings: { ...wanted.settings, SuspendedState: suspendedState(allSuspended) } };
}
