import { readFileSync } from "node:fs";
import path from "node:path";

import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import { projectRoot } from "../../scripts/project-root.ts";
import type { Strategy } from "../helpers/example-surroundings.ts";
import { ExampleWorld } from "../helpers/example-world.ts";

jest.setTimeout(400_000);

const guide = readFileSync(path.join(projectRoot(), "docs", "strategies.md"), "utf8");

/** The blocks that a shell is to run, by the heading that they stand under. */
const blocks = new Map(
  guide
    .split(/^## /m)
    .slice(1)
    .map((section): [string, readonly string[]] => [
      section.slice(0, section.indexOf("\n")),
      [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block),
    ]),
);

/** Which version answers once all of a section's blocks have run: each ends as its text says. */
const sections: readonly { heading: string; strategy: Strategy; answers: string }[] = [
  { heading: "Rolling", strategy: "rolling", answers: "hello:1.0.0" },
  { heading: "A service per deployment", strategy: "stage", answers: "hello:1.2.0" },
  { heading: "CodeDeploy", strategy: "codedeploy", answers: "hello:1.2.0" },
  { heading: "ECS's own", strategy: "native", answers: "hello:1.1.0" },
];

describe("docs/strategies.md", () => {
  let world: ExampleWorld | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  test("has its commands under the headings that are run here", () => {
    const withBlocks = [...blocks].filter(([, found]) => found.length > 0).map(([heading]) => heading);
    expect(withBlocks).toEqual(sections.map(({ heading }) => heading));
  });

  test.each(sections)(
    "every command of $heading works as it stands",
    async ({ heading, strategy, answers }) => {
      world = await ExampleWorld.start([strategy], 120);
      for (const block of blocks.get(heading) ?? []) {
        const ran = await execa("bash", ["-euo", "pipefail", "-c", block], {
          cwd: world.project.folder,
          env: world.variables(),
          extendEnv: false,
          stdin: "ignore",
          reject: false,
          all: true,
        });
        // What it printed says why.
        expect({ block, exitCode: ran.exitCode, ...(ran.exitCode !== 0 && { printed: ran.all }) }).toEqual({
          block,
          exitCode: 0,
        });
      }
      expect(await world.answering(await world.url())).toBe(answers);
    },
  );
});
