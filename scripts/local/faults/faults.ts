import type { Fault, FaultRequest } from "./fault.ts";

interface Named {
  readonly service: string | null;
  readonly operation: string | null;
}

/** The faults in force, which decide for each call in the order in which they were asked for. */
export class Faults {
  #faults: Fault[] = [];
  #lastId = 0;

  list(): readonly Fault[] {
    return this.#faults;
  }

  add(request: FaultRequest): Fault {
    this.#lastId += 1;
    const fault: Fault = { ...request, id: this.#lastId, matched: 0, applied: 0 };
    this.#faults.push(fault);
    return fault;
  }

  /** Ends one fault, or all. @returns how many */
  remove(id?: number): number {
    const remaining = id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id);
    const removed = this.#faults.length - remaining.length;
    this.#faults = remaining;
    return removed;
  }

  /** The fault that happens to a call, and counts it; the first that fits. */
  next(call: Named): Fault | undefined {
    for (const [index, fault] of this.#faults.entries()) {
      if (!concerns(fault, call)) continue;
      const matched = fault.matched + 1;
      const happens = fault.applied < (fault.times ?? Infinity) && hits(fault, matched);
      const counted = { ...fault, matched, applied: fault.applied + (happens ? 1 : 0) };
      this.#faults[index] = counted;
      if (happens) return counted;
    }
    return undefined;
  }
}

function concerns({ service, operation }: FaultRequest, call: Named): boolean {
  return (
    (service === undefined || service === call.service) &&
    (operation === undefined || operation === call.operation)
  );
}

function hits({ calls, every, share, seed = 0 }: FaultRequest, count: number): boolean {
  if (calls) return calls.includes(count);
  if (every !== undefined) return count % every === 0;
  return share === undefined || draw(seed, count) < share;
}

/** The n-th number of a seed, from 0 to 1: the same in every run. */
function draw(seed: number, count: number): number {
  let mixed = (seed + Math.imul(count, 0x9e3779b9)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}
