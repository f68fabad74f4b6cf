import { structureNamed, type FieldType, type Structure } from "../aws-model/model.ts";

/**
 * The value without the empty lists that AWS answers wherever a member was left out. Lists that the API insists on
 * stay, and so does everything else: an empty text is a value.
 *
 * @param structure what the API takes in this place
 */
export function withoutEmptyLists(value: object, structure: Structure): Readonly<Record<string, unknown>> {
  const members = Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (member === undefined || member === null) return [];
    const type = Object.hasOwn(structure.fields, name) ? structure.fields[name] : undefined;
    const optional = !structure.required.includes(name);
    if (optional && Array.isArray(member) && member.length === 0) return [];
    return [[name, inside(member, type)] as const];
  });
  return Object.fromEntries(members);
}

function inside(value: unknown, type: FieldType | undefined): unknown {
  if (typeof value !== "object" || value === null || typeof type !== "object") return value;
  if ("list" in type)
    return Array.isArray(value) ? value.map((item: unknown) => inside(item, type.list)) : value;
  return "structure" in type ? withoutEmptyLists(value, structureNamed(type.structure)) : value;
}
