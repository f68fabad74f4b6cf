import type { Evaluation } from "./evaluate.ts";

/** What was decided of one action on one resource, and by which statements of the caller's own policies. */
export interface Decision {
  /** ARN of who asked. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Evaluation["decision"];
  /** Names of the statements that allow it: where there is one, it would be refused without it. */
  readonly allowedBy: readonly string[];
}

/** Keeps what was decided, each once, so that a policy can be held against what was made of it. */
export class Decisions {
  readonly #kept = new Map<string, Decision>();

  add(decision: Decision): void {
    this.#kept.set(JSON.stringify(Object.values(decision)), decision);
  }

  list(): readonly Decision[] {
    return [...this.#kept.values()];
  }

  forget(): void {
    this.#kept.clear();
  }
}
