import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { formatProblem } from "../../scripts/core/problem.ts";
import { base, cases, edited } from "../helpers/broken-environments.ts";

/** What is said of a file: a line each, without the file's name. */
function saidOf(text: string): string[] {
  const parsed = parseEnvironments(text);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem({ file: "", ...problem }).slice(1));
}

describe("a broken environments file is told what is wrong, where, what is allowed and what to do", () => {
  test("and nothing is said of the file that the broken ones come from", () => {
    expect(saidOf(base)).toEqual([]);
  });

  test.each(cases)("%s", (_title, edits, said) => {
    expect(saidOf(edited(edits))).toEqual(said);
  });

  test("each of them is broken in a way of its own", () => {
    const all = cases.map(([, , said]) => said.join("\n"));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(50);
  });
});
