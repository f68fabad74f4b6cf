import { replacedBy, replacedTag, runTag } from "../../core/deployment/resume.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { Planned } from "./job.ts";
import type { Run } from "./run.ts";
import type { RunContext } from "../run-context.ts";
import { tagService } from "./tag-service.ts";

/**
 * Writes on the service who changes it, to what, and what stood there before. Before the change: should the run be
 * killed right after it, the next one learns from these tags what it has to take up.
 */
export async function beforeUpdate({ job, observed }: Planned, { context }: Run): Promise<void> {
  const { service } = observed;
  const trail = job.trail(observed);
  if (service?.serviceArn === undefined || trail.length === 0) return;
  const replaced = replacedBy(service);
  const tags = replaced === undefined ? trail : [...trail, { key: replacedTag, value: replaced }];
  await tagService(service.serviceArn, tags, context);
}

/**
 * After a rollback the tags tell again of the version that runs, as its own revision's tags do; which run was here last
 * they keep.
 *
 * @param runningArn the revision that runs now
 */
export async function keepTrailTrue(
  { job, observed }: Planned,
  runningArn: string | undefined,
  { context }: Run,
): Promise<void> {
  const serviceArn = observed.service?.serviceArn;
  const ours = job.trail(observed).filter(({ key }) => key !== runTag);
  if (serviceArn === undefined || runningArn === undefined || ours.length === 0) return;
  const running = await tagsOf(runningArn, context);
  const tags = ours.map(({ key }) => ({ key, value: running.get(key) ?? "unknown" }));
  await tagService(serviceArn, tags, context);
}

/** Tags are no reason to fail: where the revision can't be read, what runs is unknown. */
async function tagsOf(
  revisionArn: string,
  { ecs }: RunContext,
): Promise<ReadonlyMap<string | undefined, string | undefined>> {
  try {
    const revision = await ecs.describeTaskDefinition(revisionArn);
    return new Map(revision?.tags.map(({ key, value }) => [key, value]));
  } catch (error) {
    if (error instanceof AwsCallError) return new Map();
    throw error;
  }
}
