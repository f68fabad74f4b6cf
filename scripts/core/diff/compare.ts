/** Compares two documents of ECS by what they mean, member by member. */
import { elementsByName, isMap, shownElement } from "./lists.ts";

/** One place in which two documents differ. A value that is absent is undefined, on one side at most. */
export interface Difference {
  /** In AWS's field names, with list elements by name, as in `containerDefinitions[app].environment[LOG_LEVEL]`. */
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly from?: unknown;
  readonly to?: unknown;
}

/** How a pair of documents is compared. */
interface Comparison {
  /**
   * Whether AWS may have filled in values of its own: a plain value that only the left side has is no difference
   * then. Whole lists and structures are never filled in, nor are some members that only people set.
   */
  readonly filledIn: boolean;
}

/** Plain members of a service's structures that mean something by being there, so that AWS never makes one up. */
const onlyByPeople: ReadonlySet<string> = new Set(["ingressPortOverride", "snapshotId", "testListenerRule"]);

/**
 * What has to change in `from` to give `to`; empty when both mean the same. Absent, null, an empty list and an empty
 * structure are alike, and the order of lists counts only where it has a meaning. An empty text is a value.
 *
 * @param path where the two stand; its last member says what kind of list they are
 */
export function differences(
  from: unknown,
  to: unknown,
  path: string,
  comparison: Comparison = { filledIn: false },
): readonly Difference[] {
  return compare(meaningful(from), meaningful(to), path, memberOf(path), comparison);
}

function compare(
  from: unknown,
  to: unknown,
  path: string,
  member: string,
  comparison: Comparison,
): readonly Difference[] {
  if (from === undefined && to === undefined) return [];
  if (isStructure(from ?? {}) && isStructure(to ?? {}) && (isStructure(from) || isStructure(to))) {
    if (path !== "" && (from === undefined || to === undefined)) return [leaf(from, to, path)];
    return compareMembers(from, to, path, member, comparison);
  }
  if (Array.isArray(from ?? []) && Array.isArray(to ?? [])) {
    const left = elementsByName(member, (from ?? []) as readonly unknown[]);
    const right = elementsByName(member, (to ?? []) as readonly unknown[]);
    if (left !== undefined && right !== undefined) {
      return unionOf([...right.keys()], [...left.keys()]).flatMap((name) =>
        compareElements(left, right, name, `${path}[${name}]`, member, comparison),
      );
    }
  }
  const mayBeFilledIn = comparison.filledIn && !onlyByPeople.has(member);
  if (to === undefined && mayBeFilledIn && (typeof from !== "object" || from === null)) return [];
  return stable(from) === stable(to) ? [] : [leaf(from, to, path)];
}

function compareMembers(
  from: unknown,
  to: unknown,
  path: string,
  member: string,
  comparison: Comparison,
): readonly Difference[] {
  const left = (from ?? {}) as Readonly<Record<string, unknown>>;
  const right = (to ?? {}) as Readonly<Record<string, unknown>>;
  return unionOf(Object.keys(right), Object.keys(left)).flatMap((name) => {
    const inner = isMap(member) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    return compare(own(left, name), own(right, name), inner, isMap(member) ? "" : name, comparison);
  });
}

function compareElements(
  left: ReadonlyMap<string, unknown>,
  right: ReadonlyMap<string, unknown>,
  name: string,
  path: string,
  member: string,
  comparison: Comparison,
): readonly Difference[] {
  const [from, to] = [left, right].map((side) =>
    side.has(name) ? shownElement(member, side.get(name)) : undefined,
  );
  // An element without members is there all the same: an element cannot be left out to mean its default.
  if (left.has(name) !== right.has(name)) return [leaf(from, to, path)];
  return compare(from, to, path, "", comparison);
}

function leaf(from: unknown, to: unknown, path: string): Difference {
  if (from === undefined) return { path, kind: "added", to };
  if (to === undefined) return { path, kind: "removed", from };
  return { path, kind: "changed", from, to };
}

/** The value without anything that means nothing; elements of lists stay, so that places keep their meaning. */
function meaningful(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value))
    return value.length === 0 ? undefined : value.map((item) => meaningful(item) ?? {});
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, meaningful(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A text that is the same for values that are, however their members are ordered. */
function stable(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    isStructure(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)),
        )
      : inner,
  );
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(structure: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(structure, name) ? structure[name] : undefined;
}

/** The template's order first, then what only the other side has. */
function unionOf(first: readonly string[], second: readonly string[]): readonly string[] {
  return [...new Set([...first, ...second])];
}

function memberOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
