import type { ServiceOutcome } from "../../core/events.ts";
import type { Planned } from "./job.ts";
import { putBack, type PutBack } from "./put-back.ts";
import type { Run } from "./run.ts";
import { keyOf } from "./job.ts";

/** Brings one service; see lane.ts. */
type Bring = (planned: Planned) => Promise<ServiceOutcome>;

/**
 * Brings the services of a run, each as soon as those that it depends on have completed, independent ones side by
 * side. What depends on a failure is not begun; with `--on-failure rollback-all` nothing more is, and what had
 * completed is put back.
 *
 * @returns one outcome a service, in the order of `fleet`
 */
export async function inOrder(
  fleet: readonly Planned[],
  bring: Bring,
  run: Run,
): Promise<readonly ServiceOutcome[]> {
  const rollbackAll = run.command.options.onFailure === "rollback-all";
  const lanes = new Map<string, Promise<ServiceOutcome>>();
  let firstFailure: string | undefined;

  const lane = (planned: Planned): Promise<ServiceOutcome> => {
    const { job } = planned;
    const known = lanes.get(job.name);
    if (known !== undefined) return known;
    const dependencies = fleet.filter(({ job: { name } }) => job.dependsOn.includes(name));
    const outcome = (async (): Promise<ServiceOutcome> => {
      const waiting = dependencies.map(({ job: { serviceName } }) => serviceName);
      if (waiting.length > 0) {
        run.context.emit({ type: "waitingForServices", service: job.serviceName, dependencies: waiting });
      }
      const before = await Promise.all(dependencies.map(lane));
      const missing = before.find((one) => !isThere(one));
      const name = { service: job.serviceName, cluster: job.cluster };
      const told = (ended: ServiceOutcome): ServiceOutcome => {
        run.context.emit({ type: "ended", ...ended });
        return ended;
      };
      if (run.edge.signal.aborted) return told({ ...name, outcome: "interrupted" });
      if (missing !== undefined) {
        return told({ ...name, outcome: "skipped", because: `${missing.service} did not complete` });
      }
      if (rollbackAll && firstFailure !== undefined) {
        return told({ ...name, outcome: "skipped", because: `${firstFailure} failed` });
      }
      const ended = await bring(planned);
      if (isFailure(ended)) firstFailure ??= ended.service;
      return told(ended);
    })();
    lanes.set(job.name, outcome);
    return outcome;
  };

  const outcomes = await Promise.all(fleet.map(lane));
  if (!rollbackAll || firstFailure === undefined || !run.command.options.wait) return outcomes;
  return putBackAll(fleet, outcomes, firstFailure, run);
}

/** Puts back what completed, what depends on others before these. */
async function putBackAll(
  fleet: readonly Planned[],
  outcomes: readonly ServiceOutcome[],
  failed: string,
  run: Run,
): Promise<readonly ServiceOutcome[]> {
  const after = new Map<string, Promise<ServiceOutcome>>();
  const back = (planned: Planned): Promise<ServiceOutcome> => {
    const { job } = planned;
    const known = after.get(job.name);
    if (known !== undefined) return known;
    const dependents = fleet.filter(({ job: { dependsOn } }) => dependsOn.includes(job.name));
    const outcome = (async (): Promise<ServiceOutcome> => {
      await Promise.all(dependents.map(back));
      const ended = outcomes[fleet.indexOf(planned)];
      if (ended === undefined) throw new Error(`no outcome of ${keyOf(job)}`);
      return ended.outcome === "completed" ? putBackOne(planned, ended, failed, run) : ended;
    })();
    after.set(job.name, outcome);
    return outcome;
  };
  return Promise.all(fleet.map(back));
}

async function putBackOne(
  planned: Planned,
  ended: Extract<ServiceOutcome, { outcome: "completed" }>,
  failed: string,
  run: Run,
): Promise<ServiceOutcome> {
  const { service, cluster, deploymentId } = ended;
  const because = `${failed} failed`;
  const base = { service, cluster, deploymentId, outcome: "putBack" as const, because };
  const { revision, problem } = await putBackUnless(planned, ended, because, run);
  const outcome: ServiceOutcome = {
    ...base,
    ...(revision === undefined ? {} : { rolledBackTo: revision, revision }),
    ...(problem === undefined ? {} : { problem }),
  };
  run.context.emit({ type: "ended", ...outcome });
  return outcome;
}

async function putBackUnless(
  planned: Planned,
  { revision: left, deploymentId: id }: Extract<ServiceOutcome, { outcome: "completed" }>,
  because: string,
  run: Run,
): Promise<PutBack> {
  const { name } = planned.job;
  if (planned.plan.steps.some(({ kind }) => kind === "createService")) {
    return { problem: `It was created by this run; to take it away: ./deploy delete ${name}` };
  }
  if (run.edge.signal.aborted) {
    return { problem: `The run was interrupted first; to put it back: ./deploy rollback ${name}` };
  }
  if (planned.observed.service?.deploymentController?.type === "CODE_DEPLOY") {
    const { putBackByCodeDeploy } = await import("../code-deploy/put-back.ts");
    return putBackByCodeDeploy(planned, id, because, run);
  }
  const now = { ...planned.observed.service, deployments: [{ id, status: "PRIMARY" }] };
  return putBack(planned, left, because, now, run);
}

function isThere({ outcome }: ServiceOutcome): boolean {
  return outcome === "completed" || outcome === "nothingToDo" || outcome === "started";
}

function isFailure({ outcome }: ServiceOutcome): boolean {
  return outcome === "failed" || outcome === "superseded" || outcome === "gone" || outcome === "stopped";
}
