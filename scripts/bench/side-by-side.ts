import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { startApiProxy } from "./api-proxy.ts";
import { awsVariables, ecsIn, withBenchWorld, writeTemplates, type BenchWorld } from "./bench-world.ts";
import {
  checkSteady,
  createService,
  createTargetGroup,
  definitionOf,
  serviceOf,
  updateService,
  type FargateService,
} from "./fargate-service.ts";
import { median, type Figure } from "./figures.ts";
import { followRollouts, stableAt, type RolloutMoments } from "./rollout-moments.ts";

const pairs = 6;

/** One update, measured. */
interface Update {
  readonly seconds: number;
  readonly calls: number;
  /**
   * From steady state to the exit of the command: from the moment at which what it waits for has come about. For
   * ./deploy the deployment is COMPLETED; for the CLI there is one deployment with all its tasks, which is earlier.
   */
  readonly secondsAfterSteady: number;
}

/**
 * An update by `./deploy` and by the AWS CLI, at the speed of AWS: of a Fargate service behind a load balancer with AWS's
 * default deregistration delay, which has been updated before. All at the same time, each on a service of its own.
 */
export async function measureUpdates(tell: (line: string) => void): Promise<readonly Figure[]> {
  return withBenchWorld({ speed: 1, throttle: false }, async (world) => {
    const services = await bringUp(world);
    const moments = await followRollouts(world.endpoint);
    tell(`  ${pairs} pairs of updates at the speed of AWS: about seven minutes`);
    const updates = await Promise.all(
      services.map(async ({ ours, theirs }, pair) => {
        // Apart, so that starting them all at once is not what is measured.
        await sleep(pair * 3_000);
        return Promise.all([byDeploy(world, ours, moments), byCli(world, theirs)]);
      }),
    );
    moments.stop();
    const own = updates.map(([ours]) => ours);
    const cli = updates.map(([, theirs]) => theirs);
    const row = (name: string, side: readonly Update[]): string => {
      const of = (member: keyof Update): string => median(side.map((one) => one[member])).toFixed(1);
      return `  ${name}  ${of("seconds")} s in all, ${of("secondsAfterSteady")} s after steady state, ${median(side.map(({ calls }) => calls))} API calls`;
    };
    tell(row("./deploy", own));
    tell(row("AWS CLI ", cli));
    const ratio = (member: keyof Update): number =>
      median(own.map((one) => one[member])) / median(cli.map((one) => one[member]));
    const all = (side: readonly Update[], member: keyof Update): string =>
      side.map((one) => (member === "calls" ? one.calls : one[member].toFixed(1))).join(" ");
    const detail = (member: keyof Update): string =>
      `medians of ${pairs} pairs; ours ${all(own, member)}, theirs ${all(cli, member)}`;
    return [
      {
        name: "API calls of an update, ./deploy / AWS CLI",
        value: ratio("calls"),
        atMost: 1,
        detail: detail("calls"),
      },
      {
        name: "time after steady state, ./deploy / AWS CLI",
        value: ratio("secondsAfterSteady"),
        atMost: 0.5,
        detail: detail("secondsAfterSteady"),
      },
    ];
  });
}

async function bringUp(
  world: BenchWorld,
): Promise<readonly { ours: FargateService; theirs: FargateService }[]> {
  const ecs = ecsIn(world);
  const subnets = (world.environment.outputs.get("private-subnet-ids") ?? "").split(",");
  const create = async (name: string, index: number, pair: number): Promise<FargateService> => {
    const targetGroupArn = await createTargetGroup(world, name, { index });
    // The CLI looks every 15 s.
    const service = { name, subnets, targetGroupArn, stopMs: 2_000 + (pair * 15_000) / pairs };
    await createService(ecs, service);
    return service;
  };
  const services: { ours: FargateService; theirs: FargateService }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    services.push({
      ours: await create(`ours-${pair}`, 2 * pair, pair),
      theirs: await create(`theirs-${pair}`, 2 * pair + 1, pair),
    });
  }
  const all = services.flatMap(({ ours, theirs }) => [ours, theirs]);
  const names = all.map(({ name }) => name);
  await world.skip(600);
  await checkSteady(ecs, names);
  // As of any service in use: its log shows how long an update takes.
  for (const service of all) await updateService(ecs, service, `${service.name}:1.1`);
  await world.skip(1_200);
  await checkSteady(ecs, names);
  return services;
}

function byDeploy(world: BenchWorld, service: FargateService, moments: RolloutMoments): Promise<Update> {
  const { name } = service;
  const steady = (): Promise<number> => Promise.resolve(moments.completedAt(name, `${name}:2`));
  return measured(world, steady, async (env) => {
    const definition = definitionOf(service, "@@VERSION@@");
    const templates = await writeTemplates(world, name, definition, serviceOf(service));
    const args = ["update", name, "--templates", templates];
    const deploy = path.join(projectRoot(), "deploy");
    await execa(deploy, args, { env: { ...env, CONTAINER_VERSION: imageOf(service) } });
  });
}

function byCli(world: BenchWorld, service: FargateService): Promise<Update> {
  const { name } = service;
  const stable = stableAt(ecsIn(world), name);
  // Where the update itself fails, that is what is told.
  stable.catch(() => undefined);
  return measured(
    world,
    () => stable,
    async (env) => {
      const input = path.join(world.folder, `${name}.json`);
      await writeFile(input, JSON.stringify(definitionOf(service, imageOf(service))));
      const ecs = (...args: string[]) => execa("aws", ["ecs", ...args], { env });
      await ecs("register-task-definition", "--cli-input-json", `file://${input}`);
      await ecs("update-service", "--cluster", "test", "--service", name, "--task-definition", name);
      await ecs("wait", "services-stable", "--cluster", "test", "--services", name);
    },
  );
}

function imageOf({ name }: FargateService): string {
  return `${name}:2`;
}

async function measured(
  world: BenchWorld,
  steadyAt: () => Promise<number>,
  update: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<Update> {
  const proxy = await startApiProxy({ endpoint: world.endpoint });
  try {
    const started = Date.now();
    await update(awsVariables(proxy.endpoint, world.region));
    const ended = Date.now();
    return {
      seconds: (ended - started) / 1000,
      calls: proxy.calls.length,
      secondsAfterSteady: (ended - (await steadyAt())) / 1000,
    };
  } finally {
    await proxy.stop();
  }
}
