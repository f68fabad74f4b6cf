import { mkdtemp } from "node:fs/promises";
import path from "node:path";

import { ECSClient } from "@aws-sdk/client-ecs";

import { startApiProxy, type FaultShares, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import { EndStates, type EndState } from "./end-state.ts";
import { startBundle } from "./killed-runs.ts";
import type { ClientSettings } from "./local-admin.ts";
import { breaker, bringUp, takeDown, writeTemplates, type OwnService } from "./steady-services.ts";

/** What a service is updated to, and what has to become of it. */
export interface Fate {
  readonly name: string;
  readonly image: string;
  readonly withBreaker: boolean;
  readonly fails: boolean;
  readonly state: Pick<EndState, "deployments" | "activeRevisions" | "rollouts">;
}

const stays = ["PRIMARY COMPLETED 1/1 of revision 1"];

/** A good image, one that is there already, and one that crashes, with and without a circuit breaker. */
export const fates = {
  good: {
    name: "good",
    image: "app:2",
    withBreaker: true,
    fails: false,
    state: {
      deployments: ["PRIMARY COMPLETED 1/1 of revision 2"],
      activeRevisions: 2,
      rollouts: ["SUCCESSFUL", "SUCCESSFUL"],
    },
  },
  unchanged: {
    name: "unchanged",
    image: "app:1",
    withBreaker: true,
    fails: false,
    state: { deployments: stays, activeRevisions: 1, rollouts: ["SUCCESSFUL"] },
  },
  rolledBackByEcs: {
    name: "crashing, rolled back by ECS",
    image: "app:2-crash",
    withBreaker: true,
    fails: true,
    state: { deployments: stays, activeRevisions: 2, rollouts: ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] },
  },
  rolledBackByUs: {
    name: "crashing, rolled back by the run",
    image: "app:2-crash",
    withBreaker: false,
    fails: true,
    state: { deployments: stays, activeRevisions: 2, rollouts: ["SUCCESSFUL", "STOPPED", "SUCCESSFUL"] },
  },
} as const satisfies Record<string, Fate>;

/** One run of the deploy script: of one service or of several. */
export interface ChaosRun {
  readonly fates: readonly Fate[];
  readonly seed: number;
}

export interface ChaosResult {
  /** One sentence for each update that did not end as it had to. */
  readonly wrong: readonly string[];
  readonly calls: readonly ProxiedCall[];
}

export interface ChaosSettings {
  readonly settings: ClientSettings;
  readonly subnets: readonly string[];
  readonly folder: string;
  readonly runSpeed: number;
  readonly faults: Omit<FaultShares, "seed">;
}

/** Brings services up, updates them in one run whose calls meet faults, and says what did not end as it had to. */
export async function playChaos(
  run: ChaosRun,
  { settings, subnets, folder, runSpeed, faults }: ChaosSettings,
): Promise<ChaosResult> {
  const ecs = new ECSClient(settings);
  const templates = await mkdtemp(path.join(folder, "chaos-"));
  const services = run.fates.map((fate, index) => ({ fate, name: `chaos${run.seed}-${index}` }));
  await Promise.all(
    services.map(async ({ fate, name }, index) => {
      const own: OwnService = {
        name,
        subnets,
        image: fate.image,
        // None waits for one that fails, so that every update comes to its turn.
        ...(index > 0 && run.fates[0]?.fails === false ? { dependsOn: [`chaos${run.seed}-0`] } : {}),
        ...(fate.withBreaker ? { deploymentConfiguration: breaker } : {}),
      };
      await writeTemplates(templates, own);
      await bringUp(ecs, own, ["app:1"]);
    }),
  );
  const proxy = await startApiProxy({ endpoint: settings.endpoint, faults: { ...faults, seed: run.seed } });
  try {
    const args = ["update", "--all", "--templates", templates, "--timeout", "1h"];
    const { exitCode, stdout, stderr } = await startBundle({ args, speed: runSpeed }, proxy.endpoint);
    const wanted = run.fates.some(({ fails }) => fails) ? 1 : 0;
    const states = new EndStates(settings);
    const wrong: string[] = [];
    for (const { fate, name } of services) {
      const state = await states.of(name, "app");
      const { deployments, activeRevisions, rollouts, locks } = state ?? {};
      const seen = JSON.stringify({ deployments, activeRevisions, rollouts, locks, exitCode });
      const expected = JSON.stringify({ ...fate.state, locks: [], exitCode: wanted });
      if (seen !== expected) {
        wrong.push(`${name} (${fate.name}) came to ${seen} and not ${expected}\n${stdout}\n${stderr}`);
      }
    }
    await Promise.all(services.map(({ name }) => takeDown(ecs, name)));
    return { wrong, calls: proxy.calls };
  } finally {
    await proxy.stop();
  }
}
