/** Small steps that bring a structure into its comparable form. */

/** A structure of ECS whose members are looked at by name. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of a structure, none for anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** With what AWS fills in where a member is left out. */
export function filled(structure: unknown, defaults: Members): Members {
  const given = membersOf(structure);
  const missing = Object.entries(defaults).filter(
    ([name]) => given[name] === undefined || given[name] === null,
  );
  return { ...given, ...Object.fromEntries(missing) };
}

/** Without the members that say what holds without them. */
export function withoutDefaults(structure: unknown, defaults: Members): Members {
  return Object.fromEntries(
    Object.entries(membersOf(structure)).filter(
      ([name, value]) => !(Object.hasOwn(defaults, name) && defaults[name] === value),
    ),
  );
}

/** The structure with some of its members brought into another form, where they are there. */
export function changedMembers(
  structure: Members,
  changes: Readonly<Record<string, (value: unknown) => unknown>>,
): Members {
  const changed = Object.entries(changes).flatMap(([name, change]) =>
    structure[name] === undefined || structure[name] === null
      ? []
      : [[name, change(structure[name])] as const],
  );
  return { ...structure, ...Object.fromEntries(changed) };
}

/** A change of each element of a list; anything but a list is left alone. */
export function each(change: (element: unknown) => unknown): (list: unknown) => unknown {
  return (list) => (Array.isArray(list) ? list.map(change) : list);
}
