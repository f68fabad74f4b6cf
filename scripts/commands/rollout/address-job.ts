import type { ServiceAddress } from "../addresses.ts";
import type { Job } from "./job.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { imagesOf } from "../../core/deployment/task-definition.ts";
import { trailOf } from "./trail-of.ts";

/** What the jobs of verbs that need no template's content have in common: they stay on the revision that runs. */
export function addressJob(
  { name, serviceName, cluster, family }: ServiceAddress,
  { verb }: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Omit<Job, "plan"> {
  const images: Job["images"] = ({ currentRevision }) =>
    currentRevision === undefined ? [] : imagesOf(currentRevision.taskDefinition);
  return {
    name,
    serviceName,
    cluster,
    dependsOn: [],
    purpose: `${verb} ${serviceName}`,
    ...(family === undefined ? {} : { family }),
    desiredArn: ({ service }) => service?.taskDefinition,
    brings: ({ currentRevision }) => currentRevision?.taskDefinition,
    images,
    trail: (observed) => trailOf(images(observed), context, edge),
  };
}
