import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateVpcEndpointCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  DescribeClustersCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { askAdmin, settingsFor, timelineOf } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

jest.setTimeout(60_000);

let local: LocalForTests;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 20 });
});

afterEach(async () => {
  await admin("DELETE", "faults");
});

afterAll(async () => {
  await local.stop();
});

const settings = (region: string, maxAttempts?: number) => settingsFor(local, region, maxAttempts);
const admin = (method: string, route: string, body?: unknown) => askAdmin(local, method, route, body);
const timeline = (query: string) => timelineOf(local, query);

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
      expect.objectContaining({
        service: "ecs",
        operation: "ListTaskDefinitions",
        bucket: "task definition read",
      }),
    );
  });

  test("of EC2 are told in its own words", async () => {
    const ec2 = new EC2Client(settings("eu-west-1"));
    const create = () => ec2.send(new CreateVpcEndpointCommand({ VpcId: "vpc-none", ServiceName: "none" }));
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => failureOf(create())));
    expect(outcomes.filter(({ name }) => name !== "RequestLimitExceeded").length).toBeGreaterThanOrEqual(4);
    expect(outcomes.find(({ name }) => name === "RequestLimitExceeded")).toMatchObject({
      message:
        "Request limit exceeded. Account 123456789012 has been throttled on ec2:CreateVpcEndpoint because it exceeded its request rate limit.",
      $metadata: { httpStatusCode: 503 },
    });
  });

  test("of RunTask on Fargate go by the tasks that it launches, also where the cluster decides that", async () => {
    const ecs = new ECSClient(settings("eu-west-1", 3));
    const strategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1 }];
    await ecs.send(
      new CreateClusterCommand({
        clusterName: "spot",
        capacityProviders: ["FARGATE_SPOT"],
        defaultCapacityProviderStrategy: strategy,
      }),
    );
    const impatient = new ECSClient(settings("eu-west-1"));
    const calls = Array.from({ length: 18 }, () =>
      failureOf(impatient.send(new RunTaskCommand({ cluster: "spot", taskDefinition: "none", count: 10 }))),
    );
    const names = (await Promise.all(calls)).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(["ClientException", "ThrottlingException"]));
    expect(await timeline("type=throttled")).toContainEqual(
      expect.objectContaining({ operation: "RunTask", bucket: "Fargate Spot tasks" }),
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
      const ecs = new ECSClient(settingsFor(unlimited, "us-east-1"));
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
