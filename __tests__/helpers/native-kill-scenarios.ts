import { differences, type Ending } from "./kill-scenarios.ts";
import { runAndKill, startBundle, type KilledRun, type Moment } from "./killed-runs.ts";
import type { NativeDeployWorld } from "./native-deploy-world.ts";
import type { NativeSite, NativeTemplate } from "./native-templates.ts";

/** A command on a service whose traffic ECS shifts, and what it finds. */
export interface NativeScenario {
  readonly name: string;
  readonly args: readonly string[];
  readonly image: string;
  readonly exitCode: number;
  /** What the service has run before. */
  readonly images: readonly string[];
  /** An image whose deployment is under way and waits at its pause. */
  readonly waiting?: string;
  readonly template: NativeTemplate;
}

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const blueGreen: NativeTemplate = { deploymentConfiguration: { strategy: "BLUE_GREEN", ...breaker } };
const canary: NativeTemplate = {
  deploymentConfiguration: {
    strategy: "CANARY",
    canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 1 },
    ...breaker,
  },
};
const pausing: NativeTemplate = {
  deploymentConfiguration: {
    strategy: "BLUE_GREEN",
    lifecycleHooks: [{ targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] }],
    ...breaker,
  },
};
const withoutBreaker: NativeTemplate = { deploymentConfiguration: { strategy: "BLUE_GREEN" } };

/** What is killed at every call. */
export const nativeScenarios: readonly NativeScenario[] = [
  { name: "create", args: ["create"], image: "web:1", images: [], exitCode: 0, template: blueGreen },
  {
    name: "update, canary",
    args: ["update"],
    image: "web:2",
    images: ["web:1"],
    exitCode: 0,
    template: canary,
  },
  {
    name: "update until it is paused",
    args: ["update", "--wait-until", "paused"],
    image: "web:2",
    images: ["web:1"],
    exitCode: 0,
    template: pausing,
  },
  {
    name: "failing update that ECS rolls back",
    args: ["update"],
    image: "web:2-crash",
    images: ["web:1"],
    exitCode: 1,
    template: blueGreen,
  },
  {
    name: "failing update that the run has rolled back",
    args: ["update"],
    image: "web:2-crash",
    images: ["web:1"],
    exitCode: 1,
    template: withoutBreaker,
  },
  {
    name: "activate",
    args: ["activate"],
    image: "web:2",
    images: ["web:1"],
    waiting: "web:2",
    exitCode: 0,
    template: pausing,
  },
  {
    name: "rollback of a deployment that waits",
    args: ["rollback"],
    image: "web:2",
    images: ["web:1"],
    waiting: "web:2",
    exitCode: 0,
    template: pausing,
  },
  {
    name: "rollback of one that has completed",
    args: ["rollback"],
    image: "web:2",
    images: ["web:1", "web:2"],
    exitCode: 0,
    template: blueGreen,
  },
];

/** How a scenario ended, with who has the traffic. */
export interface NativeEnding extends Ending {
  /** Per cent of production that goes to the first of the service's target groups. */
  readonly toFirstGroup: number;
}

export interface NativeCase {
  readonly first: KilledRun;
  readonly ending: NativeEnding;
  readonly said: string;
}

/** Runs the scenario's command: once, or killed at the moment and once more. */
export async function play(
  world: NativeDeployWorld,
  scenario: NativeScenario,
  runSpeed: number,
  moment?: Moment,
): Promise<NativeCase> {
  const site = await world.site(withoutPauses(scenario.template));
  for (const image of scenario.images) {
    await world.send(site, image);
    await world.until(site, ({ status }) => status === "SUCCESSFUL");
  }
  await world.write(site, scenario.template);
  if (scenario.waiting !== undefined) {
    await world.send(site, scenario.waiting);
    await world.until(
      site,
      ({ lifecycleHookDetails }) => lifecycleHookDetails?.[0]?.status === "AWAITING_ACTION",
    );
  }
  const args = [...scenario.args, "--templates", site.templates, "--timeout", "1h"];
  const command = { args, image: scenario.image, speed: runSpeed };
  const { endpoint } = world.local;
  const first = await runAndKill(command, endpoint, moment);
  const last = moment === undefined ? first.finished : await startBundle(command, endpoint);
  const ending = await endingOf(world, site, last.exitCode);
  await world.drop(site);
  return { first, ending, said: `${last.stdout}\n${last.stderr}` };
}

/** What the service ran before is brought without anybody to approve it. */
function withoutPauses({ deploymentConfiguration, ...template }: NativeTemplate): NativeTemplate {
  const { lifecycleHooks: _, ...rest } = deploymentConfiguration;
  return { ...template, deploymentConfiguration: rest };
}

async function endingOf(
  world: NativeDeployWorld,
  site: NativeSite,
  exitCode: number | undefined,
): Promise<NativeEnding> {
  const { name, loadBalancer } = site;
  return {
    exitCode,
    services: { web: await world.states.of(name, "web") },
    toFirstGroup: await world.share(site, loadBalancer.targetGroupArn),
  };
}

/** What differs, member by member; nothing where both came to the same. */
export function nativeDifferences(expected: NativeEnding, seen: NativeEnding): readonly string[] {
  const traffic =
    expected.toFirstGroup === seen.toFirstGroup
      ? []
      : [`traffic of the first group is ${seen.toFirstGroup} %`];
  return [...differences(expected, seen), ...traffic];
}
