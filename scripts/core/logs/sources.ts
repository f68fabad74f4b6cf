import type { LogPlace } from "./places.ts";

/** Streams of one log group that share a prefix, and whose containers are wanted. */
export interface WantedStreams {
  readonly group: string;
  readonly region?: string;
  readonly prefix: string;
  readonly containers: readonly string[];
  /** What every wanted stream's name begins with. */
  readonly streamPrefix: string;
}

/**
 * The fewest searches for the lines of some containers: those that share a group and a prefix are searched together.
 *
 * @param task an id, or its beginning
 */
export function wantedStreams(
  places: readonly LogPlace[],
  task: string | undefined,
): readonly WantedStreams[] {
  const byPrefix = new Map<string, { place: LogPlace; prefix: string; containers: Set<string> }>();
  for (const place of places) {
    const { group, region = "", streamPrefix, container } = place;
    if (streamPrefix === undefined) continue;
    const key = JSON.stringify([group, region, streamPrefix]);
    const known = byPrefix.get(key) ?? { place, prefix: streamPrefix, containers: new Set() };
    known.containers.add(container);
    byPrefix.set(key, known);
  }
  return [...byPrefix.values()].map(({ place: { group, region }, prefix, containers }) => {
    const [only, ...more] = containers;
    const streamPrefix = more.length > 0 ? `${prefix}/` : `${prefix}/${only ?? ""}/${task ?? ""}`;
    return {
      group,
      prefix,
      containers: [...containers],
      streamPrefix,
      ...(region === undefined ? {} : { region }),
    };
  });
}
