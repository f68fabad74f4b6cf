import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { awsVariables, ecsIn, withBenchWorld, writeTemplates, type BenchWorld } from "./bench-world.ts";
import {
  checkSteady,
  createService,
  definitionOf,
  serviceOf,
  type FargateService,
} from "./fargate-service.ts";
import { median, type Figure } from "./figures.ts";
import { followRollouts } from "./rollout-moments.ts";

const many = 100;
const alone = 3;
/** RegisterTaskDefinition: 20 at once, then one a second. */
const refillSeconds = 25;

/** A hundred services updated in one run against one, with AWS's rates enforced, at the speed of AWS. */
export function measureHundred(tell: (line: string) => void): Promise<readonly Figure[]> {
  const options = { speed: 1, throttle: true };
  // Each side has an account of its own, so that neither draws on the other's rates.
  return withBenchWorld(options, (world) => withBenchWorld(options, (other) => measure(world, other, tell)));
}

async function measure(
  world: BenchWorld,
  other: BenchWorld,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  tell(`  making ${many} services at AWS's rates: about two minutes`);
  const [hundred, single] = await Promise.all([
    bringUp(world, "many", many),
    bringUp(other, "single", alone),
  ]);
  await sleep(refillSeconds * 1_000);

  tell(`  updating them in one run, and beside it ${alone} alone: about five minutes`);
  const moments = await followRollouts(world.endpoint);
  const momentsAlone = await followRollouts(other.endpoint);
  const [together, ...each] = await Promise.all([
    update(world, hundred),
    ...single.map((name) => update(other, [name])),
  ]);
  moments.stop();
  momentsAlone.stop();
  const throttled = [...moments.throttled, ...momentsAlone.throttled];
  return [
    {
      name: `time of ${many} services updated in one run / of one`,
      value: together / median(each),
      atMost: 2,
      detail: `${together.toFixed(0)} s / ${median(each).toFixed(0)} s (median of ${alone}), at the same time; two Fargate tasks each, no load balancer`,
    },
    {
      name: "throttled calls of these runs",
      value: throttled.length,
      atMost: 0,
      detail: throttled.length === 0 ? "AWS's rates enforced" : [...new Set(throttled)].join(", "),
    },
  ];
}

/** Creates services and waits until they are steady. @returns their names */
async function bringUp(world: BenchWorld, prefix: string, count: number): Promise<readonly string[]> {
  const ecs = ecsIn(world);
  const subnets = (world.environment.outputs.get("private-subnet-ids") ?? "").split(",");
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const service: FargateService = { name, subnets, stopMs: 2_000 };
    await createService(ecs, service);
    await writeTemplates(world, name, definitionOf(service, "@@VERSION@@"), serviceOf(service));
    // At the rate of RegisterTaskDefinition.
    await sleep(1_050);
  }
  await world.skip(600);
  await checkSteady(ecs, names);
  return names;
}

/** @returns seconds */
async function update(world: BenchWorld, names: readonly string[]): Promise<number> {
  const deploy = path.join(projectRoot(), "deploy");
  const args = ["update", ...names, "--templates", path.join(world.folder, "templates")];
  const env = { ...awsVariables(world.endpoint, world.region), CONTAINER_VERSION: "web:2" };
  const started = Date.now();
  await execa(deploy, args, { env });
  return (Date.now() - started) / 1000;
}
