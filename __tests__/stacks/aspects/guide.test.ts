import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { ruleIds } from "../../../scripts/core/hardening/rule-ids.ts";
import { withHardeningTable } from "../../../scripts/generate/hardening-table.ts";

const guide = readFileSync(new URL("../../../docs/hardening.md", import.meta.url), "utf8");

test("the guide's table is that of the rules (else: npm run generate)", () => {
  expect(guide).toBe(withHardeningTable(guide));
});

test("the guide names every rule", () => {
  expect(ruleIds.filter((id) => !guide.includes(`| \`${id}\``))).toEqual([]);
});
