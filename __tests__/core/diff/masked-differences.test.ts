import { describe, expect, test } from "@jest/globals";

import { differences } from "../../../scripts/core/diff/compare.ts";
import { maskedDifference } from "../../../scripts/core/diff/masked-differences.ts";

const shown = (from: object, to: object): unknown => differences(from, to, "").map(maskedDifference);
const container = (...environment: readonly { name: string; value: string }[]): object => ({
  containerDefinitions: [{ name: "app", environment }],
});

describe("a difference in a secret", () => {
  test("says that it has changed and not what it is", () => {
    const path = "containerDefinitions[app].environment[DB_PASSWORD]";
    const [old, fresh] = ["hunter2", "hunter3"].map((value) => container({ name: "DB_PASSWORD", value }));
    expect(shown(old ?? {}, fresh ?? {})).toEqual([
      { path, kind: "changed", from: "(masked)", to: "(masked, changed)" },
    ]);
    expect(shown(container(), fresh ?? {})).toEqual([
      { path: "containerDefinitions[app].environment[DB_PASSWORD]", kind: "added", to: "(masked)" },
    ]);
  });

  test("that comes for an empty one shows that it was empty", () => {
    const [empty, full] = ["", "x"].map((value) => container({ name: "TOKEN", value }));
    expect(shown(empty ?? {}, full ?? {})).toMatchObject([{ from: "", to: "(masked)" }]);
  });

  test("under a name that was given twice is hidden both times", () => {
    const twice = (value: string): object =>
      container({ name: "TOKEN", value: "a1" }, { name: "TOKEN", value });
    expect(JSON.stringify(shown(twice("b1"), twice("c1")))).not.toMatch(/b1|c1/);
  });

  test("within a part of a URL or a command leaves the rest to be read", () => {
    const url = (password: string): object =>
      container({ name: "DATABASE_URL", value: `postgres://a:${password}@db/x` });
    expect(shown(url("old"), url("new"))).toMatchObject([
      { from: "postgres://a:(masked)@db/x", to: "postgres://a:(masked, changed)@db/x" },
    ]);
    expect(
      shown({ command: ["x", "--token", "old"] }, { command: ["x", "--token", "new", "-v"] }),
    ).toMatchObject([
      { from: ["x", "--token", "(masked)"], to: ["x", "--token", "(masked, changed)", "-v"] },
    ]);
  });

  test("in a tag, a label or a log option is hidden by its name", () => {
    const of = (value: string): object => ({
      tags: [{ key: "api-key", value }],
      containerDefinitions: [
        {
          name: "a",
          dockerLabels: { "x.token": value },
          logConfiguration: { options: { "splunk-token": value } },
        },
      ],
    });
    const text = JSON.stringify(shown(of("s3cr3t-1"), of("s3cr3t-2")));
    expect(text).not.toContain("s3cr3t");
    expect(text.match(/masked, changed/g)).toHaveLength(3);
  });

  test("is none where only the reference to a secret changes", () => {
    const secrets = (valueFrom: string): object => ({ secrets: [{ name: "DB_PASSWORD", valueFrom }] });
    expect(shown(secrets("/a/password"), secrets("/b/password"))).toEqual([
      { path: "secrets[DB_PASSWORD]", kind: "changed", from: "/a/password", to: "/b/password" },
    ]);
  });
});
