import { isUnderWay } from "../../core/code-deploy/model.ts";
import { boundedText } from "../../core/lock/record.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import type { LockRecord } from "../lock/lock.ts";
import type { Planned } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import { findGroup, newest } from "./facts.ts";
import type { Followed } from "./follow.ts";

/** A killed run had its lock to itself, so that few deployments are newer than its own. */
const lookBack = 10;

/**
 * The deployment that the same command, killed before, has started: its description names the run. Undefined where
 * there is none, and the plan that was made anew does what is left to do.
 *
 * @param record the killed run's lock, which this run took over
 */
export async function startedBefore(
  { job }: Planned,
  record: LockRecord,
  port: CodeDeployPort,
  { context }: Run,
): Promise<Followed | undefined> {
  if (record.purpose !== boundedText(job.purpose)) return undefined;
  const found = await findGroup(job, port, context);
  if (found === undefined) return undefined;
  const runs = [record.run, ...(record.earlierRuns ?? [])];
  const deployments = await newest(found, port, { limit: lookBack });
  const own = deployments.find(({ origin }) => origin !== undefined && runs.includes(origin.run));
  // What it had brought was put back, so that nothing of it stands.
  if (own === undefined || own.origin?.putsBack === true) return undefined;
  const { id, revisionArn, info } = own;
  const stands = isUnderWay(info) ? "" : `, and has ended meanwhile (${info.status ?? "?"})`;
  const message = `deployment ${id} was started by run ${own.origin?.run ?? "?"}, which was killed${stands}; it is taken up`;
  context.emit({ type: "resumed", service: job.serviceName, message });
  return {
    deploymentId: id,
    ...(revisionArn === undefined ? {} : { revisionArn }),
    ...(own.origin?.replaces === undefined ? {} : { replaces: own.origin.replaces }),
  };
}
