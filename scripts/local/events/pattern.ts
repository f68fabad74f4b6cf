/**
 * Whether an event is one that a rule's pattern asks for.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

/** A pattern that EventBridge would refuse, or that has what the local AWS does not know. */
export class PatternError extends Error {}

/**
 * Compares an event with a pattern. A field that the pattern does not name may be anything; one that is a list in the
 * event fits if any of its entries does.
 *
 * @throws PatternError for what is no pattern, rather than letting an event pass or drop by guesswork
 */
export function matches(pattern: JsonObject, event: JsonObject): boolean {
  const { $or: either, ...fields } = pattern;
  const all = Object.entries(fields).every(([name, wanted]) => fieldMatches(wanted, name, event));
  if (!all || either === undefined) return all;
  if (!isList(either) || either.length < 2) throw new PatternError("$or needs two patterns or more.");
  return either.some((one) => matches(objectOf(one), event));
}

function fieldMatches(wanted: Json, name: string, event: JsonObject): boolean {
  const found = event[name];
  if (isList(wanted)) {
    if (wanted.length === 0) throw new PatternError(`${name}: an empty list matches nothing.`);
    return wanted.some((filter) => passes(filter, found));
  }
  if (!isObject(wanted)) throw new PatternError(`${name} must be an object or a list.`);
  // Of a list of objects any one may match, as AWS lays them flat.
  const objects = (isList(found) ? found : [found ?? {}]).filter(isObject);
  return (objects.length === 0 ? [{}] : objects).some((inner) => matches(wanted, inner));
}

function passes(filter: Json, found: Json | undefined): boolean {
  if (!isObject(filter)) return valuesOf(found).some((value) => value === filter);
  const [[operator, operand] = ["", null], ...more] = Object.entries(filter);
  if (more.length > 0)
    throw new PatternError(`One operator at a time, not ${Object.keys(filter).join(", ")}.`);
  if (operator === "exists") return operand === (found !== undefined && !isObject(found));
  return valuesOf(found).some((value) => compares(operator, operand, value));
}

function compares(operator: string, operand: Json, value: Json): boolean {
  switch (operator) {
    case "prefix":
      return typeof value === "string" && value.startsWith(textOf(operand, operator));
    case "suffix":
      return typeof value === "string" && value.endsWith(textOf(operand, operator));
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === textOf(operand, operator).toLowerCase();
    case "wildcard":
      return typeof value === "string" && wildcard(textOf(operand, operator)).test(value);
    case "anything-but":
      return isObject(operand)
        ? !passes(operand, value)
        : !(isList(operand) ? operand : [operand]).includes(value);
    default:
      throw new PatternError(`The local AWS does not know the operator "${operator}" of event patterns.`);
  }
}

function wildcard(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

function textOf(operand: Json, operator: string): string {
  if (typeof operand !== "string") throw new PatternError(`${operator} takes a text.`);
  return operand;
}

/** What a field has to compare: nothing where it is missing or an object. */
function valuesOf(found: Json | undefined): readonly Json[] {
  if (found === undefined || isObject(found)) return [];
  return isList(found) ? found : [found];
}

function objectOf(value: Json): JsonObject {
  if (!isObject(value)) throw new PatternError("$or takes patterns.");
  return value;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
