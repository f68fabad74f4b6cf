import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import { projectRoot } from "../project-root.ts";
import { awsVariables, ecsIn, withBenchWorld, writeTemplates } from "./bench-world.ts";
import {
  checkSteady,
  createService,
  createTargetGroup,
  definitionOf,
  serviceOf,
  type FargateService,
} from "./fargate-service.ts";
import { median, type Figure } from "./figures.ts";
import { followRollouts } from "./rollout-moments.ts";

const plain = 8;
const behindLoadBalancer = 8;
const drainSeconds = 30;

/** From steady state on the service to the exit of the command, at the speed of AWS. */
export async function measureAfterSteady(tell: (line: string) => void): Promise<Figure> {
  return withBenchWorld({ speed: 1 }, async (world) => {
    const ecs = ecsIn(world);
    const subnets = (world.environment.outputs.get("private-subnet-ids") ?? "").split(",");
    const services: FargateService[] = [];
    for (let index = 0; index < plain + behindLoadBalancer; index += 1) {
      const name = `web-${index}`;
      const stopMs = 2_000 + index * 430;
      const service =
        index < plain
          ? { name, subnets, stopMs }
          : {
              name,
              subnets,
              stopMs,
              targetGroupArn: await createTargetGroup(world, name, { index, drainSeconds }),
            };
      await createService(ecs, service);
      services.push(service);
    }
    const names = services.map(({ name }) => name);
    await world.skip(600);
    await checkSteady(ecs, names);

    tell(`  ${services.length} updates at the speed of AWS: about four minutes`);
    const moments = await followRollouts(world.endpoint);
    const deploy = path.join(projectRoot(), "deploy");
    const seconds = await Promise.all(
      services.map(async (service, index) => {
        const { name } = service;
        await sleep(index * 1_000);
        const definition = definitionOf(service, `${name}:2`);
        const templates = await writeTemplates(world, name, definition, serviceOf(service));
        const env = awsVariables(world.endpoint, world.region);
        await execa(deploy, ["update", name, "--templates", templates], { env });
        return (Date.now() - moments.completedAt(name, `${name}:2`)) / 1000;
      }),
    );
    moments.stop();
    const list = (from: number, to: number): string =>
      seconds
        .slice(from, to)
        .map((one) => one.toFixed(2))
        .join(" ");
    return {
      name: "from steady state on the service to the exit of ./deploy update, at the median",
      value: median(seconds),
      atMost: 1.5,
      unit: "s",
      detail: `${plain} services without a load balancer ${list(0, plain)}; ${behindLoadBalancer} behind one ${list(plain, seconds.length)}`,
    };
  });
}
