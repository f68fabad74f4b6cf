import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { lockName } from "../../scripts/core/lock/name.ts";
import { boundedText, entryText, parseEntry, type LockEntry } from "../../scripts/core/lock/record.ts";

const text = fc.string({ unit: "binary", maxLength: 2_000 });
const entry = fc.record<LockEntry>({
  run: fc.string({ minLength: 1 }),
  owner: text.map((owner) => boundedText(owner, 200)),
  purpose: text.map((purpose) => boundedText(purpose)),
  since: fc.constant("2026-01-01T00:00:00.000Z"),
  heartbeat: fc.string({ minLength: 1 }),
  serial: fc.nat(),
});

describe("a lock's record", () => {
  test("is read as it was written, and Parameter Store never takes it for a reference", () => {
    fc.assert(
      fc.property(entry, (written) => {
        const value = entryText(written);
        expect(parseEntry(value)).toEqual(written);
        expect(value).not.toContain("{{");
      }),
    );
  });

  test.each(["", "{", "[]", "null", '{"run":""}', '{"run":1}'])("is not %j", (value) => {
    expect(parseEntry(value)).toBeUndefined();
  });

  test("keeps two long purposes with the same beginning apart", () => {
    const long = "update api to ".padEnd(3_000, "x");
    expect(boundedText(`${long}1`)).not.toBe(boundedText(`${long}2`));
    expect(boundedText(long).length).toBeLessThan(1_100);
  });

  test("has one name for a cluster given by name or by ARN", () => {
    const name = "/slipway/prod/locks/main/api";
    expect(lockName("prod", "main", "api")).toBe(name);
    expect(lockName("prod", "arn:aws:ecs:us-east-1:111122223333:cluster/main", "api")).toBe(name);
  });
});
