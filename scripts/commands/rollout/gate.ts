/** Runs work as soon as there is room for it, first come first served. */
export type Gate = <Answer>(work: () => Promise<Answer>) => Promise<Answer>;

/** Lets so many pieces of work go on at a time. */
export function gate(width: number): Gate {
  let room = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (room > 0) room -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) room += 1;
      else next();
    }
  };
}
