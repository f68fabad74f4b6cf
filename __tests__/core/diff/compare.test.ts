import { describe, expect, test } from "@jest/globals";

import { differences } from "../../../scripts/core/diff/compare.ts";

const paths = (from: unknown, to: unknown, path = ""): string[] =>
  differences(from, to, path).map((found) => `${found.kind} ${found.path}`);

describe("two documents differ", () => {
  test("not where one leaves out what is empty in the other", () => {
    expect(paths({ a: [], b: {}, c: null, d: { e: [] } }, {})).toEqual([]);
  });

  test("where one has an empty text and the other none", () => {
    expect(paths({}, { user: "" })).toEqual(["added user"]);
    expect(paths({ user: "" }, {})).toEqual(["removed user"]);
  });

  test("where one says zero or false and the other nothing", () => {
    expect(paths({ a: 0, b: false }, {})).toEqual(["removed a", "removed b"]);
  });

  test("with the environment's variables named, whatever their order", () => {
    const from = {
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
        { name: "C", value: "3" },
      ],
    };
    const to = {
      environment: [
        { name: "D", value: "4" },
        { name: "B", value: "x" },
        { name: "A", value: "1" },
      ],
    };
    expect(differences(from, to, "")).toEqual([
      { path: "environment[D]", kind: "added", to: "4" },
      { path: "environment[B]", kind: "changed", from: "2", to: "x" },
      { path: "environment[C]", kind: "removed", from: "3" },
    ]);
  });

  test("by which of two values of one name comes last", () => {
    const variables = (...values: string[]): object => ({
      environment: values.map((value) => ({ name: "A", value })),
    });
    expect(paths(variables("1", "2"), variables("2", "1"))).toEqual([
      "changed environment[A]",
      "changed environment[A#2]",
    ]);
    expect(paths(variables("1"), variables("1", "2"))).toEqual(["added environment[A#2]"]);
  });

  test("not where a variable or tag without a value has an empty one", () => {
    expect(paths({ tags: [{ key: "a" }] }, { tags: [{ key: "a", value: "" }] })).toEqual([]);
  });

  test("in the order of a command's words, and of nothing that is a set", () => {
    expect(paths({ command: ["a", "b"] }, { command: ["b", "a"] })).toEqual(["changed command"]);
    expect(paths({ subnets: ["a", "b"] }, { subnets: ["b", "a", "b"] })).toEqual([]);
    expect(paths({ subnets: ["a", "b"] }, { subnets: ["b", "c"] })).toEqual([
      "added subnets[c]",
      "removed subnets[a]",
    ]);
  });

  test("by the two protocols of one port", () => {
    const both = [
      { containerPort: 53, protocol: "tcp" },
      { containerPort: 53, protocol: "udp" },
    ];
    expect(paths({ portMappings: both }, { portMappings: both.toReversed() })).toEqual([]);
    expect(paths({ portMappings: both }, { portMappings: both.slice(1) })).toEqual([
      "removed portMappings[53/tcp]",
    ]);
  });

  test("in a label whose name has dots, shown in brackets", () => {
    expect(paths({ dockerLabels: { "a.b": "1" } }, { dockerLabels: { "a.b": "2" } })).toEqual([
      "changed dockerLabels[a.b]",
    ]);
  });

  test("in a label that is called like an inherited property", () => {
    const label = JSON.parse('{"dockerLabels": {"__proto__": "1", "constructor": "2", "x": "y"}}') as object;
    expect(paths({ dockerLabels: { x: "y" } }, label)).toEqual([
      "added dockerLabels[__proto__]",
      "added dockerLabels[constructor]",
    ]);
  });

  test("once for a structure that is there on one side alone", () => {
    expect(differences({}, { healthCheck: { command: ["a"], retries: 3 } }, "")).toEqual([
      { path: "healthCheck", kind: "added", to: { command: ["a"], retries: 3 } },
    ]);
  });

  test("where a value is of another kind", () => {
    expect(paths({ a: "1" }, { a: 1 })).toEqual(["changed a"]);
    expect(paths({ a: ["x"] }, { a: { x: "y" } })).toEqual(["changed a"]);
  });

  test("in what AWS filled in only where that is a list or a structure", () => {
    const filledIn = { filledIn: true };
    expect(differences({ namespace: "n", port: 1 }, { port: 1 }, "", filledIn)).toEqual([]);
    expect(differences({ port: 1, tls: { kmsKey: "k" } }, { port: 1 }, "", filledIn)).toHaveLength(1);
    expect(differences({ port: 1, subnets: ["s"] }, { port: 1 }, "", filledIn)).toHaveLength(1);
  });
});
