import type { Diagnosis } from "../../core/diagnosis.ts";
import { faultText, type Fault } from "../../core/staged/judge.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import { planPutBack } from "../../core/staged/plan-put-back.ts";
import { carryOutMove } from "./carry-out-move.ts";
import type { MoveRun } from "./move-run.ts";

/** What came of it; `problem` is what AWS answered where it did not come about. */
export interface PutBack {
  readonly observed: ObservedApplication;
  readonly problem?: string;
}

/**
 * Gives the traffic back to the deployment that had it, the rule first. A deployment that turned out bad is marked as
 * failed; one whose move was only interrupted is staged again. Not even Ctrl-C keeps it from that.
 *
 * @param observed the application as the move left it
 */
export async function putTrafficBack(
  observed: ObservedApplication,
  losing: string,
  keeping: string,
  { reason, isFault }: { readonly reason: string; readonly isFault: boolean },
  run: MoveRun,
): Promise<PutBack> {
  const find = (id: string): StagedDeployment | undefined =>
    observed.deployments.find((one) => one.id === id);
  const [from, to] = [find(losing), find(keeping)];
  if (from === undefined || to === undefined) return { observed, problem: "it is not known any more" };
  const { context, edge } = run;
  if (isFault) {
    const revision = to.targetGroup.tags[stagedTags.revision] ?? to.id;
    context.emit({ type: "rollingBack", service: observed.application, reason, revision, by: "Slipway" });
  }
  const failedAt = isFault ? { failedAt: new Date(edge.wallClock.now()).toISOString() } : {};
  const move = planPutBack(observed, from, to, { ...failedAt, urgent: true });
  const end = await carryOutMove(move, observed, {
    ...run,
    edge: { ...edge, signal: new AbortController().signal },
  });
  return end.kind === "stopped"
    ? { observed: end.observed, problem: end.error.message }
    : { observed: end.observed };
}

/** Why targets or tasks failed, in the words of what they left behind; an alarm speaks for itself. */
export async function explainFault(
  { serviceName, service }: StagedDeployment,
  { cluster }: ObservedApplication,
  fault: Fault,
  since: Date,
  { context }: MoveRun,
): Promise<readonly Diagnosis[]> {
  const deployment = service?.deployments?.[0];
  if (fault.kind === "alarm" || deployment?.id === undefined) return [];
  const { explain } = await import("../facts/explain.ts");
  return explain(
    {
      service: serviceName,
      cluster,
      deploymentId: deployment.id,
      ...(service?.taskDefinition === undefined ? {} : { taskDefinitionArn: service.taskDefinition }),
      since: deployment.createdAt ?? since,
      reason: faultText(fault),
    },
    context,
  );
}
