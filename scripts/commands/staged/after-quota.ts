import { AwsCallError, RefusedError } from "../../core/errors.ts";
import { makeRoomText } from "../../core/staged/make-room.ts";
import type { Staged } from "./apply-stage.ts";
import { typed } from "./next-commands.ts";
import { observeApplication } from "./observe.ts";
import type { StageEnding } from "./stage-reporter.ts";
import type { Staging } from "./staging.ts";
import { takeDown } from "./take-down.ts";

/**
 * What follows where a quota of Elastic Load Balancing is used up: the same command would meet it again, so that what
 * the staging has made is taken down, unless `--no-rollback` leaves it for that. The role of the application's tasks
 * stays, for the next.
 *
 * @param error AWS's, with the quota's name
 */
export async function afterQuota(
  error: AwsCallError,
  staged: Staged,
  staging: Staging,
): Promise<StageEnding> {
  const { observed, service, command, edge } = staging;
  const room = makeRoomText(observed, service.settings.keep, edge.wallClock.now(), (options) =>
    typed("teardown", options, service, command),
  );
  const stopped = {
    outcome: "stopped",
    exitCode: error.exitCode,
    reason: `${error.message}\n  ${room}`,
  } as const;
  const stands = staged.targetGroupArn === undefined ? {} : ({ state: "staging" } as const);
  if (!command.options.rollback) return { ...stopped, ...stands };
  try {
    const problem = await leaveNothing(staged, staging);
    if (problem === undefined) return { ...stopped, takenDown: true };
    return { ...stopped, state: "leaving", takenDown: false, takeDownProblem: problem };
  } catch (second) {
    if (!(second instanceof AwsCallError || second instanceof RefusedError)) throw second;
    return { ...stopped, ...stands, takenDown: false, takeDownProblem: second.message };
  }
}

/** @returns what kept it from that, if anything */
async function leaveNothing(staged: Staged, staging: Staging): Promise<string | undefined> {
  const { service, inputs, held, command, context, edge } = staging;
  held.lost.throwIfAborted();
  const now = await observeApplication(service, context);
  const deployment = now.deployments.find(({ id }) => id === inputs.id);
  if (deployment !== undefined) {
    const ending = await takeDown(deployment, now, { command, context, edge, held });
    return ending.outcome === "tornDown" ? undefined : ending.reason;
  }
  const { revisionArn } = staged;
  // Nothing but this run knows of the revision that it has just registered.
  if (revisionArn === undefined || revisionArn === staging.revisionArn) return undefined;
  const { taskDefinitionsPort } = await import("../../aws/task-definitions.ts");
  await context.connect(taskDefinitionsPort).deregister(revisionArn);
  return undefined;
}
