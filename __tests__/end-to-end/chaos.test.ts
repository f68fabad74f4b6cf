import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pLimit from "p-limit";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { fates, playChaos, type ChaosRun, type ChaosSettings, type Fate } from "../helpers/chaos.ts";
import { deploy } from "../helpers/deploy-command.ts";
import { settingsFor } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

const minutes = 60_000;
const lanes = 6;
const { good, unchanged, rolledBackByEcs, rolledBackByUs } = fates;

/** Of all calls: 20 % throttled, 5 % answered with 500, 5 % cut, half of them after their effect. */
const faults = { throttled: 0.2, failed: 0.05, reset: 0.025, dropped: 0.025 };

/** A hundred updates: sixty runs of one service, and eight runs of five, where all others depend on the first. */
const single: readonly Fate[] = [
  good,
  good,
  good,
  good,
  good,
  good,
  unchanged,
  unchanged,
  rolledBackByEcs,
  rolledBackByUs,
];
const fleets: readonly (readonly Fate[])[] = [
  [good, good, good, unchanged, good],
  [good, rolledBackByEcs, good, unchanged, rolledBackByUs],
  [unchanged, good, good, good, good],
  [rolledBackByUs, good, good, unchanged, good],
];
const runs: readonly ChaosRun[] = [
  ...[...fleets, ...fleets],
  ...Array.from({ length: 6 }, () => single.map((fate) => [fate])).flat(),
].map((of, index) => ({ fates: of, seed: index + 1 }));

let local: LocalForTests;
let folder: string;
let settings: ChaosSettings;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-chaos-"));
  local = await startLocalForTests({ speed: 200, throttle: false });
  const { outputs } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 0,
    instanceType: "t3.small",
  });
  const subnets = (outputs.get("private-subnet-ids") ?? "").split(",");
  settings = { settings: settingsFor(local, local.region, 5), subnets, folder, runSpeed: 20, faults };
  await deploy(["--version"], { endpoint: local.endpoint });
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

test(
  "with 20 % of calls throttled, 5 % answered by 500 and 5 % cut, 100 updates of 100 end in the right exit code and state",
  async () => {
    const results = await pLimit(lanes).map(runs, (run) => playChaos(run, settings));
    const calls = results.flatMap((result) => result.calls);
    const wrong = results.flatMap((result) => result.wrong);
    const updates = runs.flatMap((run) => run.fates).length;
    const met = (kind: string): number => calls.filter(({ fault }) => fault === kind).length;
    const kinds = ["throttle", "error", "reset", "drop-after-effect"].map((kind) => `${met(kind)} ${kind}`);
    process.stdout.write(
      `chaos: ${updates - wrong.length} of ${updates} updates right, ${runs.length} runs; ${calls.length} calls, of these ${kinds.join(", ")}\n`,
    );
    expect(wrong).toEqual([]);
    expect(updates).toBe(100);
    expect(calls.filter(({ fault }) => fault !== undefined).length / calls.length).toBeGreaterThan(0.25);
  },
  8 * minutes,
);
