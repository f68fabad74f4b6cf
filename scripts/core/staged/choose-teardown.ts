import { idMadeAt } from "../deployment-id.ts";
import { RefusedError } from "../errors.ts";
import type { ObservedApplication, StagedDeployment } from "./model.ts";

/** Which deployments are to be taken down. */
export type TeardownChoice =
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "allRetired"; readonly keep: number }
  | { readonly by: "theOne" }
  | { readonly by: "all" };

/** A staging that nobody holds a lock for and that is older is taken for abandoned. */
export const abandonedAfterMs = 60 * 60 * 1_000;

/**
 * The deployments that a teardown takes down, the oldest first.
 *
 * - by id: that one; none where it is gone already
 * - all that are retired, failed or leaving, or staging for more than an hour; of the retired the newest `keep` stay
 * - all: every one
 * - without either: what a killed teardown left, else the only retired or failed one
 *
 * @param now milliseconds since 1970
 * @throws RefusedError for one that has traffic, or where it is unclear which is meant
 */
export function chooseTeardown(
  observed: ObservedApplication,
  choice: TeardownChoice,
  now: number,
): readonly StagedDeployment[] {
  const { deployments, application } = observed;
  const chosen = chosenFrom(deployments, choice, application, now);
  for (const one of chosen) refuseInUse(one, application);
  return chosen.toReversed();
}

/** The newest first. */
function chosenFrom(
  deployments: readonly StagedDeployment[],
  choice: TeardownChoice,
  application: string,
  now: number,
): readonly StagedDeployment[] {
  const inState = (...states: readonly StagedDeployment["state"][]): readonly StagedDeployment[] =>
    deployments.filter(({ state }) => states.includes(state));
  switch (choice.by) {
    case "all":
      return deployments;
    case "id":
      return deployments.filter(({ id }) => id === choice.id);
    case "allRetired": {
      const kept = new Set(inState("retired").slice(0, choice.keep));
      return deployments.filter(
        (one) =>
          !kept.has(one) &&
          (["retired", "failed", "leaving"].includes(one.state) ||
            (one.state === "staging" && isAbandoned(one, now))),
      );
    }
    case "theOne": {
      const leaving = inState("leaving");
      if (leaving.length > 0) return leaving;
      const over = inState("retired", "failed");
      if (over.length <= 1) return over;
      const named = over.map(({ id, state }) => `${id} (${state})`).join(", ");
      throw new RefusedError(
        `${application} has ${over.length} deployments to take down: ${named}. Name one with --id, or take --all-retired. Nothing was changed.`,
      );
    }
  }
}

function isAbandoned({ id }: StagedDeployment, now: number): boolean {
  const madeAt = idMadeAt(id);
  return madeAt !== undefined && now - madeAt > abandonedAfterMs;
}

function refuseInUse(
  { id, state, trafficPercent, foreignRuleArns }: StagedDeployment,
  application: string,
): void {
  if (state === "active" || state === "activating") {
    throw new RefusedError(
      `Deployment ${id} of ${application} is ${state} and has ${Math.round(trafficPercent * 10) / 10} % of the live traffic. Give that to another first: ./deploy activate ${application} --id <other>, or ./deploy rollback ${application}; ./deploy delete ${application} takes all of them away. Nothing was changed.`,
    );
  }
  if (foreignRuleArns.length === 0) return;
  throw new RefusedError(
    `Deployment ${id} of ${application} gets requests by a rule that Slipway did not make: ${foreignRuleArns.join(", ")}. Delete that rule, or send it elsewhere. Nothing was changed.`,
  );
}
