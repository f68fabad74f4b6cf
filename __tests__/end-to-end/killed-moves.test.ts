import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { everyMoment, lazily, momentsToTry, type Moment } from "../helpers/killed-runs.ts";
import { MoveKills, moveScenarios } from "../helpers/move-kills.ts";
import { MoveWorld } from "../helpers/move-world.ts";

const minutes = 60_000;
const speed = 200;
/** Of the runs' clocks: they look less often than all of AWS's time would let them. */
const runSpeed = 40;
const lanes = 3;

let world: MoveWorld;
let plays: MoveKills;
let cases = 0;
let possible = 0;

/** Right before a call the run is where it was right after the last one that wrote. */
const release = "ssm:DeleteParameters";
const never: Moment = { when: "after", name: "none", nth: 1 };

beforeAll(async () => {
  const applications = Array.from({ length: 2_000 }, (_, index) => `case${index}`);
  world = await MoveWorld.start(speed, applications);
  plays = new MoveKills(world, runSpeed);
}, 2 * minutes);

afterAll(async () => {
  process.stdout.write(
    `killed moves: ${cases} cases of ${possible} in all; SLIPWAY_KILL_CASES=all takes every one\n`,
  );
  await world.stop();
}, minutes);

describe("a move of traffic that is killed before or after any of its calls, and run again, ends as one that was not", () => {
  test.each(moveScenarios)(
    "$name",
    async (scenario) => {
      const unkilled = await plays.play(scenario);
      expect({ exitCode: unkilled.exitCode, said: unkilled.said }).toEqual({
        exitCode: scenario.exitCode,
        said: unkilled.said,
      });
      expect(unkilled.state.locks).toEqual([]);
      if (scenario.alarmed === true) expect(unkilled.state.tags["fresh"]).toContain("failed-at");

      // Where the run had given its lock back it was over, and the next one is simply the command's second run.
      const twice = lazily(() => plays.play(scenario, never));
      const every = everyMoment(unkilled.first.calls);
      const moments = momentsToTry(every);
      const played = await pLimit(lanes).map(moments, async (moment) => {
        const { first, exitCode, state, said } = await plays.play(scenario, moment);
        const killed = first.killedAt !== undefined;
        const over = !killed || (moment.when === "after" && moment.name === release);
        const expected = over ? await twice() : unkilled;
        const isAsExpected = JSON.stringify(state) === JSON.stringify(expected.state);
        // A second run finds nothing staged where the first one had put the traffic back.
        const codes = scenario.alarmed === true ? [1, 4] : [expected.exitCode];
        const wrong =
          isAsExpected && codes.includes(exitCode)
            ? []
            : [
                `${moment.when} ${moment.name} ${moment.nth}: exit code ${exitCode ?? "none"}\n${JSON.stringify(state)}\nnot\n${JSON.stringify(expected.state)}\n${said}`,
              ];
        return { moment, killed, wrong };
      });
      const late = played.filter(({ killed }) => !killed);
      process.stdout.write(
        `killed moves: ${scenario.name}: ${moments.length} cases of ${every.length}, ${late.length} of them over before their call came\n`,
      );
      cases += moments.length;
      possible += every.length;
      expect(played.flatMap(({ wrong }) => wrong)).toEqual([]);
    },
    60 * minutes,
  );
});
