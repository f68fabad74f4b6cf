import { mkdtemp } from "node:fs/promises";
import path from "node:path";

import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { ECSClient } from "@aws-sdk/client-ecs";

import { EndStates, type EndState } from "./end-state.ts";
import { runAndKill, startBundle, type KilledRun, type Moment } from "./killed-runs.ts";
import type { ClientSettings } from "./local-admin.ts";
import { breaker, bringUp, takeDown, writeTemplates, type OwnService } from "./steady-services.ts";

/** A command, and what it finds. */
export interface Scenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly image: string;
  readonly exitCode: number;
  /** Names of the services, each with those that it depends on. */
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** What each service has run before. */
  readonly images: readonly string[];
  readonly withBreaker: boolean;
  readonly autoscaled?: boolean;
}

const one = { app: [] };
const update = { args: ["update"], image: "app:2", images: ["app:1"], services: one, withBreaker: true };

/** What is killed at every call. */
export const scenarios: readonly Scenario[] = [
  { ...update, name: "create", args: ["create"], image: "app:1", images: [], exitCode: 0 },
  { ...update, name: "update", exitCode: 0 },
  {
    ...update,
    name: "update with autoscaling suspended",
    args: ["update", "--suspend-autoscaling"],
    autoscaled: true,
    exitCode: 0,
  },
  { ...update, name: "rollback", args: ["rollback"], images: ["app:1", "app:2"], exitCode: 0 },
  {
    ...update,
    name: "update of a fleet of three",
    args: ["update", "--all"],
    services: { base: [], left: ["base"], right: ["base"] },
    exitCode: 0,
  },
  { ...update, name: "failing update that ECS rolls back", image: "app:2-crash-30", exitCode: 1 },
  {
    ...update,
    name: "failing update that the run rolls back",
    image: "app:2-crash-30",
    withBreaker: false,
    exitCode: 1,
  },
];

/** How a scenario ended: of the last run of the command, and what it left. */
export interface Ending {
  readonly exitCode: number | undefined;
  readonly services: Readonly<Record<string, EndState | undefined>>;
}

export interface Case {
  readonly first: KilledRun;
  readonly ending: Ending;
  /** What the last run said. */
  readonly said: string;
}

/** Plays scenarios on services of their own. */
export class KillScenarios {
  readonly #settings: ClientSettings;
  readonly #ecs: ECSClient;
  readonly #states: EndStates;
  readonly #subnets: readonly string[];
  readonly #folder: string;
  readonly #speed: number;
  #played = 0;

  /** @param speed of the runs' clocks: slower than the local AWS's, they ask it about as often as a run asks AWS */
  constructor(settings: ClientSettings, subnets: readonly string[], folder: string, speed: number) {
    this.#settings = settings;
    this.#ecs = new ECSClient(settings);
    this.#states = new EndStates(settings);
    this.#subnets = subnets;
    this.#folder = folder;
    this.#speed = speed;
  }

  /** Runs the scenario's command: once, or killed at the moment and once more. */
  async play(scenario: Scenario, moment?: Moment): Promise<Case> {
    this.#played += 1;
    const prefix = `case${this.#played}`;
    const roles = Object.keys(scenario.services);
    const templates = await mkdtemp(path.join(this.#folder, "templates-"));
    await Promise.all(
      roles.map(async (role) => {
        const own = this.#serviceOf(scenario, role, prefix);
        await writeTemplates(templates, own);
        await bringUp(this.#ecs, own, scenario.images);
        if (scenario.autoscaled === true) await this.#makeScalable(own.name);
      }),
    );
    const args = [...scenario.args, "--templates", templates, "--timeout", "1h"];
    const command = { args, image: scenario.image, speed: this.#speed };
    const first = await runAndKill(command, this.#settings.endpoint, moment);
    const last = moment === undefined ? first.finished : await startBundle(command, this.#settings.endpoint);
    const states = await Promise.all(
      roles.map(async (role) => [role, await this.#states.of(`${prefix}-${role}`, role)] as const),
    );
    await Promise.all(roles.map((role) => takeDown(this.#ecs, `${prefix}-${role}`)));
    return {
      first,
      ending: { exitCode: last.exitCode, services: Object.fromEntries(states) },
      said: `${last.stdout}\n${last.stderr}`,
    };
  }

  #serviceOf({ services, withBreaker }: Scenario, role: string, prefix: string): OwnService {
    const dependsOn = (services[role] ?? []).map((other) => `${prefix}-${other}`);
    return {
      name: `${prefix}-${role}`,
      subnets: this.#subnets,
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
      ...(withBreaker ? { deploymentConfiguration: breaker } : {}),
    };
  }

  async #makeScalable(name: string): Promise<void> {
    await new ApplicationAutoScalingClient(this.#settings).send(
      new RegisterScalableTargetCommand({
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: `service/test/${name}`,
        MinCapacity: 1,
        MaxCapacity: 4,
      }),
    );
  }
}

/** What differs, member by member; nothing where both came to the same. */
export function differences(expected: Ending, seen: Ending): readonly string[] {
  const found = expected.exitCode === seen.exitCode ? [] : [`exit code ${seen.exitCode ?? "none"}`];
  for (const [role, state] of Object.entries(expected.services)) {
    const other = seen.services[role];
    for (const member of Object.keys(state ?? {}) as (keyof EndState)[]) {
      const [wanted, got] = [state?.[member], other?.[member]].map((value) => JSON.stringify(value));
      if (wanted !== got) found.push(`${role}.${member} is ${got ?? "absent"} and not ${wanted ?? "absent"}`);
    }
  }
  return found;
}
