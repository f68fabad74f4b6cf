import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { everyMoment, momentsToTry, type Moment } from "../helpers/killed-runs.ts";
import { playStage, stageDifferences, stageScenarios } from "../helpers/stage-kill-scenarios.ts";
import { StageWorld } from "../helpers/stage-world.ts";

const minutes = 60_000;
/** Of the local AWS and of the runs' clocks: rollouts in a moment, and polls about as often as on AWS. */
const speed = 400;
const runSpeed = 40;
const lanes = 4;
/** Applications that the environments file knows, one for each play. */
const applications = 500;

let world: StageWorld;
let played = 0;
let cases = 0;
let possible = 0;

const never: Moment = { when: "after", name: "none", nth: 1 };
/** Looks, of which runs differ in how many they take. */
const looks = new Set(["ecs:DescribeServices", "elasticloadbalancing:DescribeTargetHealth"]);

function nextApplication(): string {
  played += 1;
  if (played > applications) throw new Error("The environments file knows too few applications.");
  return `case${played}x`;
}

beforeAll(async () => {
  const names = Array.from({ length: applications }, (_, index) => `case${index + 1}x`);
  world = await StageWorld.start(speed, { runSpeed, applications: names });
}, 2 * minutes);

afterAll(async () => {
  process.stdout.write(
    `killed stagings and teardowns: ${cases} cases of ${possible} in all; SLIPWAY_KILL_CASES=all takes every one\n`,
  );
  await world.stop();
}, minutes);

describe("a staging or a teardown that is killed before or after any of its calls, and run again, ends as one that was not killed", () => {
  test.each(stageScenarios)(
    "$name",
    async (scenario) => {
      const unkilled = await playStage(world, scenario, nextApplication());
      expect(unkilled.ending).toMatchObject({ exitCode: scenario.exitCode, locks: [] });
      expect(unkilled.ending.scaled).toHaveLength(scenario.scaled);
      const twice = await playStage(world, scenario, nextApplication(), never);
      // The command again finds nothing to do, or nothing left, or fails as it did.
      expect(stageDifferences(unkilled.ending, twice.ending)).toEqual([]);
      const every = everyMoment(unkilled.first.calls);
      const moments = momentsToTry(every);
      const plays = await pLimit(lanes).map(moments, async (moment) => {
        const { first, ending, said } = await playStage(world, scenario, nextApplication(), moment);
        const different = stageDifferences(unkilled.ending, ending);
        const what = `${moment.when} ${moment.name} ${moment.nth}`;
        const wrong = different.length === 0 ? [] : [`${what}: ${different.join("; ")}\n${said}`];
        return { moment, killed: first.killedAt !== undefined, wrong };
      });
      const late = plays.filter(({ killed }) => !killed);
      process.stdout.write(
        `killed runs: ${scenario.name}: ${moments.length} cases of ${every.length}, ${late.length} of them over before their call came\n`,
      );
      cases += moments.length;
      possible += every.length;
      expect(plays.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(late.filter(({ moment }) => !looks.has(moment.name)).map(({ moment }) => moment)).toEqual([]);
    },
    60 * minutes,
  );
});
