import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { everyMoment, lazily, momentsToTry, type Moment } from "../helpers/killed-runs.ts";
import { NativeDeployWorld } from "../helpers/native-deploy-world.ts";
import { nativeDifferences, nativeScenarios, play } from "../helpers/native-kill-scenarios.ts";

const minutes = 60_000;
const speed = 400;
/** Of the runs' clocks: their polls see as much of a rollout as they would on AWS, and no more. */
const runSpeed = 40;
const lanes = 4;

let world: NativeDeployWorld;
let cases = 0;
let possible = 0;

const release = "ssm:DeleteParameters";
const never: Moment = { when: "after", name: "none", nth: 1 };

beforeAll(async () => {
  world = await NativeDeployWorld.start(speed);
}, 2 * minutes);

afterAll(async () => {
  process.stdout.write(
    `killed native runs: ${cases} cases of ${possible} in all; SLIPWAY_KILL_CASES=all takes every one\n`,
  );
  await world.stop();
}, minutes);

describe("a run that is killed before or after any of its calls, and run again, ends as one that was not killed", () => {
  test.each(nativeScenarios)(
    "$name",
    async (scenario) => {
      const unkilled = await play(world, scenario, runSpeed);
      expect(`${unkilled.ending.exitCode ?? "none"} ${unkilled.said}`).toMatch(
        new RegExp(`^${scenario.exitCode} `),
      );
      expect(unkilled.ending.services["web"]).toMatchObject({ locks: [], suspended: [] });

      // Where the run had given its lock back it was over, and the next one is simply the command's second run.
      const twice = lazily(() => play(world, scenario, runSpeed, never));
      const every = everyMoment(unkilled.first.calls);
      const moments = momentsToTry(every);
      const played = await pLimit(lanes).map(moments, async (moment) => {
        const { first, ending, said } = await play(world, scenario, runSpeed, moment);
        const killed = first.killedAt !== undefined;
        const over = !killed || (moment.when === "after" && moment.name === release);
        const different = nativeDifferences((over ? await twice() : unkilled).ending, ending);
        const what = `${moment.when} ${moment.name} ${moment.nth}`;
        const wrong = different.length === 0 ? [] : [`${what}: ${different.join("; ")}\n${said}`];
        return { killed, wrong };
      });
      const late = played.filter(({ killed }) => !killed);
      process.stdout.write(
        `killed native runs: ${scenario.name}: ${moments.length} cases of ${every.length}, ${late.length} of them over before their call came\n`,
      );
      cases += moments.length;
      possible += every.length;
      expect(played.flatMap(({ wrong }) => wrong)).toEqual([]);
    },
    60 * minutes,
  );
});
