import type { RegisterTaskDefinitionRequest, Tag, TaskDefinition } from "@aws-sdk/client-ecs";

import type { Ordered } from "../../core/deployment/order.ts";
import type { Plan } from "../../core/deployment/plan.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { shortName } from "../../core/short-name.ts";
import type { ObservedService } from "./observe.ts";

/** One service of a run: how it is addressed, and what is to become of it once AWS has been looked at. */
export interface Job extends Ordered {
  readonly serviceName: string;
  readonly cluster: string;
  /** The family whose newest revision the plan wants to know. */
  readonly family?: string;
  /** What it does names the deployment that it is meant for, so that another run may hold the service meanwhile. */
  readonly withoutLock?: true;
  /** For the lock and for whoever waits for it, as in `update nginx to nginx:1.27`. */
  readonly purpose: string;
  /**
   * Decides what to do.
   *
   * @throws RefusedError when what was asked does not fit what runs
   */
  plan(observed: ObservedService): Plan | Promise<Plan>;
  /** The revision that the job is to bring, where it exists already: for telling what a killed run has done. */
  desiredArn(observed: ObservedService): string | undefined;
  /** What will run, for the checks before the first write; once it is planned. */
  brings(observed: ObservedService): RegisterTaskDefinitionRequest | TaskDefinition | undefined;
  /** Images of what the job brings; once it is planned. */
  images(observed: ObservedService): readonly string[];
  /** Tags of the trail that the new revision and the service get; once it is planned. */
  trail(observed: ObservedService): readonly Tag[];
}

/** A job whose service was looked at, with the plan that it comes to. */
export interface Planned {
  readonly job: Job;
  readonly observed: ObservedService;
  readonly plan: Plan;
}

/** What AWS calls a service. */
export interface ServiceName {
  readonly cluster: string;
  readonly serviceName: string;
}

/** A key for one service of a run: `cluster/service`. */
export function keyOf({ cluster, serviceName }: ServiceName): string {
  return `${cluster}/${serviceName}`;
}

/**
 * Two templates of one service would be two rollouts, of which one replaces the other.
 *
 * @throws InvalidInputError
 */
export function refuseTwins(jobs: readonly Job[]): void {
  const names = new Map<string, string>();
  for (const { name, serviceName, cluster } of jobs) {
    const key = keyOf({ serviceName, cluster: shortName(cluster) });
    const other = names.get(key);
    if (other !== undefined) {
      throw new InvalidInputError(
        `Templates ${other} and ${name} both name service ${serviceName} in cluster ${shortName(cluster)}. Give one of them another serviceName or cluster, or name only one of them. Nothing was changed.`,
      );
    }
    names.set(key, name);
  }
}
