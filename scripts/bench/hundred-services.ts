import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { createQuickEnvironment } from "../rehearsal/without-terraform.ts";
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
/** The rates are per Region: single updates go on beside the hundred and take nothing of theirs. */
const otherRegion = "us-west-2";
/** RegisterTaskDefinition: 20 at once, then one a second. */
const refillSeconds = 25;

/** A hundred services updated in one run against one, with AWS's rates enforced, at the speed of AWS. */
export async function measureHundred(tell: (line: string) => void): Promise<readonly Figure[]> {
  return withBenchWorld({ speed: 1, throttle: true }, async (world) => {
    const elsewhere = await createQuickEnvironment(
      { endpoint: world.endpoint, region: otherRegion },
      { name: "test", hosts: 0, instanceType: "t3.small" },
    );
    tell(`  making ${many} services at AWS's rates: about two minutes`);
    const hundred = await bringUp(world, world.region, world.environment.outputs, "many", many);
    const single = await bringUp(world, otherRegion, elsewhere.outputs, "single", alone);
    await world.skip(600);
    await checkSteady(
      ecsIn(world),
      hundred.map(({ name }) => name),
    );
    await checkSteady(
      ecsIn(world, otherRegion),
      single.map(({ name }) => name),
    );
    await sleep(refillSeconds * 1_000);

    tell(`  updating them in one run, and beside it ${alone} alone: about five minutes`);
    const moments = await followRollouts(world.endpoint);
    const [together, ...each] = await Promise.all([
      update(world, world.region, hundred),
      ...single.map((service) => update(world, otherRegion, [service])),
    ]);
    moments.stop();
    return [
      {
        name: `time of ${many} services updated in one run / of one`,
        value: together / median(each),
        atMost: 2,
        detail: `${together.toFixed(0)} s / ${median(each).toFixed(0)} s (median of ${alone}), at the same time; two Fargate tasks each, no load balancer`,
      },
      {
        name: `throttled calls of these runs`,
        value: moments.throttled.length,
        atMost: 0,
        detail:
          moments.throttled.length === 0
            ? "AWS's rates enforced"
            : [...new Set(moments.throttled)].join(", "),
      },
    ];
  });
}

async function bringUp(
  world: BenchWorld,
  region: string,
  outputs: ReadonlyMap<string, string>,
  prefix: string,
  count: number,
): Promise<readonly FargateService[]> {
  const ecs = ecsIn(world, region);
  const subnets = (outputs.get("private-subnet-ids") ?? "").split(",");
  const services = Array.from({ length: count }, (_, index) => ({
    name: `${prefix}-${index}`,
    subnets,
    stopMs: 2_000,
  }));
  for (const service of services) {
    await createService(ecs, service);
    await writeTemplates(world, service.name, definitionOf(service, "@@VERSION@@"), serviceOf(service));
    // At the rate of RegisterTaskDefinition.
    await sleep(1_050);
  }
  return services;
}

/** @returns seconds */
async function update(
  world: BenchWorld,
  region: string,
  services: readonly FargateService[],
): Promise<number> {
  const deploy = path.join(projectRoot(), "deploy");
  const names = services.map(({ name }) => name);
  const args = ["update", ...names, "--templates", path.join(world.folder, "templates"), "--region", region];
  const env = { ...awsVariables(world.endpoint, region), CONTAINER_VERSION: "web:2" };
  const started = Date.now();
  await execa(deploy, args, { env });
  return (Date.now() - started) / 1000;
}
