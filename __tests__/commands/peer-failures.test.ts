import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { projectRoot } from "../../scripts/project-root.ts";

/** Number of each of the failures that docs name, and how often a test has to name it. */
const sixteen = new Map(Array.from({ length: 16 }, (_, index) => [index + 1, index + 1 === 14 ? 2 : 1]));

test("each of the sixteen peer failures has a test by its number", async () => {
  const root = path.join(projectRoot(), "__tests__");
  const files = await readdir(root, { recursive: true });
  const sources = await Promise.all(
    files.filter((file) => file.endsWith(".test.ts")).map((file) => readFile(path.join(root, file), "utf8")),
  );
  const titles = sources.flatMap((source) => [
    ...source.matchAll(/\b(?:test|describe)\(\s*["'`](?:peer )?failure (\d+)[,:] /g),
  ]);
  const named = titles.map(([, number]) => Number(number));
  const missing = [...sixteen].filter(
    ([number, times]) => named.filter((one) => one === number).length < times,
  );
  expect(missing.map(([number]) => number)).toEqual([]);
});
