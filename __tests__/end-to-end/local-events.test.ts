/**
 * Who listens to an environment's topic hears of a failure: the stacks' own rules, on the local AWS.
 */
import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { eventRules } from "../../stacks/constructs/event-rules.ts";
import { shippedEnvironments } from "../helpers/terraform-synthesis.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import {
  clientsFor,
  createInfrastructure,
  isCompleted,
  serviceUntil,
  type Clients,
} from "../helpers/local-infrastructure.ts";

jest.setTimeout(60_000);

let local: LocalForTests;
let clients: Clients;
let endpoint: Server;
const messages: string[] = [];

/** A call of a service for which the project has no client. */
async function call(service: string, headers: Record<string, string>, body: string): Promise<string> {
  const scope = `local/20250101/${local.region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
  const response = await fetch(local.endpoint, {
    method: "POST",
    headers: { ...headers, authorization },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

const events = (operation: string, input: unknown) =>
  call(
    "events",
    { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSEvents.${operation}` },
    JSON.stringify(input),
  );

const sns = (input: Record<string, string>) =>
  call(
    "sns",
    { "content-type": "application/x-www-form-urlencoded" },
    new URLSearchParams({ Version: "2010-03-31", ...input }).toString(),
  );

async function register(image: string): Promise<string> {
  const { taskDefinition } = await clients.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "web",
      containerDefinitions: [{ name: "web", image, memory: 64 }],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

async function heard(pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = messages.find((message) => pattern.test(message));
    if (found !== undefined) return found;
    await pause(100);
  }
  throw new Error(`Nobody heard ${String(pattern)}, but: ${messages.join("\n")}`);
}

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    void json(request).then((body) => {
      const { Type, Message } = body as { Type?: string; Message?: string };
      if (Type === "Notification") messages.push(String(Message));
      response.end();
    });
  });
  endpoint.listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  local = await startLocalForTests({ speed: 200 });
  clients = clientsFor(local);
  await createInfrastructure(clients);
}, 120_000);

afterAll(async () => {
  clients.destroy();
  await local.stop();
  endpoint.close();
});

test("a failed task and a failed deployment are heard of in one line each, and one that went well is not", async () => {
  const parsed = parseEnvironments(shippedEnvironments());
  const environment = parsed.ok ? parsed.environments.get("test") : undefined;
  if (environment === undefined) throw new Error("There is no environment test.");
  const topic = "arn:aws:sns:us-east-1:123456789012:test-ecs-events";
  await sns({ Action: "CreateTopic", Name: "test-ecs-events" });
  // listen() has answered, so it is a port and no pipe.
  const { port } = endpoint.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  await sns({ Action: "Subscribe", TopicArn: topic, Protocol: "http", Endpoint: url });
  for (const rule of eventRules(environment, { partition: "aws", id: "123456789012" })) {
    const Name = `test-${rule.id}`;
    await events("PutRule", { Name, EventPattern: JSON.stringify(rule.pattern) });
    const InputTransformer = { InputPathsMap: rule.paths, InputTemplate: JSON.stringify(rule.message) };
    await events("PutTargets", { Rule: Name, Targets: [{ Id: "topic", Arn: topic, InputTransformer }] });
  }

  await clients.ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: "web",
      launchType: "EC2",
      desiredCount: 2,
      taskDefinition: await register("nginx:1"),
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    }),
  );
  await serviceUntil(clients, "web", isCompleted);
  const update = async (image: string) =>
    clients.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: await register(image) }),
    );
  await update("nginx:2");
  await serviceUntil(clients, "web", isCompleted);
  expect(messages).toEqual([]);

  await update("nginx:crash");
  expect(await heard(/a task of/)).toMatch(
    /^"test: a task of service:web failed: .+ \(task arn:aws:ecs:.+\)\. See: \.\/deploy status service:web --env test"$/,
  );
  expect(await heard(/a deployment failed/)).toMatch(
    /^"test: a deployment failed: .*circuit breaker.* See: \.\/deploy status arn:aws:ecs:us-east-1:123456789012:service\/test\/web --env test"$/,
  );
  await serviceUntil(clients, "web", isCompleted);
  expect(
    messages.filter((message) => !/a task of service:web failed|a deployment failed/.test(message)),
  ).toEqual([]);
});
