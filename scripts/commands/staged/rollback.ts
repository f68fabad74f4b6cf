import { UsageError } from "../../core/errors.ts";
import { faultText } from "../../core/staged/judge.ts";
import type { ObservedApplication } from "../../core/staged/model.ts";
import { planRollback, type RollbackPlan, type RollbackWish } from "../../core/staged/plan-rollback.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { leftAsItIs } from "./activate.ts";
import { carryOutMove } from "./carry-out-move.ts";
import { checkBeforeMove } from "./check-before-move.ts";
import type { Ending } from "./end-move.ts";
import type { MoveEnd } from "./move-run.ts";
import { moveTraffic, scalingOf, type MoveDesk } from "./move-traffic.ts";
import type { StagedService } from "./place.ts";
import { stageAgain } from "./stage-again.ts";

/**
 * `./deploy rollback` of an application whose every deployment is a service of its own: in the midst of a shift, back
 * at once; otherwise back to the deployment that had the traffic before, which is staged again where it is gone.
 *
 * @throws RefusedError, UsageError, InvalidInputError or AwsCallError before the first write
 */
export function rollbackStaged(
  service: StagedService,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  const { to, force, wait } = command.options;
  if (to !== undefined && !/^[a-z0-9]{12}$/.test(to)) {
    throw new UsageError(
      `--to ${JSON.stringify(to)} is not a deployment's id. ${service.address.name} has a service for each deployment, so it is one of the ids that ./deploy deployments ${service.address.name} lists.`,
    );
  }
  const decide = async (observed: ObservedApplication, now: string): Promise<RollbackPlan> => {
    const wish: RollbackWish = { ...(to === undefined ? {} : { to }), force, watchAfter: wait, now };
    return planRollback(observed, wish, await scalingOf(observed, context));
  };
  return moveTraffic(service, command, context, edge, {
    decide,
    planned,
    async carryOut(plan, observed, desk) {
      if (plan.kind !== "stageAgain") return carryOut(plan, observed, desk);
      const again = await stageAgain(plan, observed, service, desk);
      if (again.kind === "ended") return again;
      const next = await decide(again.observed, new Date(edge.wallClock.now()).toISOString());
      if (next.kind === "stageAgain") throw new Error("What was staged again was not found.");
      return carryOut(next, again.observed, desk);
    },
  });
}

function planned(plan: RollbackPlan): Ending {
  if (plan.kind === "stageAgain") {
    return {
      outcome: "planned",
      incoming: plan.id,
      outgoing: plan.outgoing.id,
      reason: `Deployment ${plan.id} is gone: it is staged again from ${plan.revision}, and gets the traffic then`,
      steps: [],
    };
  }
  const { incoming, outgoing, steps } = plan;
  return { outcome: "planned", incoming: incoming.id, outgoing: outgoing?.id, steps };
}

async function carryOut(
  plan: Exclude<RollbackPlan, { kind: "stageAgain" }>,
  observed: ObservedApplication,
  desk: MoveDesk,
): Promise<{ readonly observed: ObservedApplication; readonly ending: Ending }> {
  const { incoming, outgoing } = plan;
  const ids = { incoming: incoming.id, outgoing: outgoing?.id };
  // In the midst of a shift it has most of the traffic already, and nothing is better than going back.
  if (plan.kind === "move") {
    const { force } = desk.command.options;
    await checkBeforeMove(incoming, observed, [], { force, begun: false }, desk);
  }
  const end = await carryOutMove(plan, observed, { ...desk, alarms: [] });
  const moved = end.movedInMs === undefined ? {} : { movedInMs: end.movedInMs };
  if (end.kind !== "done") return { observed: end.observed, ending: { ...ids, ...endedBadly(end) } };
  return plan.kind === "nothingToDo"
    ? { observed: end.observed, ending: { ...ids, outcome: "nothingToDo", reason: plan.because } }
    : { observed: end.observed, ending: { ...ids, ...moved, outcome: "rolledBack" } };
}

/** Where it turns out badly too, the traffic stays: the version that it came from was given up. */
function endedBadly(end: Exclude<MoveEnd, { kind: "done" }>): Omit<Ending, "incoming" | "outgoing"> {
  if (end.kind !== "fault") return leftAsItIs(end);
  return {
    outcome: "failed",
    ...(end.movedInMs === undefined ? {} : { movedInMs: end.movedInMs }),
    reason: `Once it had the traffic again, ${faultText(end.fault)}. The traffic stays with it; --to goes to another`,
  };
}
