import { RefusedError } from "../../core/errors.ts";
import { autoscaledCounts } from "../facts/autoscaled-counts.ts";
import { keyOf, type Job, type Planned } from "./job.ts";
import { observe } from "./observe.ts";
import type { RunContext } from "../run-context.ts";
import { toldByRevisions } from "../templates/whole-service.ts";

/**
 * Looks at all services and plans all.
 *
 * @throws RefusedError with everything that is refused, for all services together
 */
export async function planAll(jobs: readonly Job[], context: RunContext): Promise<readonly Planned[]> {
  const observations = await observe(context.ecs, jobs);
  const first = await plansOf(jobs, observations);
  // Asked only where a template would change the count.
  const counted = first.planned.filter(changesCount).map(({ job }) => job);
  const scaled = await autoscaledCounts(counted, context);
  const told = await toldByRevisions(first.planned, context);
  const { planned, refusals } =
    scaled.size + told.size === 0
      ? first
      : await plansOf(
          jobs,
          observations.map((one, index) => {
            const job = jobs[index];
            if (job === undefined) return one;
            const service = told.get(keyOf(job)) ?? one.service;
            return {
              ...one,
              ...(service === undefined ? {} : { service }),
              ...(scaled.has(keyOf(job)) ? { countIsAutoscaled: true } : {}),
            };
          }),
        );
  if (refusals.length > 0) throw new RefusedError(refusals.join("\n"));
  return planned;
}

async function plansOf(
  jobs: readonly Job[],
  observations: Awaited<ReturnType<typeof observe>>,
): Promise<{ readonly planned: readonly Planned[]; readonly refusals: readonly string[] }> {
  const plans = await Promise.all(
    jobs.map(async (job, index): Promise<Planned | string> => {
      const observed = observations[index] ?? {};
      try {
        return { job, observed, plan: await job.plan(observed) };
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        return error.message;
      }
    }),
  );
  return {
    planned: plans.filter((plan) => typeof plan !== "string"),
    refusals: plans.filter((plan) => typeof plan === "string"),
  };
}

function changesCount({ plan }: Planned): boolean {
  return plan.steps.some(
    (step) => step.kind === "updateService" && step.changes.some(({ member }) => member === "desiredCount"),
  );
}
