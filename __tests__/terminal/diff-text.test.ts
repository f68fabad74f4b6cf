import { describe, expect, test } from "@jest/globals";

import { differences, type Difference } from "../../scripts/core/diff/compare.ts";
import { diffText } from "../../scripts/terminal/diff-text.ts";
import type { Paint } from "../../scripts/terminal/paint.ts";

const same = (text: string): string => text;
const plain: Paint = { good: same, bad: same, warning: same, faint: same, strong: same };

function shown(found: readonly Difference[], notes: readonly string[] = []): string {
  const differing = found.map((one) => ({ document: "service" as const, ...one }));
  return diffText(
    [{ service: "web", cluster: "test", revision: "web:3", differences: differing, notes }],
    plain,
  );
}

describe("a diff is read without colours", () => {
  test("as one line where there is none", () => {
    expect(shown([], ["A note."])).toBe(
      "web in cluster test: no difference to what runs (web:3).\n  A note.\n",
    );
  });

  test("by its signs, with short values behind their paths", () => {
    expect(
      shown([
        { path: "desiredCount", kind: "changed", from: 2, to: 3 },
        { path: "propagateTags", kind: "added", to: "SERVICE" },
        { path: "subnets[s-1]", kind: "removed", from: "s-1" },
      ]),
    ).toBe(
      [
        "web in cluster test: 3 differences to what runs (web:3).",
        "  service",
        "  ~ desiredCount: 2 → 3",
        '  + propagateTags: "SERVICE"',
        "  - subnets[s-1]",
        "",
      ].join("\n"),
    );
  });

  test("word by word of a command, and line by line of a long text", () => {
    const command = (...words: string[]): object => ({ command: [...words, "x".repeat(60)] });
    expect(shown(differences(command("a", "b"), command("a", "c"), ""))).toContain(
      `  ~ command\n        "a"\n      - "b"\n      + "c"\n        "${"x".repeat(60)}"`,
    );
    expect(shown([{ path: "value", kind: "changed", from: "a\nb\nc", to: "a\nd\nc" }])).toContain(
      "  ~ value\n        a\n      - b\n      + d\n        c",
    );
    const long = "one ".repeat(20);
    expect(shown([{ path: "value", kind: "changed", from: `${long}a`, to: `${long}b` }])).toContain(
      `  ~ value\n      - ${long}a\n      + ${long}b`,
    );
  });

  test("with the words that differ set off where there are colours", () => {
    const long = "one ".repeat(20);
    const marked: Paint = { ...plain, strong: (text) => `<${text}>` };
    const difference = {
      document: "service" as const,
      path: "v",
      kind: "changed" as const,
      from: `${long}a`,
      to: `${long}b`,
    };
    const text = diffText(
      [{ service: "w", cluster: "c", revision: "w:1", differences: [difference], notes: [] }],
      marked,
    );
    expect(text).toContain(`- ${long}<a>`);
    expect(text).toContain(`+ ${long}<b>`);
  });

  test("as a block where a whole container is new, each of its lines with the sign", () => {
    const text = shown([
      { path: "containerDefinitions[a]", kind: "added", to: { name: "a", command: ["x"] } },
    ]);
    expect(text).toContain('  + containerDefinitions[a]\n      + {\n      +   "name": "a",');
  });

  test("as everything new where there is no service yet", () => {
    const fresh = {
      service: "web",
      cluster: "test",
      notes: [],
      differences: [{ document: "service" as const, path: "desiredCount", kind: "added" as const, to: 1 }],
    };
    expect(diffText([fresh], plain)).toContain(
      "web in cluster test: does not exist yet, so everything is new.",
    );
  });
});
