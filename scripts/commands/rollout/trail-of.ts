import { trailTags } from "../../core/trail.ts";
import type { RunContext, RunEdge } from "../run-context.ts";

/** The tags that this run leaves on what it brings. */
export function trailOf(
  images: readonly string[],
  { known }: RunContext,
  { variables, wallClock }: RunEdge,
): ReturnType<typeof trailTags> {
  return trailTags({ images, variables, deploymentId: known.deploymentId, now: wallClock.now() });
}
