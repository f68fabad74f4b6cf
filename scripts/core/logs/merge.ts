/** Something with a moment. */
interface Timed {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * One stream of lines out of several, oldest first, holding no more than a page of each.
 *
 * @param sources pages of lines, each source's oldest first
 */
export async function* mergeByTime<Line extends Timed>(
  sources: readonly AsyncIterable<readonly Line[]>[],
): AsyncGenerator<Line> {
  const readers = await Promise.all(
    sources.map(async (pages) => {
      const lines = flatten(pages);
      return { lines, head: await lines.next() };
    }),
  );
  for (;;) {
    let next: (typeof readers)[number] | undefined;
    let line: Line | undefined;
    for (const reader of readers) {
      if (reader.head.done === true) continue;
      if (line !== undefined && reader.head.value.at >= line.at) continue;
      next = reader;
      line = reader.head.value;
    }
    if (next === undefined || line === undefined) return;
    yield line;
    next.head = await next.lines.next();
  }
}

async function* flatten<Line>(pages: AsyncIterable<readonly Line[]>): AsyncGenerator<Line, undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}
