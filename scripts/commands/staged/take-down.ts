import { AwsCallError, InterruptedError, InvalidInputError, RefusedError } from "../../core/errors.ts";
import type { ObservedApplication, StagedDeployment } from "../../core/staged/model.ts";
import { planTeardown, type TeardownStep } from "../../core/staged/plan-teardown.ts";
import type { HeldLocks } from "../lock/lock.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { applyTeardownStep } from "./apply-teardown.ts";
import { awaitDrained } from "./await-drained.ts";

/** What taking down needs of the run. */
export interface TeardownRun {
  readonly command: RunCommand;
  readonly context: RunContext;
  readonly edge: RunEdge;
  readonly held: Pick<HeldLocks, "lost">;
}

/** How taking one deployment down ended. */
export type TakenDown =
  | { readonly outcome: "tornDown"; readonly seconds: number }
  | {
      readonly outcome: "refused" | "timedOut" | "interrupted" | "stopped";
      readonly seconds: number;
      readonly reason: string;
    };

/**
 * Takes a deployment down which has no live traffic, once its connections have drained. What is gone already is fine,
 * so that the same again goes on with what a killed run began. Never throws what AWS answers.
 *
 * @param keptRevision `family:revision` that is needed still, whatever the tags say
 */
export function takeDown(
  deployment: StagedDeployment,
  observed: ObservedApplication,
  run: TeardownRun,
  keptRevision?: string,
): Promise<TakenDown> {
  const steps = planTeardown(observed, deployment).filter(
    (step) => step.kind !== "deregisterRevision" || step.revision !== keptRevision,
  );
  return carryTeardown(steps, deployment, observed, run);
}

/** Does some steps of a teardown; see {@link takeDown}. */
export async function carryTeardown(
  steps: readonly TeardownStep[],
  deployment: StagedDeployment,
  observed: ObservedApplication,
  run: TeardownRun,
): Promise<TakenDown> {
  const { context, edge, held, command } = run;
  const began = edge.clock.now();
  const seconds = (): number => Math.round((edge.clock.now() - began) / 100) / 10;
  const { trafficPort } = await import("../../aws/traffic.ts");
  const traffic = context.connect(trafficPort);
  try {
    for (const step of steps) {
      if (step.kind === "waitUntilDrained") {
        const drained = await awaitDrained(
          step,
          {
            application: observed.application,
            cluster: observed.cluster,
            timeoutMs: command.options.timeoutMs,
          },
          context,
          edge,
        );
        if (drained.kind === "drained") continue;
        const ending = drained.kind === "timedOut" ? "timedOut" : "interrupted";
        return {
          outcome: ending,
          seconds: seconds(),
          reason: `${drained.standing} ${whatIsLeft(deployment.id)}`,
        };
      }
      held.lost.throwIfAborted();
      if (edge.signal.aborted) throw new InterruptedError("Interrupted before the next step.");
      await applyTeardownStep(step, observed, { traffic, context, edge });
    }
    return { outcome: "tornDown", seconds: seconds() };
  } catch (error) {
    return { ...endingOf(error, deployment.id), seconds: seconds() };
  }
}

/**
 * What an error in the midst of a teardown makes of it: something was changed already, so it is no refusal of the run.
 *
 * @throws the error, where it is a bug
 */
export function endingOf(error: unknown, id: string): TakenDown {
  const reason = whatIsLeft(id);
  if (error instanceof InterruptedError) return { outcome: "interrupted", seconds: 0, reason };
  const outcome =
    error instanceof AwsCallError
      ? "stopped"
      : error instanceof RefusedError || error instanceof InvalidInputError
        ? "refused"
        : undefined;
  if (outcome === undefined || !(error instanceof Error)) throw error;
  return { outcome, seconds: 0, reason: `${error.message}\n${reason}` };
}

function whatIsLeft(id: string): string {
  return `What is left of deployment ${id} is found again by the same command.`;
}
