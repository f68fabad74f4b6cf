/**
 * What the state has decided and moto is told after it, one thing after the other.
 */
export class MotoWrites {
  readonly #log: (message: string) => void;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** Tells moto something once it has been told all before. It never rejects: what goes wrong is logged. */
  write(work: () => Promise<unknown>): Promise<unknown> {
    this.#count += 1;
    this.#last = this.#last.then(work).catch((error: unknown) => {
      this.#log(`error writing to moto: ${String(error)}`);
    });
    return this.#last;
  }

  /** Resolves when moto has been told all that was decided before. */
  get told(): Promise<unknown> {
    return this.#last;
  }

  /** Reads from moto what holds all that was written to it, also while it was read. */
  async readAfter<Model>(read: () => Promise<Model>): Promise<Model> {
    for (;;) {
      await this.#last;
      const count = this.#count;
      const model = await read();
      if (count === this.#count) return model;
    }
  }
}
