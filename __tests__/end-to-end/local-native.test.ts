import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import {
  ContinueServiceDeploymentCommand,
  DeleteServiceCommand,
  DescribeServiceRevisionsCommand,
  ListServicesCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { HookInvoker, type LocalHooks } from "../../scripts/local/hooks/invoker.ts";
import { startLoad, type Load } from "../../scripts/load/load.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import {
  clientsFor,
  createInfrastructure,
  serviceUntil,
  urlOfPort,
  type Clients,
  type Infrastructure,
} from "../helpers/local-infrastructure.ts";
import { createFunction, createSite, NativeService, shareOf } from "../helpers/native-infrastructure.ts";

jest.setTimeout(120_000);

const roleArn = "arn:aws:iam::123456789012:role/ecs/hooks";
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
/** Answers of the local hooks, by the name of the function. */
const answers = new Map<string, (event: unknown) => unknown>();

let local: LocalForTests;
let clients: Clients;
let infrastructure: Infrastructure;
let url: string;
let sites = 0;
const loads: Load[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  local = await startLocalForTests({
    speed: 100,
    hooks: { inProcess: (event) => answers.get("inProcess")?.(event) },
  });
  clients = clientsFor(local);
  infrastructure = await createInfrastructure(clients);
  url = await urlOfPort(local, 80);
});

afterEach(async () => {
  for (const load of loads.splice(0)) await load.stop();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  const { serviceArns = [] } = await clients.ecs.send(new ListServicesCommand({ cluster: "test" }));
  for (const service of serviceArns) {
    await clients.ecs.send(new DeleteServiceCommand({ cluster: "test", service, force: true }));
    await serviceUntil(clients, service, ({ status }) => status === "INACTIVE");
  }
});

afterAll(async () => {
  clients.destroy();
  await local.stop();
});

/** A site and a service of its own, and where it is asked. */
async function newService() {
  sites += 1;
  const name = `site${sites}`;
  const site = await createSite(clients, infrastructure, name, sites * 10);
  return { site, service: new NativeService(clients, name, site), at: `${url}${name}` };
}

function load(at: string, rate: number, headers: Record<string, string> = {}): Load {
  const started = startLoad({ url: at, rate, headers });
  loads.push(started);
  return started;
}

/** Which image answers. */
async function imageAt(at: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(at, { headers });
  await response.text();
  return response.headers.get("x-image") ?? String(response.status);
}

describe("a BLUE_GREEN update under steady requests", () => {
  test("fails none, reaches test traffic before production, and leaves production with green alone", async () => {
    const { site, service, at } = await newService();
    await service.create("nginx:1", { strategy: "BLUE_GREEN", bakeTimeInMinutes: 3 });
    await service.until(({ status }) => status === "SUCCESSFUL");
    const production = load(at, 50);
    const test = load(at, 10, { "x-test": "yes" });
    await service.update("nginx:2");
    await service.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME");
    expect(await shareOf(clients, site.productionRuleArn, site.greenGroupArn)).toBe(100);
    const done = await service.until(({ status }) => status === "SUCCESSFUL");
    const before = production.report().byImage["nginx:1"]?.count;
    const asked = production.report().sent;
    await new Promise<void>((resolve, reject) => {
      const timer = setInterval(() => {
        if (production.report().sent < asked + 50) return;
        clearInterval(timer);
        if (production.report().byImage["nginx:1"]?.count === before) resolve();
        else reject(new Error("The old revision answered after the end."));
      }, 20);
    });
    const [seen, tested] = await Promise.all([production.stop(), test.stop()]);
    expect({ failed: seen.failed, examples: seen.examples }).toEqual({ failed: 0, examples: [] });
    expect({ failed: tested.failed, examples: tested.examples }).toEqual({ failed: 0, examples: [] });
    expect(tested.byImage["nginx:2"]?.firstAtMs).toBeLessThan(seen.byImage["nginx:2"]?.firstAtMs ?? 0);

    const { serviceRevisions } = await clients.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [done.targetServiceRevision?.arn ?? ""] }),
    );
    expect(serviceRevisions).toMatchObject([
      {
        containerImages: [{ containerName: "web", image: "nginx:2" }],
        resolvedConfiguration: { loadBalancers: [{ targetGroupArn: site.greenGroupArn }] },
      },
    ]);
  });

  test("that never gets healthy gives green no request, and fails none", async () => {
    const { service, at } = await newService();
    await service.create("nginx:1", {
      strategy: "BLUE_GREEN",
      deploymentCircuitBreaker: { enable: true, rollback: true },
    });
    await service.until(({ status }) => status === "SUCCESSFUL");
    const production = load(at, 50);
    await service.update("nginx:unhealthy");
    const done = await service.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
    expect(done.statusReason).toBe(
      "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    );
    const seen = await production.stop();
    expect(seen.failed).toBe(0);
    expect(Object.keys(seen.byImage)).toEqual(["nginx:1"]);
  });
});

describe("a CANARY update", () => {
  test("gives green about its share while it waits, and a hook that fails takes that back", async () => {
    const { site, service, at } = await newService();
    const configuration = {
      strategy: "CANARY" as const,
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 10 },
      lifecycleHooks: [
        {
          hookTargetArn: arnOf("inProcess"),
          roleArn,
          lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT" as const],
        },
      ],
    };
    const calls: unknown[] = [];
    answers.set("inProcess", (event) => {
      calls.push(event);
      return { hookStatus: calls.length === 3 ? "FAILED" : "SUCCEEDED" };
    });
    await service.create("nginx:1", configuration);
    await service.until(({ status }) => status === "SUCCESSFUL");
    await service.update("nginx:2");
    const isCanary = () => shareOf(clients, site.productionRuleArn, site.greenGroupArn);
    while ((await isCanary()) !== 10) await new Promise((resolve) => setTimeout(resolve, 20));
    const canary = load(at, 150);
    while (calls.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    const { byImage, succeeded } = await canary.stop();
    const share = (byImage["nginx:2"]?.count ?? 0) / succeeded;
    expect(succeeded).toBeGreaterThan(300);
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.18);
    const done = await service.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
    expect(done.statusReason).toContain(
      `PRE_PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target ${arnOf("inProcess")} returned FAILED status.`,
    );
    expect(await isCanary()).toBe(0);
    expect(await imageAt(at)).toBe("nginx:1");
    expect(calls[2]).toMatchObject({
      lifecycleStage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
      resourceArn: done.serviceDeploymentArn,
    });
  });
});

describe("hooks and pauses", () => {
  test("a function that names an endpoint is answered by that; a pause waits until somebody goes on", async () => {
    const events: unknown[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        events.push(JSON.parse(body));
        response.end(JSON.stringify({ hookStatus: events.length === 1 ? "IN_PROGRESS" : "SUCCEEDED" }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const hookTargetArn = await createFunction(local, "endpoint", `http://127.0.0.1:${port}/hook`);
    const { service, at } = await newService();
    await service.create("nginx:1", { strategy: "BLUE_GREEN" });
    await service.until(({ status }) => status === "SUCCESSFUL");
    await service.update("nginx:2", {
      strategy: "BLUE_GREEN",
      lifecycleHooks: [
        { hookTargetArn, roleArn, lifecycleStages: ["POST_SCALE_UP"] },
        { targetType: "PAUSE", lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] },
      ],
    });
    const paused = await service.until(
      ({ lifecycleHookDetails }) => lifecycleHookDetails?.[0]?.status === "AWAITING_ACTION",
    );
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      lifecycleStage: "POST_SCALE_UP",
      resourceArn: paused.serviceDeploymentArn,
    });
    expect(await imageAt(at)).toBe("nginx:1");
    expect(await imageAt(at, { "x-test": "yes" })).toBe("nginx:2");
    await clients.ecs.send(
      new ContinueServiceDeploymentCommand({
        serviceDeploymentArn: paused.serviceDeploymentArn,
        hookId: paused.lifecycleHookDetails?.[0]?.hookId,
        action: "CONTINUE",
      }),
    );
    await service.until(({ status }) => status === "SUCCESSFUL");
    expect(await imageAt(at)).toBe("nginx:2");
  });

  test("a function that does not exist fails its stage and says why", async () => {
    const { service, at } = await newService();
    await service.create("nginx:1", { strategy: "BLUE_GREEN" });
    await service.until(({ status }) => status === "SUCCESSFUL");
    await service.update("nginx:2", {
      strategy: "BLUE_GREEN",
      lifecycleHooks: [{ hookTargetArn: arnOf("missing"), roleArn, lifecycleStages: ["PRE_SCALE_UP"] }],
    });
    const done = await service.until(({ status }) => status === "ROLLBACK_SUCCESSFUL");
    expect(done.statusReason).toBe(
      `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to invoke hook target ${arnOf("missing")} due to Function not found: ${arnOf("missing")}`,
    );
    expect(await imageAt(at)).toBe("nginx:1");
  });
});

describe("the invoker", () => {
  /** Serves what `handle` says, and tells where. */
  async function serve(handle: RequestListener): Promise<string> {
    const server = createServer(handle);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const invokerFor = (motoEndpoint: string, hooks: LocalHooks = {}) =>
    new HookInvoker({ region: "eu-west-1", motoEndpoint, hooks });

  test("describes what a local hook throws, or an endpoint refuses, as Lambda does of a function's error", async () => {
    const endpoint = await serve((_request, response) => response.writeHead(500).end("boom"));
    const invoker = invokerFor("http://127.0.0.1:9", {
      broken: () => {
        throw new TypeError("boom");
      },
      endpoint,
    });
    expect(await invoker.invoke(arnOf("broken"), {})).toEqual({
      ok: true,
      payload: { errorMessage: "boom", errorType: "TypeError" },
      functionError: "boom",
    });
    expect(await invoker.invoke("endpoint", {})).toMatchObject({
      ok: true,
      functionError: `${endpoint} answered 500: boom`,
    });
  });

  test("finds a function whose ARN names an alias, in its own region, and leaves it to moto where nothing answers for it", async () => {
    const asked: unknown[] = [];
    const moto = await serve((request, response) => {
      asked.push([request.method, request.url, /eu-west-1/.test(request.headers.authorization ?? "")]);
      if (request.method === "GET") response.end(JSON.stringify({ Configuration: {} }));
      else response.setHeader("x-amz-function-error", "Unhandled").end('{"errorMessage":"bad"}');
    });
    const answer = await invokerFor(moto).invoke(`${arnOf("real")}:live`, { one: 1 });
    expect(answer).toMatchObject({ ok: true, payload: { errorMessage: "bad" } });
    expect(asked).toEqual([
      ["GET", "/2015-03-31/functions/real", true],
      ["POST", "/2015-03-31/functions/real/invocations", true],
    ]);
  });

  test("says what is missing where moto has no Docker, and never rejects when nobody answers", async () => {
    const moto = await serve((request, response) => {
      response.end(request.method === "GET" ? "{}" : "error running docker: no such file");
    });
    expect(await invokerFor(moto).invoke("plain", {})).toMatchObject({
      ok: false,
      error: expect.stringContaining("SLIPWAY_HOOK_URL"),
    });
    expect(await invokerFor("http://127.0.0.1:9").invoke("plain", {})).toMatchObject({ ok: false });
  });

  test("gives up what is still awaited when its region closes", async () => {
    const endpoint = await serve(() => undefined);
    const invoker = invokerFor("http://127.0.0.1:9", { endpoint });
    const answer = invoker.invoke("endpoint", {});
    invoker.close();
    expect(await answer).toMatchObject({ ok: false });
  });
});
