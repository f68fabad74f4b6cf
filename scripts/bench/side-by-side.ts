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
 * Updates by `./deploy` and by the AWS CLI, at the speed of AWS: of Fargate services behind a load balancer with AWS's
 * default deregistration delay. All at the same time, each on a service of its own, and twice: once the log of a
 * service shows an update, ./deploy knows how long one takes there, which is how a service in use is found.
 */
export async function measureUpdates(tell: (line: string) => void): Promise<readonly Figure[]> {
  return withBenchWorld({ speed: 1, throttle: false }, async (world) => {
    const services = await bringUp(world);
    const moments = await followRollouts(world.endpoint);
    tell(`  ${pairs} pairs of services, two updates each, at the speed of AWS: about sixteen minutes`);
    tellRows(await measureRound(world, services, moments, 2), "first update", tell);
    const round = await measureRound(world, services, moments, 3);
    moments.stop();
    tellRows(round, "an update", tell);
    return [
      { name: "API calls of an update, ./deploy / AWS CLI", atMost: 1, ...compare(round, "calls") },
      {
        name: "time after steady state, ./deploy / AWS CLI",
        atMost: 0.5,
        ...compare(round, "secondsAfterSteady"),
      },
    ];
  });
}

/** One update of all services, ours and theirs. */
interface Round {
  readonly ours: readonly Update[];
  readonly theirs: readonly Update[];
}

interface Pair {
  readonly ours: FargateService;
  readonly theirs: FargateService;
}

/** @param revision that the update registers; its image has the same number */
async function measureRound(
  world: BenchWorld,
  services: readonly Pair[],
  moments: RolloutMoments,
  revision: number,
): Promise<Round> {
  const updates = await Promise.all(
    services.map(async ({ ours, theirs }, pair) => {
      // Apart, so that starting them all at once is not what is measured.
      await sleep(pair * 3_000);
      return Promise.all([byDeploy(world, ours, moments, revision), byCli(world, theirs, revision)]);
    }),
  );
  return { ours: updates.map(([ours]) => ours), theirs: updates.map(([, theirs]) => theirs) };
}

function tellRows({ ours, theirs }: Round, what: string, tell: (line: string) => void): void {
  const row = (name: string, side: readonly Update[]): void => {
    const of = (member: keyof Update): number => median(side.map((one) => one[member]));
    tell(
      `  ${what}, ${name}  ${of("seconds").toFixed(1)} s in all, ${of("secondsAfterSteady").toFixed(1)} s after steady state, ${of("calls")} API calls`,
    );
  };
  row("./deploy", ours);
  row("AWS CLI ", theirs);
}

function compare({ ours, theirs }: Round, member: keyof Update): Pick<Figure, "value" | "detail"> {
  const all = (side: readonly Update[]): string =>
    side.map((one) => (member === "calls" ? one.calls : one[member].toFixed(1))).join(" ");
  const middle = (side: readonly Update[]): number => median(side.map((one) => one[member]));
  return {
    value: middle(ours) / middle(theirs),
    detail: `medians of ${pairs} pairs; ours ${all(ours)}, theirs ${all(theirs)}`,
  };
}

async function bringUp(world: BenchWorld): Promise<readonly Pair[]> {
  const ecs = ecsIn(world);
  const subnets = (world.environment.outputs.get("private-subnet-ids") ?? "").split(",");
  const create = async (name: string, index: number, pair: number): Promise<FargateService> => {
    const targetGroupArn = await createTargetGroup(world, name, { index });
    // The CLI looks every 15 s.
    const service = { name, subnets, targetGroupArn, stopMs: 2_000 + (pair * 15_000) / pairs };
    await createService(ecs, service);
    return service;
  };
  const services: Pair[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    services.push({
      ours: await create(`ours-${pair}`, 2 * pair, pair),
      theirs: await create(`theirs-${pair}`, 2 * pair + 1, pair),
    });
  }
  await world.skip(600);
  await checkSteady(
    ecs,
    services.flatMap(({ ours, theirs }) => [ours.name, theirs.name]),
  );
  return services;
}

function byDeploy(
  world: BenchWorld,
  service: FargateService,
  moments: RolloutMoments,
  revision: number,
): Promise<Update> {
  const { name } = service;
  const steady = (): Promise<number> => Promise.resolve(moments.completedAt(name, `${name}:${revision}`));
  return measured(world, steady, async (env) => {
    const definition = definitionOf(service, "@@VERSION@@");
    const templates = await writeTemplates(world, name, definition, serviceOf(service));
    const args = ["update", name, "--templates", templates];
    const deploy = path.join(projectRoot(), "deploy");
    await execa(deploy, args, { env: { ...env, CONTAINER_VERSION: `${name}:${revision}` } });
  });
}

function byCli(world: BenchWorld, service: FargateService, revision: number): Promise<Update> {
  const { name } = service;
  const stable = stableAt(ecsIn(world), name);
  // Where the update itself fails, that is what is told.
  stable.catch(() => undefined);
  return measured(
    world,
    () => stable,
    async (env) => {
      const input = path.join(world.folder, `${name}.json`);
      await writeFile(input, JSON.stringify(definitionOf(service, `${name}:${revision}`)));
      const ecs = (...args: string[]) => execa("aws", ["ecs", ...args], { env });
      await ecs("register-task-definition", "--cli-input-json", `file://${input}`);
      await ecs("update-service", "--cluster", "test", "--service", name, "--task-definition", name);
      await ecs("wait", "services-stable", "--cluster", "test", "--services", name);
    },
  );
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
