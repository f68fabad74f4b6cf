/** The order in which services of a run are brought. */

/** A service and those that have to be there before it. */
export interface Ordered {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/**
 * The first circle among the dependencies, as in `["a", "b", "a"]`; undefined when there is none.
 *
 * @param services dependencies on what is not among them don't count
 */
export function circleIn(services: readonly Ordered[]): readonly string[] | undefined {
  const known = new Map(services.map((service) => [service.name, service]));
  const cleared = new Set<string>();
  const search = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    if (cleared.has(name)) return undefined;
    for (const dependency of known.get(name)?.dependsOn ?? []) {
      const circle = search(dependency, [...path, name]);
      if (circle !== undefined) return circle;
    }
    cleared.add(name);
    return undefined;
  };
  for (const { name } of services) {
    const circle = search(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
