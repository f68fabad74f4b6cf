import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";

import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

jest.setTimeout(60_000);

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
let local: LocalForTests;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 20 });
});

afterEach(async () => {
  await admin("DELETE", "faults");
  await admin("POST", "time", { action: "resume" });
});

afterAll(async () => {
  await local.stop();
});

async function admin(method: string, route: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${local.endpoint}/_slipway/${route}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** A client's settings; a Region of its own has buckets and a state of its own. */
function settings(region: string, maxAttempts = 1) {
  return { endpoint: local.endpoint, region, credentials, maxAttempts };
}

async function timeline(query: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${local.endpoint}/_slipway/timeline?${query}`);
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function failureOf(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  return call.then(
    () => ({ name: "none", message: "the call went through" }),
    (error: unknown) => error as Error,
  );
}

describe("rate limits", () => {
  test("refuse what is more than a burst, with the exception that the SDK retries", async () => {
    const impatient = new ECSClient(settings("eu-west-1"));
    const calls = Array.from({ length: 70 }, () =>
      failureOf(impatient.send(new ListTaskDefinitionsCommand({}))),
    );
    const names = (await Promise.all(calls)).map(({ name, message }) => `${name}: ${message}`);
    const refused = names.filter((name) => name === "ThrottlingException: Rate exceeded");
    expect(refused.length).toBeGreaterThan(0);
    expect(names.filter((name) => name.startsWith("none"))).toHaveLength(70 - refused.length);

    const patient = new ECSClient(settings("eu-west-1", 10));
    await expect(patient.send(new ListTaskDefinitionsCommand({}))).resolves.toBeDefined();
    expect(await timeline("type=throttled")).toContainEqual(
      expect.objectContaining({ service: "ecs", operation: "ListTaskDefinitions" }),
    );
  });

  test("of Elastic Load Balancing are told in its own protocol", async () => {
    const elb = new ElasticLoadBalancingV2Client(settings("eu-west-1"));
    const calls = Array.from({ length: 80 }, () => failureOf(elb.send(new DescribeTargetGroupsCommand({}))));
    const names = (await Promise.all(calls)).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(["none", "Throttling"]));
  });

  test("can be turned off", async () => {
    const unlimited = await startLocalForTests({ throttle: false });
    try {
      const ecs = new ECSClient({ ...settings("us-east-1"), endpoint: unlimited.endpoint });
      const calls = Array.from({ length: 150 }, () => ecs.send(new DescribeClustersCommand({})));
      await expect(Promise.all(calls)).resolves.toHaveLength(150);
      expect((await unlimited.status()).throttle).toBe(false);
    } finally {
      await unlimited.stop();
    }
  });
});

describe("a fault", () => {
  const region = "eu-central-1";

  test("throttles the calls that it names, and no other", async () => {
    await admin("POST", "faults", {
      kind: "throttle",
      service: "ecs",
      operation: "DescribeClusters",
      calls: [2],
    });
    const ecs = new ECSClient(settings(region));
    const outcomes = [];
    for (let call = 0; call < 3; call += 1) {
      outcomes.push((await failureOf(ecs.send(new DescribeClustersCommand({})))).name);
      await ecs.send(new ListTaskDefinitionsCommand({}));
    }
    expect(outcomes).toEqual(["none", "ThrottlingException", "none"]);
    expect(await admin("GET", "faults")).toMatchObject({ faults: [{ matched: 3, applied: 1 }] });
  });

  test("is one that a client's retries get over", async () => {
    await admin("POST", "faults", { kind: "error", service: "ecs", operation: "DescribeClusters", times: 1 });
    const ecs = new ECSClient(settings(region, 3));
    await expect(ecs.send(new DescribeClustersCommand({}))).resolves.toBeDefined();
  });

  test.each([
    ["ecs", "ServerException"],
    ["elasticloadbalancing", "InternalFailure"],
    ["ec2", "InternalError"],
    ["ssm", "InternalServerError"],
    ["monitoring", "InternalServerError"],
  ])("is an internal error of %s in its own protocol", async (service, name) => {
    await admin("POST", "faults", { kind: "error", service });
    const calls: Record<string, () => Promise<unknown>> = {
      ecs: () => new ECSClient(settings(region)).send(new DescribeClustersCommand({})),
      elasticloadbalancing: () =>
        new ElasticLoadBalancingV2Client(settings(region)).send(new DescribeTargetGroupsCommand({})),
      ec2: () => new EC2Client(settings(region)).send(new DescribeSubnetsCommand({})),
      ssm: () => new SSMClient(settings(region)).send(new GetParameterCommand({ Name: "/x" })),
      monitoring: () => new CloudWatchClient(settings(region)).send(new DescribeAlarmsCommand({})),
    };
    const failure = await failureOf(calls[service]?.() ?? Promise.resolve());
    expect(failure).toMatchObject({ name, $metadata: { httpStatusCode: 500 } });
  });

  test("that drops the answer has let the call take effect; one that resets has not", async () => {
    const ssm = new SSMClient(settings(region));
    const put = (Name: string) =>
      failureOf(ssm.send(new PutParameterCommand({ Name, Value: "1", Type: "String" })));
    await admin("POST", "faults", { kind: "drop-after-effect", service: "ssm", operation: "PutParameter" });
    expect((await put("/dropped")).message).toContain("ECONNRESET");
    await admin("DELETE", "faults");
    await admin("POST", "faults", { kind: "reset", service: "ssm", operation: "PutParameter" });
    expect((await put("/reset")).message).toContain("ECONNRESET");
    await admin("DELETE", "faults");
    await expect(ssm.send(new GetParameterCommand({ Name: "/dropped" }))).resolves.toBeDefined();
    expect((await failureOf(ssm.send(new GetParameterCommand({ Name: "/reset" })))).name).toBe(
      "ParameterNotFound",
    );
  });

  test("delays an answer by as long as it is told", async () => {
    await admin("POST", "faults", { kind: "delay", delayMs: 300, service: "ecs" });
    const startedAt = performance.now();
    await new ECSClient(settings(region)).send(new DescribeClustersCommand({}));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  test("that makes no sense is refused with every mistake, and none is in force", async () => {
    expect(await admin("POST", "faults", { kind: "delay", evry: 2 })).toEqual({
      message: 'body: Unrecognized key: "evry"; delayMs: delayMs goes with kind delay, and with no other',
    });
    expect(await admin("GET", "faults")).toEqual({ faults: [] });
  });
});

describe("held time", () => {
  /** Creates a service while time stands still. @returns its tasks' statuses after each step */
  async function course(region: string): Promise<string[][]> {
    const ecs = new ECSClient(settings(region, 3));
    const { Subnets } = await new EC2Client(settings(region, 3)).send(new DescribeSubnetsCommand({}));
    await ecs.send(new CreateClusterCommand({ clusterName: "held" }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "held",
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "web", image: "held:1", portMappings: [{ containerPort: 80 }] }],
      }),
    );
    await admin("POST", "time", { action: "hold" });
    await ecs.send(
      new CreateServiceCommand({
        cluster: "held",
        serviceName: "held",
        taskDefinition: "held",
        desiredCount: 2,
        launchType: "FARGATE",
        networkConfiguration: { awsvpcConfiguration: { subnets: [Subnets?.[0]?.SubnetId ?? ""] } },
      }),
    );
    const statuses: string[][] = [];
    for (let step = 0; step < 18; step += 1) {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: "held" }));
      const { tasks } = await ecs.send(
        new DescribeTasksCommand({ cluster: "held", tasks: [...taskArns, "none"] }),
      );
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: "held", services: ["held"] }),
      );
      const rollout = services?.[0]?.deployments?.[0]?.rolloutState ?? "";
      statuses.push([...(tasks ?? []).map(({ lastStatus }) => lastStatus ?? ""), rollout]);
      await admin("POST", "time", { action: "step", seconds: 10 });
    }
    await admin("POST", "time", { action: "resume" });
    return statuses;
  }

  test("moves as it is stepped, through the same course each time", async () => {
    const first = await course("ap-south-1");
    expect(first[0]).toEqual(["IN_PROGRESS"]);
    expect(first.at(-1)).toEqual(["RUNNING", "RUNNING", "COMPLETED"]);
    expect(await course("ap-south-2")).toEqual(first);
  });

  test("is told by the status, and refuses a step that is none", async () => {
    await admin("POST", "time", { action: "hold" });
    expect((await local.status()).held).toBe(true);
    expect(await admin("POST", "time", { action: "step", seconds: -1 })).toHaveProperty("message");
    await admin("POST", "time", { action: "resume" });
    expect((await local.status()).held).toBe(false);
  });
});

describe("the timeline", () => {
  test("tells each call once, in order, and is kept in a file", async () => {
    const [last] = (await timeline("since=0")).slice(-1);
    const seq = Number(last?.["seq"]);
    await new ECSClient(settings("us-east-2")).send(new CreateClusterCommand({ clusterName: "told" }));
    const since = await timeline(`since=${seq}&type=call`);
    expect(since).toEqual([
      expect.objectContaining({
        type: "call",
        service: "ecs",
        operation: "CreateCluster",
        region: "us-east-2",
        accessKeyId: "local",
        status: 200,
        about: { clusterName: "told" },
      }),
    ]);
    const [run = ""] = await readdir(local.directory);
    const lines = (await readFile(path.join(local.directory, run, "timeline.ndjson"), "utf8"))
      .trim()
      .split("\n");
    const seqs = lines.map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  test("never tells what a call carries", async () => {
    const ssm = new SSMClient(settings("us-east-2"));
    await ssm.send(new PutParameterCommand({ Name: "/told", Value: "open-sesame", Type: "SecureString" }));
    const all = JSON.stringify(await timeline("type=call"));
    expect(all).toContain("/told");
    expect(all).not.toContain("open-sesame");
  });

  test("goes on as things happen when it is followed", async () => {
    const seen = new Promise<string>((resolve) => {
      const asked = request(
        `${local.endpoint}/_slipway/timeline?follow=1&since=1000000&type=call`,
        (response) => {
          response.once("data", (data: Buffer) => {
            resolve(data.toString());
            asked.destroy();
          });
          void new ECSClient(settings("us-west-1")).send(new DescribeClustersCommand({}));
        },
      );
      asked.on("error", () => undefined);
      asked.end();
    });
    expect(await seen).toContain('"operation":"DescribeClusters"');
  });
});

describe("an operation that is not there", () => {
  test.each([
    [
      "ecs",
      "MakeCoffee",
      { "x-amz-target": "AmazonEC2ContainerServiceV20141113.MakeCoffee" },
      "{}",
      "UnknownOperationException",
    ],
    [
      "elasticloadbalancing",
      "MakeCoffee",
      { "content-type": "application/x-www-form-urlencoded" },
      "Action=MakeCoffee&Version=2015-12-01",
      "<Code>InvalidAction</Code>",
    ],
  ])(
    "of %s is refused as AWS does",
    async (service, operation, headers: Record<string, string>, body, expected) => {
      const scope = `Credential=local/20260101/us-east-1/${service}/aws4_request`;
      const response = await fetch(local.endpoint, {
        method: "POST",
        headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`, ...headers },
        body,
      });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(expected);
      expect(await timeline("type=call")).toContainEqual(
        expect.objectContaining({ service, operation, status: 400 }),
      );
    },
  );
});
