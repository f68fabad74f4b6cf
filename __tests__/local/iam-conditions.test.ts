/**
 * Condition operators, after reference_policies_elements_condition_operators.html and, for sets of values,
 * reference_policies_condition-single-vs-multi-valued-context-keys.html and reference_policies_multi-value-conditions.html
 * of the IAM User Guide.
 */
import { describe, expect, test } from "@jest/globals";

import { holds } from "../../scripts/local/iam/conditions.ts";
import { lookupIn, type Context } from "../../scripts/local/iam/pattern.ts";

function check(operator: string, expected: string | string[], context: Context): boolean {
  const lookup = lookupIn(context);
  return holds({ operator, key: "aws:Key", values: [expected].flat() }, lookup, lookup);
}

const arn = "arn:aws:ecs:us-east-1:123456789012:cluster/test";

describe("an operator compares one value of the call with those of the policy", () => {
  test.each<[operator: string, expected: string | string[], actual: string, result: boolean]>([
    ["StringEquals", "a", "a", true],
    ["StringEquals", "a", "A", false],
    ["StringEquals", "a*", "abc", false],
    ["StringEquals", ["x", "a"], "a", true],
    ["StringNotEquals", "a", "a", false],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringNotEquals", ["a", "b"], "c", true],
    ["StringEqualsIgnoreCase", "aB", "Ab", true],
    ["StringNotEqualsIgnoreCase", "aB", "Ab", false],
    ["StringLike", "a*c?", "abbcd", true],
    ["StringLike", "a*", "Abc", false],
    ["StringLike", "a.c", "abc", false],
    ["StringNotLike", ["a*", "b*"], "bc", false],
    ["StringNotLike", ["a*", "b*"], "cd", true],
    ["NumericEquals", "10", "10.0", true],
    ["NumericNotEquals", "10", "10", false],
    ["NumericLessThan", "10", "9", true],
    ["NumericLessThan", "10", "10", false],
    ["NumericLessThanEquals", "10", "10", true],
    ["NumericGreaterThan", "10", "9", false],
    ["NumericGreaterThanEquals", "10", "10", true],
    ["NumericLessThan", "10", "ten", false],
    ["DateGreaterThan", "2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", true],
    ["DateLessThan", "2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z", false],
    ["DateEquals", "2025-01-01T01:00:00+01:00", "2025-01-01T00:00:00Z", true],
    ["DateNotEquals", "2025-01-01", "2025-01-01T00:00:00Z", false],
    ["DateLessThanEquals", "1735689600", "2025-01-01T00:00:00Z", true],
    ["DateGreaterThanEquals", "2025-01-01", "1735689599", false],
    ["Bool", "true", "TRUE", true],
    ["Bool", "true", "false", false],
    ["BinaryEquals", "QmluYXJ5", "QmluYXJ5", true],
    ["BinaryEquals", "QmluYXJ5", "qmluyxj5", false],
    ["IpAddress", "203.0.113.0/24", "203.0.113.7", true],
    ["IpAddress", "203.0.113.7", "203.0.113.7", true],
    ["IpAddress", "203.0.113.0/24", "203.0.114.7", false],
    ["IpAddress", "2001:db8::/32", "2001:db8::1", true],
    ["IpAddress", "203.0.113.0/24", "2001:db8::1", false],
    ["IpAddress", "not an address", "203.0.113.7", false],
    ["NotIpAddress", ["10.0.0.0/8", "203.0.113.0/24"], "203.0.113.7", false],
    ["NotIpAddress", "10.0.0.0/8", "203.0.113.7", true],
    ["ArnEquals", arn, arn, true],
    ["ArnEquals", "arn:aws:ecs:*:123456789012:cluster/t?st", arn, true],
    ["ArnLike", "arn:aws:ecs:*:*:cluster/*", arn, true],
    ["ArnLike", "arn:*:cluster/test", arn, false],
    ["ArnLike", "arn:aws:ecs:*:*:task-definition/web:*", "arn:aws:ecs:r:1:task-definition/web:3", true],
    ["ArnLike", "arn:aws:ecs:*", arn, false],
    ["ArnNotEquals", arn, arn, false],
    ["ArnNotLike", "arn:aws:ecs:*:*:cluster/prod", arn, true],
    ["StringEqual", "a", "a", false],
  ])("%s %j of %j: %s", (operator, expected, actual, result) => {
    expect(check(operator, expected, { "aws:Key": actual })).toBe(result);
  });

  test("finds the key in any case of its name", () => {
    expect(check("StringEquals", "a", { "AWS:kEY": "a" })).toBe(true);
  });
});

describe("a key that the call does not have", () => {
  test.each([
    ["StringEquals", false],
    ["StringLike", false],
    ["NumericLessThan", false],
    ["DateLessThan", false],
    ["Bool", false],
    ["IpAddress", false],
    ["ArnLike", false],
    ["StringNotEquals", true],
    ["StringNotLike", true],
    ["NumericNotEquals", true],
    ["NotIpAddress", true],
    ["ArnNotLike", true],
    ["StringEqualsIfExists", true],
    ["BoolIfExists", true],
    ["ArnLikeIfExists", true],
    ["ForAllValues:StringEquals", true],
    ["ForAnyValue:StringEquals", false],
    ["ForAnyValue:StringNotEquals", false],
    ["ForAnyValue:StringEqualsIfExists", true],
  ])("makes %s %s", (operator, result) => {
    expect(check(operator, "1", {})).toBe(result);
  });

  test("is Null, as an empty set is, and one with a value is not", () => {
    expect(check("Null", "true", {})).toBe(true);
    expect(check("Null", "false", {})).toBe(false);
    expect(check("Null", "true", { "aws:Key": [] })).toBe(true);
    expect(check("Null", "true", { "aws:Key": "" })).toBe(false);
    expect(check("Null", "false", { "aws:Key": "x" })).toBe(true);
  });

  test("is no excuse for IfExists once it is there", () => {
    expect(check("StringEqualsIfExists", "a", { "aws:Key": "b" })).toBe(false);
  });
});

describe("a key with several values", () => {
  test.each<[operator: string, values: string[], result: boolean]>([
    ["ForAllValues:StringEquals", ["a", "b"], true],
    ["ForAllValues:StringEquals", ["a", "x"], false],
    ["ForAllValues:StringEquals", [], true],
    ["ForAnyValue:StringEquals", ["x", "b"], true],
    ["ForAnyValue:StringEquals", ["x", "y"], false],
    ["ForAnyValue:StringEquals", [], false],
    ["ForAllValues:StringNotEquals", ["x", "y"], true],
    ["ForAllValues:StringNotEquals", ["x", "a"], false],
    ["ForAnyValue:StringNotEquals", ["a", "x"], true],
    ["ForAnyValue:StringNotEquals", ["a", "b"], false],
    ["forallvalues:stringlike", ["a", "b"], true],
    ["StringNotEquals", ["x", "a"], false],
  ])("%s a and b, of %j: %s", (operator, values, result) => {
    expect(check(operator, ["a", "b"], { "aws:Key": values })).toBe(result);
  });
});

describe("policy variables in conditions", () => {
  test("are replaced in texts and ARNs, and never hold where they have no value", () => {
    const context = { "aws:Key": "ann", "aws:username": "ann" };
    expect(check("StringEquals", "${aws:username}", context)).toBe(true);
    expect(check("StringLike", "${aws:username}*", { ...context, "aws:Key": "annika" })).toBe(true);
    expect(
      check("ArnLike", "arn:aws:iam::*:user/${aws:username}", {
        ...context,
        "aws:Key": "arn:aws:iam::123456789012:user/ann",
      }),
    ).toBe(true);
    expect(check("StringEquals", "${aws:username}", { "aws:Key": "" })).toBe(false);
    expect(check("StringNotEquals", "${aws:username}", { "aws:Key": "x" })).toBe(true);
  });
});
