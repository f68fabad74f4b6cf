import type { PlannedChange } from "./plan-json.ts";

/** A resource that would be destroyed and made again under another address, though it is most likely the same one. */
export interface SuggestedMove {
  readonly from: string;
  readonly to: string;
}

/** So much of what the new one is given has to be as the old one has it. */
const enough = 0.6;

/**
 * Finds what was renamed: something of a type is destroyed because it is no longer in the configuration, and something
 * of the same type is made that is given mostly the same. The most alike belong together.
 */
export function findMoves(resources: readonly PlannedChange[]): SuggestedMove[] {
  const gone = resources.filter(({ change }) => change.actions.join() === "delete");
  const made = resources.filter(({ change }) => change.actions.join() === "create");
  const pairs = gone.flatMap((from) =>
    made
      .filter(({ type }) => type === from.type)
      .map((to) => ({ from: from.address, to: to.address, likeness: likeness(from, to) }))
      .filter((pair) => pair.likeness >= enough),
  );
  const taken = new Set<string>();
  return pairs
    .toSorted((left, right) => right.likeness - left.likeness)
    .filter(({ from, to }) => {
      const free = !taken.has(`from ${from}`) && !taken.has(`to ${to}`);
      if (free) taken.add(`from ${from}`).add(`to ${to}`);
      return free;
    })
    .map(({ from, to }) => ({ from, to }));
}

/** The share of the new one's known arguments that the old one has as well, from 0 to 1. */
function likeness(from: PlannedChange, to: PlannedChange): number {
  const before = entriesOf(from.change.before);
  const given = [...entriesOf(to.change.after)].filter(([, value]) => value !== null);
  if (given.length === 0) return 1;
  const same = given.filter(([name, value]) => JSON.stringify(before.get(name)) === JSON.stringify(value));
  return same.length / given.length;
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
