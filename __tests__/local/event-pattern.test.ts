import { describe, expect, test } from "@jest/globals";
import { matches } from "../../scripts/local/events/pattern.ts";
import { transformed } from "../../scripts/local/events/transform.ts";

/** Examples as in https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html. */
const event = {
  source: "aws.ec2",
  region: "us-east-1",
  resources: ["arn:one", "arn:two"],
  detail: {
    state: "Running",
    count: 3,
    empty: "",
    nothing: null,
    containers: [{ code: 0 }, { code: 1, name: "b" }],
  },
} as const;

type Pattern = Parameters<typeof matches>[0];

const fitting: readonly (readonly [title: string, pattern: Pattern])[] = [
  ["one of several values", { source: ["aws.ecs", "aws.ec2"] }],
  ["an entry of a list", { resources: ["arn:two"] }],
  ["a field of any object in a list", { detail: { containers: { code: [1] } } }],
  ["null and an empty text", { detail: { nothing: [null], empty: [""] } }],
  ["a beginning and an end", { source: [{ prefix: "aws." }], region: [{ suffix: "-1" }] }],
  ["a text in any case", { detail: { state: [{ "equals-ignore-case": "running" }] } }],
  ["a wildcard", { region: [{ wildcard: "us-*-1" }] }],
  ["anything but some values", { region: [{ "anything-but": ["eu-west-1", "us-east-2"] }] }],
  ["anything but a beginning", { region: [{ "anything-but": { prefix: "eu-" } }] }],
  [
    "a field that exists, and one that does not",
    { detail: { count: [{ exists: true }], other: [{ exists: false }] } },
  ],
  [
    "one of two patterns",
    { $or: [{ region: ["eu-west-1"] }, { detail: { count: [3] } }], source: ["aws.ec2"] },
  ],
];

const other: readonly (readonly [title: string, pattern: Pattern])[] = [
  ["another value", { source: ["aws.ecs"] }],
  ["a number for a text", { detail: { count: ["3"] } }],
  ["a missing field, even by what it may not be", { detail: { other: [{ "anything-but": ["x"] }] } }],
  ["one of its fields only", { source: ["aws.ec2"], region: ["eu-west-1"] }],
  ["neither of two patterns", { $or: [{ region: ["eu-west-1"] }, { detail: { count: [4] } }] }],
  ["a dot that is none", { region: [{ wildcard: "us.east.1" }] }],
  [
    "fields of two objects in a list as if they were one",
    { detail: { containers: { code: [0], name: ["b"] } } },
  ],
];

describe("an event", () => {
  test.each(fitting)("fits %s", (_title, pattern) => {
    expect(matches(pattern, event)).toBe(true);
  });

  test.each(other)("does not fit %s", (_title, pattern) => {
    expect(matches(pattern, event)).toBe(false);
  });

  test("is compared with no pattern that is wrong or not known here", () => {
    expect(() => matches({ source: "aws.ec2" }, event)).toThrow(/must be an object or a list/);
    expect(() => matches({ source: [] }, event)).toThrow(/empty list/);
    expect(() => matches({ detail: { count: [{ numeric: [">", 1] }] } }, event)).toThrow(
      /operator "numeric"/,
    );
  });

  test("becomes the text of a template, without what its paths do not find", () => {
    const text = transformed(event, {
      InputPathsMap: {
        one: "$.resources[1]",
        state: "$.detail.state",
        none: "$.detail.none",
        count: "$.detail.count",
      },
      InputTemplate: '"<one> is <state> <count><none> <unknown>"',
    });
    expect(text).toBe('"arn:two is Running 3 <unknown>"');
    expect(transformed(event, undefined)).toBe(JSON.stringify(event));
  });
});
