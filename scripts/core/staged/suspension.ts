import type { Suspension } from "../ports/auto-scaling.ts";

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
