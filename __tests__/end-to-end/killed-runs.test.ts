import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy } from "../helpers/deploy-command.ts";
import { differences, KillScenarios, scenarios } from "../helpers/kill-scenarios.ts";
import { everyMoment, lazily, momentsToTry, type Moment } from "../helpers/killed-runs.ts";
import { settingsFor } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
const speed = 400;
/** Of the runs' clocks: their polls see as much of a rollout as they would on AWS, and no more. */
const runSpeed = 40;
const lanes = 4;

let local: LocalForTests;
let folder: string;
let plays: KillScenarios;
let cases = 0;
let possible = 0;

const release = "ssm:DeleteParameters";
const look = "ecs:DescribeServices";
const never: Moment = { when: "after", name: "none", nth: 1 };

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-killed-"));
  // Rates are by the wall clock, and this is a month of deployments in two minutes.
  local = await startLocalForTests({ speed, throttle: false });
  const { outputs } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 0,
    instanceType: "t3.small",
  });
  const subnets = (outputs.get("private-subnet-ids") ?? "").split(",");
  plays = new KillScenarios(settingsFor(local, local.region, 5), subnets, folder, runSpeed);
  // The launcher bundles what is out of date; the runs then start the bundle itself.
  await deploy(["--version"], { endpoint: local.endpoint });
}, 2 * minutes);

afterAll(async () => {
  process.stdout.write(
    `killed runs: ${cases} cases of ${possible} in all; SLIPWAY_KILL_CASES=all takes every one\n`,
  );
  await local.stop();
  await rm(folder, { recursive: true, force: true });
}, minutes);

describe("a run that is killed before or after any of its calls, and run again, ends as one that was not killed", () => {
  test.each(scenarios)(
    "$name",
    async (scenario) => {
      const unkilled = await plays.play(scenario);
      expect(unkilled.ending).toMatchObject({ exitCode: scenario.exitCode });
      for (const state of Object.values(unkilled.ending.services)) {
        expect(state).toMatchObject({ running: 1, locks: [], suspended: [] });
      }

      // Where the run had given its lock back it was over, and the next one is simply the command's second run.
      const twice = lazily(() => plays.play(scenario, never));
      const every = everyMoment(unkilled.first.calls);
      const moments = momentsToTry(every);
      const played = await pLimit(lanes).map(moments, async (moment) => {
        const { first, ending, said } = await plays.play(scenario, moment);
        const killed = first.killedAt !== undefined;
        const over = !killed || (moment.when === "after" && moment.name === release);
        const different = differences((over ? await twice() : unkilled).ending, ending);
        const what = `${moment.when} ${moment.name} ${moment.nth}`;
        const wrong = different.length === 0 ? [] : [`${what}: ${different.join("; ")}\n${said}`];
        return { moment, killed, wrong };
      });
      const late = played.filter(({ killed }) => !killed);
      process.stdout.write(
        `killed runs: ${scenario.name}: ${moments.length} cases of ${every.length}, ${late.length} of them over before their call came\n`,
      );
      cases += moments.length;
      possible += every.length;
      expect(played.flatMap(({ wrong }) => wrong)).toEqual([]);
      // Runs differ only in how often they look.
      expect(late.filter(({ moment }) => moment.name !== look).map(({ moment }) => moment)).toEqual([]);
    },
    60 * minutes,
  );
});
