import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { codeDeployDifferences, CodeDeployKills, codeDeployScenarios } from "../helpers/code-deploy-kills.ts";
import { CodeDeployWorld } from "../helpers/code-deploy-world.ts";
import { everyMoment, lazily, momentsToTry } from "../helpers/killed-runs.ts";

const minutes = 60_000;
const speed = 400;
/** Of the runs' clocks: their polls see about as much of a deployment as they would on AWS. */
const runSpeed = 100;
const lanes = 4;

let world: CodeDeployWorld;
let plays: CodeDeployKills;
let cases = 0;
let possible = 0;

beforeAll(async () => {
  world = await CodeDeployWorld.start(speed);
  plays = new CodeDeployKills(world, runSpeed);
}, 2 * minutes);

afterAll(async () => {
  process.stdout.write(
    `killed runs under CODE_DEPLOY: ${cases} cases of ${possible} in all; SLIPWAY_KILL_CASES=all takes every one\n`,
  );
  await world.stop();
}, minutes);

describe("a run on a service under CODE_DEPLOY that is killed before or after any of its calls, and run again, ends as one that was not killed", () => {
  test.each(codeDeployScenarios)(
    "$name",
    async (scenario) => {
      const unkilled = await plays.play(scenario);
      expect(unkilled.ending).toMatchObject({
        exitCode: scenario.exitCode,
        state: { locks: [], running: 1 },
      });
      const over = lazily(() => plays.play(scenario, { when: "after", name: "none", nth: 1 }));
      const every = everyMoment(unkilled.first.calls);
      const moments = momentsToTry(every);
      const wrong = await pLimit(lanes).map(moments, async (moment) => {
        const { first, ending, said } = await plays.play(scenario, moment);
        // Where it had given its lock back it was over, and the next one is the command's second run.
        const ended =
          first.killedAt === undefined || (moment.when === "after" && moment.name === "ssm:DeleteParameters");
        const different = codeDeployDifferences((ended ? await over() : unkilled).ending, ending);
        const what = `${moment.when} ${moment.name} ${moment.nth}`;
        return different.length === 0 ? [] : [`${what}: ${different.join("; ")}\n${said}`];
      });
      cases += moments.length;
      possible += every.length;
      process.stdout.write(
        `killed runs under CODE_DEPLOY: ${scenario.name}: ${moments.length} cases of ${every.length}\n`,
      );
      expect(wrong.flat()).toEqual([]);
    },
    60 * minutes,
  );
});
