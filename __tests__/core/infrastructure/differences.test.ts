import { expect, test } from "@jest/globals";

import { differences } from "../../../scripts/core/infrastructure/differences.ts";

test("two documents differ where their values do, and not in comments", () => {
  const left = { "//": { version: 1 }, resource: { a: [1, 2], same: { x: 1 } }, gone: true };
  const right = { "//": { version: 2 }, resource: { a: [1, 3], same: { x: 1 } }, made: null };
  expect(differences(left, right)).toEqual([
    { path: "resource.a.1", left: 2, right: 3 },
    { path: "gone", left: true, right: undefined },
    { path: "made", left: undefined, right: null },
  ]);
  expect(differences(left, left)).toEqual([]);
});
