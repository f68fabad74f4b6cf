import type { State } from "../world/state.ts";

/** A request that has been sent to a target and is not answered in full, or a WebSocket that is open. */
export interface Exchange {
  readonly groupArn: string;
  /** The target as `id:port`. */
  readonly targetKey: string;
  /** Ends it at once: its client gets 502, or a closed connection when the answer has begun. */
  readonly cut: () => void;
}

/** What is under way between a region's load balancers and their targets. */
export class InFlight {
  readonly #byTarget = new Map<string, Set<Exchange>>();

  /** @returns what ends the count */
  add(exchange: Exchange): () => void {
    const key = keyOf(exchange.groupArn, exchange.targetKey);
    const exchanges = this.#byTarget.get(key) ?? new Set();
    this.#byTarget.set(key, exchanges.add(exchange));
    return () => {
      exchanges.delete(exchange);
      if (exchanges.size === 0 && this.#byTarget.get(key) === exchanges) this.#byTarget.delete(key);
    };
  }

  /** How many there are with a target. */
  count(groupArn: string, targetKey: string): number {
    return this.#byTarget.get(keyOf(groupArn, targetKey))?.size ?? 0;
  }

  /**
   * Cuts what is left with targets whose deregistration delay has just ended.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
   */
  cutDeregistered({ elb: now }: State, { elb: before }: State): void {
    if (now.targets === before.targets) return;
    for (const exchanges of [...this.#byTarget.values()]) {
      for (const { groupArn, targetKey, cut } of [...exchanges]) {
        const target = before.targets[groupArn]?.[targetKey];
        const noDelay = before.targetGroups[groupArn]?.deregistrationDelaySeconds === 0;
        const over = target && !now.targets[groupArn]?.[targetKey];
        if (over && (target.state === "draining" || noDelay)) cut();
      }
    }
  }
}

function keyOf(groupArn: string, targetKey: string): string {
  return `${groupArn} ${targetKey}`;
}
