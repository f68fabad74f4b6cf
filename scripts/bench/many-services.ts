import {
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { retry } from "zx";

import type { Figure } from "./figures.ts";
import { withLocalProcess, type LocalProcess } from "./local-process.ts";

const services = 200;
const behindLoadBalancer = 20;
const atOnce = 10;
const idleSeconds = 30;

/** How long 200 services take to get steady, and what the local AWS costs while nothing happens. */
export function measureManyServices(): Promise<Figure[]> {
  return withLocalProcess(["--speed", "10", "--no-throttle"], async (local, environment) => {
    const ecs = new ECSClient(local.settings);
    const subnets = (environment.outputs.get("private-subnet-ids") ?? "").split(",");
    const idleAlone = await idle(local);
    const started = performance.now();
    const names = Array.from({ length: services }, (_, index) => `service-${index}`);
    await inBatches(names, async (name, index) => {
      const targetGroupArn = index < behindLoadBalancer ? environment.ipTargetGroupArn : undefined;
      await createService(ecs, name, subnets, targetGroupArn);
    });
    const created = performance.now();
    await retry(1200, "100ms", () => everySteady(ecs, names));
    const steady = performance.now();
    const idleBusy = await idle(local);
    const seconds = (from: number, to: number) => (to - from) / 1000;
    const full = `${services} services with 2 tasks each, ${behindLoadBalancer} of them behind a load balancer`;
    return [
      {
        name: "from the first CreateService to the last steady state, at speed 10",
        value: seconds(started, steady),
        atMost: 60,
        unit: "s",
        detail: `${full}; all created after ${seconds(started, created).toFixed(1)} s`,
      },
      {
        name: "CPU of gateway and moto, with no service",
        value: idleAlone.cpuPercent,
        atMost: 5,
        unit: "% of a core",
        detail: `over ${idleSeconds} s; ${Math.round(idleAlone.memoryMb)} MB`,
      },
      {
        name: "CPU of gateway and moto, with every service steady",
        value: idleBusy.cpuPercent,
        atMost: 5,
        unit: "% of a core",
        detail: `over ${idleSeconds} s; ${full}`,
      },
      {
        name: "memory of gateway and moto together",
        value: idleBusy.memoryMb,
        atMost: 600,
        unit: "MB",
        detail: full,
      },
    ];
  });
}

async function idle(local: LocalProcess): Promise<{ cpuPercent: number; memoryMb: number }> {
  await local.usage();
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
  return local.usage();
}

async function createService(
  ecs: ECSClient,
  name: string,
  subnets: string[],
  targetGroupArn: string | undefined,
): Promise<void> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "web", image: `${name}:1`, portMappings: [{ containerPort: 80 }] }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: name,
      taskDefinition: name,
      desiredCount: 2,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets } },
      ...(targetGroupArn !== undefined && {
        loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
      }),
    }),
  );
}

async function everySteady(ecs: ECSClient, names: readonly string[]): Promise<void> {
  const described: Service[] = [];
  for (let start = 0; start < names.length; start += atOnce) {
    const page = names.slice(start, start + atOnce);
    const answer = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: page }));
    described.push(...(answer.services ?? []));
  }
  const steady = described.filter(({ deployments, runningCount, desiredCount }) => {
    return (
      runningCount === desiredCount &&
      deployments?.length === 1 &&
      deployments[0]?.rolloutState === "COMPLETED"
    );
  });
  if (steady.length < names.length)
    throw new Error(`${steady.length} of ${names.length} services are steady.`);
}

async function inBatches<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length; start += atOnce) {
    await Promise.all(items.slice(start, start + atOnce).map((item, index) => work(item, start + index)));
  }
}
