import { hostsLike } from "./hosts.ts";
import type { Host, Rollout, RolloutEnd } from "./model.ts";
import { simulate } from "./simulate.ts";
import { waysOut } from "./ways-out.ts";

/** How far a capacity provider with managed scaling may add hosts. */
export interface Growth {
  readonly provider: string;
  /** Hosts up to the maximum of its auto-scaling group. */
  readonly mayAdd: number;
}

/** Hosts of a cluster and what is about to happen there. */
export interface ClusterLoad {
  /** In the order in which they registered. */
  readonly hosts: readonly Host[];
  /** Of all services of the run that use hosts of this cluster. */
  readonly rollouts: readonly Rollout[];
  readonly growth: readonly Growth[];
}

/** What comes of one service's rollout. */
export type Forecast = { readonly service: string; readonly everUnplaced: boolean } & (
  | { readonly kind: "fits" }
  /** Managed scaling adds hosts, and then it fits. */
  | { readonly kind: "grows"; readonly provider: string; readonly hosts: number }
  /** Managed scaling adds hosts whose size is not known, since there is none yet. */
  | { readonly kind: "growsFromNothing"; readonly provider: string; readonly mayAdd: number }
  | {
      readonly kind: "stuck";
      readonly rollout: Rollout;
      readonly end: RolloutEnd;
      /** What would get it through, each tried by the same simulation. */
      readonly ways: readonly string[];
    }
);

/**
 * Whether the rollouts get through, all of a cluster's together since they share its hosts.
 *
 * @returns one forecast a rollout, in their order
 */
export function forecast({ hosts, rollouts, growth }: ClusterLoad): readonly Forecast[] {
  const grown = grow(hosts, rollouts, growth);
  const ends = simulate([...hosts, ...grown.flatMap(({ added }) => added)], rollouts);
  return rollouts.map((rollout, index): Forecast => {
    const { service } = rollout;
    const end = ends[index];
    const base = { service, everUnplaced: end?.everUnplaced === true };
    const managed = rollout.strategy.find(({ isManaged }) => isManaged)?.provider;
    const room = growth.find(({ provider }) => provider === managed);
    if (end?.isStuck !== true) {
      const help = grown.find(({ provider, services }) => provider === managed && services.has(service));
      return help === undefined
        ? { ...base, kind: "fits" }
        : { ...base, kind: "grows", provider: help.provider, hosts: help.added.length };
    }
    const unknownSize = room !== undefined && !hosts.some((host) => host.capacityProvider === room.provider);
    if (unknownSize && room.mayAdd > 0) {
      return { ...base, kind: "growsFromNothing", provider: room.provider, mayAdd: room.mayAdd };
    }
    return { ...base, kind: "stuck", rollout, end, ways: waysOut({ hosts, rollouts }, rollout) };
  });
}

interface Grown {
  readonly provider: string;
  readonly added: readonly Host[];
  /** That were stuck without. */
  readonly services: ReadonlySet<string>;
}

/** The fewest hosts of each capacity provider that get its services through. */
function grow(
  hosts: readonly Host[],
  rollouts: readonly Rollout[],
  growth: readonly Growth[],
): readonly Grown[] {
  const grown: Grown[] = [];
  for (const { provider, mayAdd } of growth) {
    const like = largestOf(hosts, provider);
    const known = [...hosts, ...grown.flatMap(({ added }) => added)];
    const uses = ({ strategy }: Rollout): boolean =>
      strategy.some((item) => item.isManaged && item.provider === provider);
    const stuckWith = (count: number): ReadonlySet<string> => {
      const added = like === undefined ? [] : hostsLike(like, count);
      const ends = simulate([...known, ...added], rollouts);
      return new Set(
        ends
          .filter((end, index) => end.isStuck && rollouts[index] && uses(rollouts[index]))
          .map(({ service }) => service),
      );
    };
    const services = stuckWith(0);
    if (like === undefined || services.size === 0 || mayAdd <= 0) continue;
    const left = stuckWith(mayAdd);
    if (left.size === services.size) continue;
    const count = fewest(mayAdd, (tried) => stuckWith(tried).size <= left.size);
    const helped = new Set([...services].filter((service) => !left.has(service)));
    grown.push({ provider, added: hostsLike(like, count), services: helped });
  }
  return grown;
}

/** The least number from 1 to `most` that will do, given that `most` does and that more never do worse. */
function fewest(most: number, will: (count: number) => boolean): number {
  let [low, high] = [1, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (will(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The host with the most memory that a service with this capacity provider may use. */
function largestOf(hosts: readonly Host[], provider: string | undefined): Host | undefined {
  return hosts
    .filter((host) => provider === undefined || host.capacityProvider === provider)
    .toSorted((one, other) => other.whole.memoryMiB - one.whole.memoryMiB)[0];
}
