/**
 * Condition operators.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import ipaddr from "ipaddr.js";

import { fill, matchesArn, matchesText, type Lookup } from "./pattern.ts";
import type { Condition } from "./policy.ts";

/** Whether a value of the call is one that a value of the policy means. */
type Comparison = (expected: string, actual: string, variables: Lookup | null) => boolean;

interface Operator {
  readonly compare: Comparison;
  readonly negated: boolean;
}

const equals: Comparison = (expected, actual, variables) => fill(expected, variables) === actual;
const equalsInAnyCase: Comparison = (expected, actual, variables) =>
  fill(expected, variables)?.toLowerCase() === actual.toLowerCase();
const numeric =
  (holds: (difference: number) => boolean): Comparison =>
  (expected, actual) =>
    expected.trim() !== "" && actual.trim() !== "" && holds(Number(actual) - Number(expected));
const date =
  (holds: (difference: number) => boolean): Comparison =>
  (expected, actual) =>
    holds(instantOf(actual) - instantOf(expected));

const is = (compare: Comparison): Operator => ({ compare, negated: false });
const not = (compare: Comparison): Operator => ({ compare, negated: true });
const zero = (difference: number): boolean => difference === 0;
const below = (difference: number): boolean => difference < 0;
const atMost = (difference: number): boolean => difference <= 0;
const above = (difference: number): boolean => difference > 0;
const atLeast = (difference: number): boolean => difference >= 0;

/** By lower-case name; `Null` is apart, since it looks at the key alone. */
const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    StringEquals: is(equals),
    StringNotEquals: not(equals),
    StringEqualsIgnoreCase: is(equalsInAnyCase),
    StringNotEqualsIgnoreCase: not(equalsInAnyCase),
    StringLike: is(matchesText),
    StringNotLike: not(matchesText),
    NumericEquals: is(numeric(zero)),
    NumericNotEquals: not(numeric(zero)),
    NumericLessThan: is(numeric(below)),
    NumericLessThanEquals: is(numeric(atMost)),
    NumericGreaterThan: is(numeric(above)),
    NumericGreaterThanEquals: is(numeric(atLeast)),
    DateEquals: is(date(zero)),
    DateNotEquals: not(date(zero)),
    DateLessThan: is(date(below)),
    DateLessThanEquals: is(date(atMost)),
    DateGreaterThan: is(date(above)),
    DateGreaterThanEquals: is(date(atLeast)),
    Bool: is((expected, actual) => expected.toLowerCase() === actual.toLowerCase()),
    BinaryEquals: is((expected, actual) => expected === actual),
    IpAddress: is(inRange),
    NotIpAddress: not(inRange),
    ArnEquals: is(matchesArn),
    ArnLike: is(matchesArn),
    ArnNotEquals: not(matchesArn),
    ArnNotLike: not(matchesArn),
  }).map(([name, operator]) => [name.toLowerCase(), operator]),
);

function partsOf(name: string): { set: "all" | "any" | null; base: string; ifExists: boolean } {
  const [, prefix, base = "", suffix] = /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(
    name.toLowerCase(),
  ) ?? [name];
  const set = prefix === undefined ? null : prefix.startsWith("forall") ? "all" : "any";
  return { set, base, ifExists: suffix !== undefined };
}

/**
 * Whether a condition holds for a call. One with an operator that IAM does not know never does.
 *
 * @param variables how policy variables are replaced; null where the policy's version does not
 */
export function holds(condition: Condition, lookup: Lookup, variables: Lookup | null): boolean {
  const { set, base, ifExists } = partsOf(condition.operator);
  const actual = lookup(condition.key);
  const missing = actual === null || actual.length === 0;
  if (base === "null") {
    return condition.values.some((value) => (value.toLowerCase() === "true") === missing);
  }
  const operator = operators.get(base);
  if (!operator) return false;
  if (missing) return ifExists || set === "all" || (set === null && operator.negated);
  const meant = (value: string): boolean =>
    condition.values.some((expected) => operator.compare(expected, value, variables)) !== operator.negated;
  if (set === "all") return actual.every(meant);
  if (set === "any") return actual.some(meant);
  return operator.negated ? actual.every(meant) : actual.some(meant);
}

/** ISO 8601 or seconds since 1970, in milliseconds; NaN compares to nothing. */
function instantOf(value: string): number {
  return /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

function inRange(expected: string, actual: string): boolean {
  if (!ipaddr.isValid(actual)) return false;
  const address = ipaddr.process(actual);
  const range = expected.includes("/") ? expected : `${expected}/${expected.includes(":") ? 128 : 32}`;
  if (!ipaddr.isValidCIDR(range)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === address.kind() && address.match(network, bits);
}
