import { Agent, createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";

import { startLocalProcess, type LocalProcess } from "../../scripts/bench/local-process.ts";
import { startLoad as beginLoad, type Load, type LoadOptions } from "../../scripts/load/load.ts";
import type { LoadReport } from "../../scripts/load/report.ts";
import type { Status } from "../../scripts/local/gateway/status.ts";
import { ask, forwardTo, TestBalancer } from "../helpers/load-balancer.ts";
import {
  clientsFor,
  createInfrastructure,
  isCompleted,
  serviceUntil,
  urlOfPort,
  type Clients,
  type Infrastructure,
} from "../helpers/local-infrastructure.ts";

jest.setTimeout(120_000);

/** Loads of a test, which end with it even where it fails. */
const loads: Load[] = [];
afterEach(async () => {
  for (const load of loads.splice(0)) await load.stop();
});

function startLoad(options: LoadOptions): Load {
  const load = beginLoad(options);
  loads.push(load);
  return load;
}

/** Waits until a load's report shows something; a bounded number of times. */
async function until(load: Load, shows: (report: LoadReport) => boolean): Promise<void> {
  for (let turn = 0; turn < 600 && !shows(load.report()); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(shows(load.report())).toBe(true);
}

describe("the load generator", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  async function serve(handle: RequestListener): Promise<string> {
    const server = createServer(handle);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  async function load(url: string, requests: number, options = {}): Promise<LoadReport> {
    const running = startLoad({ url, rate: 200, ...options });
    await until(running, ({ sent }) => sent >= requests);
    return running.stop();
  }

  test("counts answers by status and image, and every request as a success or a failure", async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response
        .writeHead(count % 10 === 0 ? 503 : 200, { "x-image": count > 50 ? "web:2" : "web:1" })
        .end("fine");
    });
    const report = await load(url, 100);
    expect(report.sent).toBe(count);
    expect(report).toMatchObject({
      sent: report.succeeded + report.failed,
      byStatus: { 200: report.succeeded, 503: report.failed },
      failures: { status: Math.floor(count / 10), refused: 0, reset: 0, timeout: 0, other: 0 },
    });
    expect(report.byImage["web:1"]?.count).toBe(45);
    expect(report.byImage["web:2"]?.firstAtMs).toBeGreaterThan(report.byImage["web:1"]?.lastAtMs ?? Infinity);
    expect(report.examples[0]).toContain("answered 503");
  });

  test("tells a reset, a refusal and a time-out apart", async () => {
    const reset = await load(await serve((request) => request.socket.destroy()), 20);
    expect(reset.failures).toMatchObject({ reset: reset.sent, refused: 0 });
    const cut = await load(
      await serve((request, response) => {
        response.writeHead(200, { "content-length": 100 });
        response.write("begin", () => request.socket.destroy());
      }),
      20,
    );
    expect(cut.failures).toMatchObject({ reset: cut.sent });
    const silent = await load(await serve(() => undefined), 20, { timeoutMs: 100 });
    expect(silent.failures).toMatchObject({ timeout: silent.sent });

    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const refused = await load(`http://127.0.0.1:${port}/`, 20);
    expect(refused.failures).toMatchObject({ refused: refused.sent });
    expect(refused.latency).toBeUndefined();
  });

  test("goes on sending while answers are held back, and counts that wait in the latency", async () => {
    const waiting: (() => void)[] = [];
    const url = await serve((_request, response) => waiting.push(() => response.end()));
    const running = startLoad({ url, rate: 200 });
    await until(running, () => waiting.length >= 100);
    expect(running.report()).toMatchObject({ succeeded: 0, failed: 0 });
    for (const answer of waiting) answer();
    await until(running, ({ succeeded }) => succeeded >= 100);
    const timer = setInterval(() => {
      for (const answer of waiting.splice(0)) answer();
    }, 5);
    const report = await running.stop();
    clearInterval(timer);
    // The first of a hundred at 200 a second was due half a second before the last.
    expect(report.latency?.max).toBeGreaterThanOrEqual(490);
    expect(report.failed).toBe(0);
  });
});

describe("the proxy", () => {
  let balancer: TestBalancer;
  beforeEach(() => {
    balancer = new TestBalancer();
  });
  afterEach(() => balancer.close());
  const median = (values: readonly number[]) =>
    values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;

  test("adds less than 2 ms to the median of a request, measured in turns with its target", async () => {
    await balancer.group("a", ["one"], (_request, response) => response.end("fine"));
    const through = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const direct = balancer.targetPort("one");
    const agent = new Agent({ keepAlive: true });
    const timed = async (port: number) => {
      const from = performance.now();
      expect((await ask({ port, agent })).status).toBe(200);
      return performance.now() - from;
    };
    const times = { through: [] as number[], direct: [] as number[] };
    for (let pair = 0; pair < 500; pair += 1) {
      times.direct.push(await timed(direct));
      times.through.push(await timed(through));
    }
    agent.destroy();
    expect(median(times.through) - median(times.direct)).toBeLessThan(2);
  });

  test("fails requests when a target is killed while it is registered", async () => {
    const servers = await balancer.group("a", ["one", "two"], (_request, response) => response.end("fine"));
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const load = startLoad({ url: `http://127.0.0.1:${port}/`, rate: 200 });
    await until(load, ({ succeeded }) => succeeded >= 50);
    expect(load.report().failed).toBe(0);
    servers[0]?.close();
    servers[0]?.closeAllConnections();
    await until(load, ({ failed }) => failed >= 10);
    const report = await load.stop();
    expect(report.failures).toMatchObject({ status: report.failed });
    expect(report.byStatus["502"]).toBe(report.failed);
  });
});

describe("500 requests a second", () => {
  let local: LocalProcess;
  let clients: Clients;
  let infrastructure: Infrastructure;
  let url: string;

  beforeAll(async () => {
    local = await startLocalProcess(["--speed", "40"]);
    const status = async () => (await (await fetch(`${local.endpoint}/_slipway/status`)).json()) as Status;
    const { endpoint, region } = local;
    const aws = { endpoint, region, status, stop: () => local.stop() };
    clients = clientsFor(aws);
    infrastructure = await createInfrastructure(clients);
    url = await urlOfPort(aws, 80);
  });
  afterAll(async () => {
    clients.destroy();
    await local.stop();
  });

  async function register(family: string, image: string): Promise<string> {
    const containers = [
      { name: "web", image, memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
    ];
    const { taskDefinition } = await clients.ecs.send(
      new RegisterTaskDefinitionCommand({ family, containerDefinitions: containers }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }
  async function create(serviceName: string, image: string): Promise<void> {
    await clients.ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName,
        taskDefinition: await register(serviceName, image),
        desiredCount: 2,
        loadBalancers: [
          { targetGroupArn: infrastructure.instanceGroupArn, containerName: "web", containerPort: 80 },
        ],
      }),
    );
    await serviceUntil(clients, serviceName, isCompleted, 60_000);
  }
  async function update(service: string, image: string): Promise<void> {
    const taskDefinition = await register(service, image);
    await clients.ecs.send(new UpdateServiceCommand({ cluster: "test", service, taskDefinition }));
  }

  test("all succeed during a rolling update, and some fail when its tasks die", async () => {
    await create("rolling", "web:1");
    const load = startLoad({ url, rate: 500 });
    await until(load, ({ succeeded }) => succeeded >= 500);
    await update("rolling", "web:2");
    await serviceUntil(clients, "rolling", isCompleted, 60_000);
    const completedAt = load.report().durationMs;
    await until(load, ({ durationMs }) => durationMs > completedAt + 1000);
    const report = await load.stop();
    expect(report).toMatchObject({ failed: 0, examples: [], succeeded: report.sent });
    expect(report.rate).toBeGreaterThan(400);
    expect(Object.keys(report.byImage).toSorted()).toEqual(["web:1", "web:2"]);
    expect(report.byImage["web:1"]?.lastAtMs).toBeLessThan(completedAt);

    // Both die at the same moment, and nothing drains what they have in hand.
    await update("rolling", "web:3-crash-60");
    const deadly = startLoad({ url, rate: 500 });
    await until(deadly, ({ failed }) => failed > 0);
    const seen = await deadly.stop();
    expect(seen.failures.status).toBe(seen.failed);
    expect(Object.keys(seen.byStatus).filter((status) => status !== "200")).not.toEqual([]);
  });
});
