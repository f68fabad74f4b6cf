/** Plain JSON, as AWS's inputs and answers are once undefined members are left out. */
type Json =
  string | number | boolean | null | undefined | Date | readonly Json[] | { readonly [key: string]: Json };

/** Lists whose order means nothing to ECS, by member name, with what identifies an element. */
const unordered: Readonly<Record<string, string>> = {
  containerDefinitions: "name",
  environment: "name",
  secrets: "name",
  portMappings: "containerPort",
  mountPoints: "containerPath",
  volumes: "name",
  ulimits: "name",
  systemControls: "namespace",
  tags: "key",
  loadBalancers: "targetGroupArn",
  capacityProviderStrategy: "capacityProvider",
  requiresCompatibilities: "",
  subnets: "",
  securityGroups: "",
  alarmNames: "",
};

/**
 * One form for everything that means the same to ECS: absent, null, an empty list and an empty structure are alike,
 * and lists without an order are sorted. For comparing only: what is sent keeps its empty values.
 */
function canonical(value: unknown): unknown {
  return canonicalMember(value as Json, "");
}

function canonicalMember(value: Json, member: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return canonicalList(value as readonly Json[], member);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([key, inner]) => [key, canonicalMember(inner, key)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([left], [right]) => compareText(left, right));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function canonicalList(list: readonly Json[], member: string): unknown {
  if (list.length === 0) return undefined;
  const items = list.map((item) => canonicalMember(item, "") ?? {});
  const identity = unordered[member];
  if (identity === undefined) return items;
  const keyed = items.map((item) => ({ item, key: sortKey(item, identity) }));
  return keyed.sort((left, right) => compareText(left.key, right.key)).map(({ item }) => item);
}

function sortKey(item: unknown, identity: string): string {
  const named =
    typeof item === "object" && item !== null ? (item as Record<string, unknown>)[identity] : item;
  return `${JSON.stringify(named)} ${JSON.stringify(item)}`;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whether two values mean the same to ECS. */
export function sameMeaning(left: unknown, right: unknown): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

/**
 * Whether everything that `wanted` asks for already holds in `observed`, which may hold more: AWS fills in defaults
 * that a template does not mention.
 */
export function alreadyHolds(wanted: unknown, observed: unknown): boolean {
  return covers(canonical(wanted), canonical(observed));
}

function covers(wanted: unknown, observed: unknown): boolean {
  if (wanted === undefined) return observed === undefined || !Array.isArray(observed);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(observed) || observed.length !== wanted.length) return false;
    return wanted.every((item, index) => covers(item, observed[index]));
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === observed;
  if (typeof observed !== "object" || observed === null || Array.isArray(observed)) return false;
  const members = observed as Record<string, unknown>;
  return Object.entries(wanted).every(([key, inner]) => covers(inner, members[key]));
}
