import { AwsCallError, InterruptedError, RefusedError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../../core/exit-code.ts";
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
  | { readonly outcome: "tornDown"; readonly exitCode: typeof exitCode.completed; readonly seconds: number }
  | {
      readonly outcome: "timedOut" | "interrupted" | "stopped";
      readonly exitCode: ExitCode;
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
  const left = `What is left of deployment ${deployment.id} is found again by the same command.`;
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
        const reason = `${drained.standing} ${left}`;
        return { outcome: ending, exitCode: exitCode[ending], seconds: seconds(), reason };
      }
      held.lost.throwIfAborted();
      if (edge.signal.aborted) throw new InterruptedError("Interrupted before the next step.");
      await applyTeardownStep(step, observed, { traffic, context, edge });
    }
    return { outcome: "tornDown", exitCode: exitCode.completed, seconds: seconds() };
  } catch (error) {
    if (error instanceof InterruptedError) {
      return { outcome: "interrupted", exitCode: exitCode.interrupted, seconds: seconds(), reason: left };
    }
    if (!(error instanceof AwsCallError || error instanceof RefusedError)) throw error;
    const reason = `${error.message}\n${left}`;
    return { outcome: "stopped", exitCode: exitCode.aws, seconds: seconds(), reason };
  }
}
