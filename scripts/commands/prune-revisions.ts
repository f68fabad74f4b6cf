import { revisionName } from "../core/deployment/task-definition.ts";
import { AwsCallError } from "../core/errors.ts";
import { revisionsToPrune } from "../core/revisions/prune.ts";
import { revisionsInUse, type RevisionsInUse } from "./facts/revisions-in-use.ts";
import type { RunContext } from "./run-context.ts";

/** What is pruned, and for whom. */
export interface Pruning {
  readonly family: string;
  /** How many of the newest revisions stay. */
  readonly keep: number;
  readonly service: string;
  readonly cluster: string;
}

/** ECS takes so many at once and then one a second: a rollout is not held up for more. */
const mostAfterRollout = 18;

/**
 * Deregisters old revisions after a rollout, the oldest first, and tells of it. What cannot be pruned is told and left:
 * the rollout was good all the same.
 *
 * @returns names of the revisions that were deregistered
 */
export async function pruneRevisions(
  { family, keep, service, cluster }: Pruning,
  context: RunContext,
): Promise<readonly string[]> {
  const done: string[] = [];
  try {
    const inUse = await revisionsInUse(cluster, family, context);
    const arns = await prunable(family, keep, inUse, context);
    const now = arns.slice(0, mostAfterRollout);
    await deregister(now, context, (arn) => {
      done.push(revisionName(arn));
    });
    if (arns.length > now.length) {
      const message = `${arns.length - now.length} more old revisions of ${family} stay for now: ./deploy revisions ${service} --keep-revisions ${keep} prunes them all.`;
      context.emit({ type: "note", message });
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    context.emit({
      type: "warning",
      service,
      message: `Old revisions of ${family} could not be pruned. ${error.message}`,
    });
  }
  if (done.length > 0) context.emit({ type: "revisionsPruned", service, revisions: done });
  return done;
}

/** ARNs of a family's active revisions that may go, oldest first. */
export async function prunable(
  family: string,
  keep: number,
  { usedBy, rollbackTargets }: RevisionsInUse,
  { connect }: RunContext,
): Promise<readonly string[]> {
  const { taskDefinitionsPort } = await import("../aws/task-definitions.ts");
  const active = await connect(taskDefinitionsPort).active(family);
  return revisionsToPrune(active, keep, new Set([...usedBy.keys(), ...rollbackTargets.values()]));
}

/**
 * Deregisters revisions one after the other, at ECS's rate.
 *
 * @param done called for each that was deregistered
 * @param signal ends it early
 */
export async function deregister(
  arns: readonly string[],
  { connect }: RunContext,
  done: (arn: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { taskDefinitionsPort } = await import("../aws/task-definitions.ts");
  const port = connect(taskDefinitionsPort);
  for (const arn of arns) {
    if (signal?.aborted === true) return;
    await port.deregister(arn);
    done(arn);
  }
}
