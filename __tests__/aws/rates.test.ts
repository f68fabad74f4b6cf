import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, test } from "@jest/globals";

import { ecsPort } from "../../scripts/aws/ecs.ts";
import { clientSettings, onceOnly } from "../../scripts/aws/client-settings.ts";
import { paced } from "../../scripts/aws/paced.ts";
import { rateOf } from "../../scripts/aws/rates.ts";
import { AwsCallError } from "../../scripts/core/errors.ts";

type Answer = "ok" | "throttled" | "error" | "reset";

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
});

/** An AWS that answers as it is told; returns where it listens and how often it was asked. */
async function aws(answer: (nth: number) => Answer): Promise<{ endpoint: string; asked: () => number }> {
  let asked = 0;
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      asked += 1;
      const kind = answer(asked);
      if (kind === "reset") return void request.socket.destroy();
      const status = { ok: 200, throttled: 400, error: 500 }[kind];
      const body = kind === "throttled" ? { __type: "ThrottlingException", message: "Rate exceeded" } : {};
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, asked: () => asked };
}

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const settingsFor = (endpoint: string) => ({ ...clientSettings("us-east-1"), endpoint, credentials });
const update = new UpdateServiceCommand({ service: "nginx" });
const describeServices = new DescribeServicesCommand({ services: ["nginx"] });

describe("a call that must not happen twice", () => {
  test.each(["error", "reset"] as const)("is sent once when the answer is a %s", async (kind) => {
    const { endpoint, asked } = await aws(() => kind);
    await expect(new ECSClient(onceOnly(settingsFor(endpoint))).send(update)).rejects.toThrow();
    expect(asked()).toBe(1);
  });

  test.each([
    ["error", true],
    ["reset", true],
    ["ok", false],
  ] as const)("answered with %s leaves its effect open: %s", async (kind, effectUnknown) => {
    const { endpoint } = await aws(() => kind);
    const port = ecsPort(settingsFor(endpoint), () => undefined);
    const error: unknown = await port.updateService({ service: "nginx" }).catch((thrown: unknown) => thrown);
    // The empty answer of "ok" has no service in it.
    expect(error).toBeInstanceOf(AwsCallError);
    expect(error).toMatchObject({ effectUnknown });
  });

  test("is sent again when AWS throttled it, which has no effect", async () => {
    const { endpoint, asked } = await aws((nth) => (nth < 4 ? "throttled" : "ok"));
    await new ECSClient(onceOnly(settingsFor(endpoint))).send(update);
    expect(asked()).toBe(4);
  });
});

test("a call that may happen twice is sent again after errors and broken connections", async () => {
  const answers: readonly Answer[] = ["error", "reset", "throttled", "ok"];
  const { endpoint, asked } = await aws((nth) => answers[nth - 1] ?? "ok");
  await new ECSClient(settingsFor(endpoint)).send(describeServices);
  expect(asked()).toBe(4);
});

describe("AWS's rate", () => {
  /** Refuses what comes above SSM's rate of writes, as AWS would. */
  const limited = () => {
    let tokens = 3;
    let filledAt = Date.now();
    return aws(() => {
      const now = Date.now();
      tokens = Math.min(3, tokens + ((now - filledAt) / 1_000) * 3);
      filledAt = now;
      if (tokens < 1) return "throttled";
      tokens -= 1;
      return "ok";
    });
  };
  const writes = 7;
  const writeAll = (client: SSMClient) =>
    Promise.all(
      Array.from({ length: writes }, (_, index) =>
        client.send(new PutParameterCommand({ Name: `/n/${index}`, Value: "v" })),
      ),
    );

  test("is kept by all clients of a run together, so that nothing is throttled", async () => {
    const { endpoint, asked } = await limited();
    await writeAll(paced(new SSMClient(settingsFor(endpoint))));
    expect(asked()).toBe(writes);
  });

  test("would be exceeded without", async () => {
    const { endpoint, asked } = await limited();
    await writeAll(new SSMClient(settingsFor(endpoint)));
    expect(asked()).toBeGreaterThan(writes);
  });

  test.each([
    ["ECS", "RegisterTaskDefinition", 20, 1],
    ["ECS", "UpdateService", 50, 5],
    ["ECS", "DescribeServices", 100, 20],
    ["ElasticLoadBalancingV2", "DescribeTargetHealth", 40, 10],
  ])("of %s %s is %i at once and %i a second", (service, operation, burst, perSecond) => {
    expect(rateOf(service, operation)).toMatchObject({ burst, perSecond });
  });

  test("goes by the names that the SDK gives its clients", async () => {
    const seen: unknown[] = [];
    const { endpoint } = await aws(() => "ok");
    const client = new ECSClient(settingsFor(endpoint));
    client.middlewareStack.add(
      (next, context) => (args) => {
        seen.push([context.clientName, context.commandName]);
        return next(args);
      },
      { step: "initialize", name: "look" },
    );
    await client.send(describeServices);
    expect(seen).toEqual([["ECSClient", "DescribeServicesCommand"]]);
  });
});
