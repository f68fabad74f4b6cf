import { UsageError } from "../../core/errors.ts";
import type { DeployOptions } from "../../core/command-line/parse.ts";
import type { Course } from "../../core/staged/course.ts";
import { faultText } from "../../core/staged/judge.ts";
import { stagedTags, type ObservedApplication, type StagedDeployment } from "../../core/staged/model.ts";
import { planActivate, type ActivatePlan } from "../../core/staged/plan-activate.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { carryOutMove } from "./carry-out-move.ts";
import { alarmsOf, checkBeforeMove } from "./check-before-move.ts";
import type { Ending } from "./end-move.ts";
import { refuseForeignRule } from "./live-route.ts";
import type { MoveEnd, MoveRun } from "./move-run.ts";
import { moveTraffic, scalingOf, type MoveDesk } from "./move-traffic.ts";
import { explainFault, putTrafficBack } from "./put-traffic-back.ts";
import type { StagedService } from "./place.ts";
import { watchTraffic } from "./watch-traffic.ts";

/**
 * `./deploy activate` of an application whose every deployment is a service of its own: gives the live traffic to what
 * was staged, at once or by shares, and puts it back where that turns out badly.
 *
 * @throws RefusedError, UsageError, InvalidInputError or AwsCallError before the first write
 */
export function activateStaged(
  service: StagedService,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  const { options } = command;
  if (options.deploymentConfig !== undefined) throw new UsageError("--deployment-config is for CodeDeploy.");
  return moveTraffic(service, command, context, edge, {
    async decide(observed, now) {
      const scaling = await scalingOf(observed, context);
      const wish = {
        ...(options.id === undefined ? {} : { id: options.id }),
        course: courseOf(options),
        force: options.force,
        watchAfter: options.wait,
        now,
      };
      return planActivate(observed, wish, scaling);
    },
    planned: ({ incoming, outgoing, steps }) => ({
      outcome: "planned",
      incoming: incoming.id,
      outgoing: outgoing?.id,
      steps,
    }),
    carryOut,
  });
}

function courseOf({ canaryPercent, bakeMs, linearPercent, everyMs }: DeployOptions): Course {
  if (canaryPercent !== undefined) return { kind: "canary", percent: canaryPercent, bakeMs };
  if (linearPercent !== undefined) return { kind: "linear", percent: linearPercent, everyMs };
  return { kind: "atOnce" };
}

async function carryOut(
  plan: ActivatePlan,
  observed: ObservedApplication,
  desk: MoveDesk,
): Promise<{ readonly observed: ObservedApplication; readonly ending: Ending }> {
  const { incoming, outgoing } = plan;
  const ids = { incoming: incoming.id, outgoing: outgoing?.id };
  if (plan.kind !== "move") {
    const end = await carryOutMove(plan, observed, { ...desk, alarms: [] });
    const ending: Ending =
      plan.kind === "nothingToDo"
        ? { ...ids, outcome: "nothingToDo", reason: plan.because }
        : {
            ...ids,
            outcome: "putBack",
            reason: "A run that did not come to its end had begun to put it back",
          };
    return { observed: end.observed, ending: end.kind === "done" ? ending : { ...ids, ...leftAsItIs(end) } };
  }
  const { force, alarms: named } = desk.command.options;
  await refuseForeignRule(observed, desk.traffic);
  const wanted = alarmsOf(incoming, named);
  // One whose move was begun is not left half-way where it is not well: it is judged at once, and put back.
  const begun = outgoing !== undefined && incoming.targetGroup.tags[stagedTags.activatingAt] !== undefined;
  const alarms = await checkBeforeMove(incoming, observed, wanted, { force, begun }, desk);
  const run: MoveRun = { ...desk, alarms };
  // Where it keeps up with the other, the killed run may just have given it more tasks.
  const keepsUp = plan.steps.some(({ kind }) => kind === "keepUp");
  const before = keepsUp ? 1 : (incoming.service?.desiredCount ?? 0);
  const judged = begun && !force ? await watchTraffic(incoming, observed.cluster, 0, before, run) : undefined;
  const end: MoveEnd =
    judged === undefined || judged === "interrupted"
      ? await carryOutMove(plan, observed, run)
      : { kind: "fault", fault: judged.fault, observed };
  const moved = end.movedInMs === undefined ? {} : { movedInMs: end.movedInMs };
  if (end.kind === "done") {
    return { observed: end.observed, ending: { ...ids, ...moved, outcome: "activated" } };
  }
  return endedBadly(end, incoming, outgoing, run);
}

/** How far it came decides what becomes of the traffic. */
async function endedBadly(
  end: Exclude<MoveEnd, { kind: "done" }>,
  incoming: StagedDeployment,
  outgoing: StagedDeployment | undefined,
  run: MoveRun,
): Promise<{ readonly observed: ObservedApplication; readonly ending: Ending }> {
  const ids = { incoming: incoming.id, outgoing: outgoing?.id };
  const now = end.observed.deployments.find(({ id }) => id === incoming.id);
  const has = now?.trafficPercent ?? 0;
  const isFault = end.kind === "fault";
  // Where it was begun, scaling is suspended, and nobody watches what has a share.
  const isBegun = now?.targetGroup.tags[stagedTags.activatingAt] !== undefined;
  const goesBack = outgoing !== undefined && (isFault || (has < 100 && (end.kind !== "timedOut" || isBegun)));
  if (!goesBack) return { observed: end.observed, ending: { ...ids, ...leftAsItIs(end) } };

  const reason = isFault
    ? `${has === 0 ? "Before it had traffic" : `With ${has} % of the traffic`}, ${faultText(end.fault)}`
    : end.kind === "stopped"
      ? end.error.message
      : end.kind === "timedOut"
        ? `Its tasks were not there in time: ${end.waitingFor}`
        : "Interrupted";
  const since = new Date(run.edge.wallClock.now());
  const back = await putTrafficBack(end.observed, incoming.id, outgoing.id, { reason, isFault }, run);
  const diagnoses = isFault ? await explainFault(incoming, end.observed, end.fault, since, run) : [];
  const problem = back.problem === undefined ? {} : { putBackProblem: back.problem };
  const told = has === 0 ? "No traffic had moved" : `The ${has} % of the traffic that it had went back`;
  const ending: Ending = isFault
    ? { ...ids, reason, diagnoses, ...problem, outcome: back.problem === undefined ? "putBack" : "failed" }
    : {
        ...ids,
        ...problem,
        outcome: end.kind,
        reason:
          back.problem !== undefined
            ? reason
            : end.kind === "interrupted"
              ? `${told}: ${outgoing.id} has all of it`
              : `${reason}\n${told}: ${outgoing.id} has all of it`,
      };
  return { observed: back.observed, ending };
}

/** What is told where nothing is put back. */
export function leftAsItIs(
  end: Exclude<MoveEnd, { kind: "done" }>,
): Pick<Ending, "outcome" | "reason" | "movedInMs"> {
  const moved = end.movedInMs === undefined ? {} : { movedInMs: end.movedInMs };
  switch (end.kind) {
    case "fault":
      return {
        ...moved,
        outcome: "failed",
        reason: `Once it had the traffic, ${faultText(end.fault)}. Nothing had the traffic before, so it stays where it is`,
      };
    case "interrupted":
      return { ...moved, outcome: "interrupted", reason: "What is left is done by the same command" };
    case "timedOut":
      return {
        ...moved,
        outcome: "timedOut",
        reason: `Its tasks were not there in time: ${end.waitingFor}. No traffic had moved; ECS goes on starting them`,
      };
    case "stopped":
      return {
        ...moved,
        outcome: "stopped",
        reason: `${end.error.message}\nThe same command goes on from here`,
      };
  }
}
