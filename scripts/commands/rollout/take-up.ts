import type { Service } from "@aws-sdk/client-ecs";

import type { Plan } from "../../core/deployment/plan.ts";
import { primaryDeployment } from "../../core/deployment/service-changes.ts";
import { resumptionOf, type Resumption } from "../../core/deployment/resume.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { boundedText } from "../../core/lock/record.ts";
import type { ServiceOutcome } from "../../core/events.ts";
import type { Planned } from "./job.ts";
import { bringWatched, startedOutcome } from "./lane.ts";
import type { LockRecord } from "../lock/lock.ts";
import { awaitPutBack } from "./put-back.ts";
import type { Run } from "./run.ts";

/**
 * What the same command, killed before, has made of a service; undefined where there is nothing of the kind, and the
 * plan that was made anew does what is left to do.
 *
 * @param record the killed run's lock, where this run took it over
 */
export function resumptionFor(
  { job, observed, plan }: Planned,
  record: LockRecord | undefined,
): Resumption | undefined {
  const { service } = observed;
  if (record === undefined || service === undefined) return undefined;
  if (record.purpose !== boundedText(job.purpose)) return undefined;
  const runs = [record.run, ...(record.earlierRuns ?? [])];
  const resumption = resumptionOf(runs, service, job.desiredArn(observed));
  return resumption === undefined || asksForMore(plan, resumption, service) ? undefined : resumption;
}

/** The killed run had registered its revision and set all settings, so what is left to do came into the templates since. */
function asksForMore({ steps }: Plan, resumption: Resumption, service: Service): boolean {
  if (steps.some(({ kind }) => kind === "registerTaskDefinition")) return true;
  const stands = resumption.kind === "started" && resumption.deploymentId === primaryDeployment(service)?.id;
  return stands && steps.some((step) => step.kind === "updateService" && step.changes.length > 0);
}

/** Takes up what a killed run has made of a service, and brings that to its end. */
export async function takeUp(
  planned: Planned,
  resumption: Resumption,
  record: LockRecord,
  run: Run,
): Promise<ServiceOutcome> {
  const { job, observed } = planned;
  const { emit } = run.context;
  const revisionArn = job.desiredArn(observed);
  switch (resumption.kind) {
    case "started": {
      const { deploymentId } = resumption;
      const message = `deployment ${deploymentId} was started by run ${record.run}, which was killed; it is taken up`;
      emit({ type: "resumed", service: job.serviceName, message });
      const revision = revisionArn === undefined ? {} : { revisionArn };
      if (!run.command.options.wait) return startedOutcome(planned, { deploymentId, ...revision });
      return bringWatched(planned, { deploymentId, createdAt: new Date(record.since), ...revision }, run);
    }
    case "puttingBack": {
      const message = `the killed run ${record.run} was putting it back (deployment ${resumption.deploymentId}); that is waited for`;
      emit({ type: "resumed", service: job.serviceName, message });
      const { revision, problem } = await awaitPutBack(planned, observed.service, run);
      const runs = observed.service && primaryDeployment(observed.service)?.taskDefinition;
      return {
        service: job.serviceName,
        cluster: job.cluster,
        outcome: "failed",
        deploymentId: resumption.failedDeploymentId ?? `the one that run ${record.run} started`,
        reason: "It failed before this run, which took it up from one that was killed.",
        failedRevision: revisionArn === undefined ? "an unknown revision" : revisionName(revisionArn),
        diagnoses: [],
        ...(runs === undefined ? {} : { revision: revisionName(runs) }),
        ...(revision === undefined ? {} : { rolledBackTo: revision }),
        ...(problem === undefined ? {} : { rollbackProblem: problem }),
      };
    }
  }
}
