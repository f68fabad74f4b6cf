import path from "node:path";

import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import {
  clientsFor,
  createInfrastructure,
  isCompleted,
  serviceUntil,
  urlOfPort,
  type Clients,
  type Infrastructure,
} from "../helpers/local-infrastructure.ts";

jest.setTimeout(60_000);

let local: LocalForTests;
let clients: Clients;
let infrastructure: Infrastructure;
let url: string;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 100 });
  clients = clientsFor(local);
  infrastructure = await createInfrastructure(clients);
  url = await urlOfPort(local, 80);
});

afterEach(removeServices);

afterAll(async () => {
  clients.destroy();
  await local.stop();
});

async function register(image: string, family = "web"): Promise<string> {
  const { taskDefinition } = await clients.ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: [
        { name: "web", image, memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
      ],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

async function create(
  serviceName: string,
  image: string,
  input: Partial<CreateServiceCommandInput> = {},
): Promise<void> {
  await clients.ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName,
      taskDefinition: await register(image, serviceName),
      desiredCount: 2,
      loadBalancers: [
        { targetGroupArn: infrastructure.instanceGroupArn, containerName: "web", containerPort: 80 },
      ],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      ...input,
    }),
  );
  await serviceUntil(clients, serviceName, isCompleted);
}

async function update(service: string, image: string): Promise<string> {
  const answer = await clients.ecs.send(
    new UpdateServiceCommand({ cluster: "test", service, taskDefinition: await register(image, service) }),
  );
  return answer.service?.deployments?.[0]?.id ?? "";
}

/** The services of a test share target groups with those of the next one. */
async function removeServices(): Promise<void> {
  const { serviceArns = [] } = await clients.ecs.send(new ListServicesCommand({ cluster: "test" }));
  for (const service of serviceArns) {
    await clients.ecs.send(new DeleteServiceCommand({ cluster: "test", service, force: true }));
    await serviceUntil(clients, service, ({ status }) => status === "INACTIVE");
  }
}

interface Traffic {
  readonly failures: string[];
  readonly images: Set<string>;
}

/** Requests the load balancer in a loop for as long as something takes, a bounded number of times. */
async function requestDuring<Result>(work: Promise<Result>, traffic: Traffic): Promise<Result> {
  const progress = { over: false };
  const finished = work.finally(() => (progress.over = true));
  for (let count = 0; count < 4000 && !progress.over; count += 1) {
    const response = await fetch(url, { headers: { connection: "close" } });
    const [image = ""] = (await response.text()).split("\n");
    if (response.status === 200) traffic.images.add(image);
    else traffic.failures.push(`${response.status} ${image}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return finished;
}

describe("a service behind a load balancer", () => {
  test("answers with its image, and a rolling update fails no request", async () => {
    await create("rolling", "nginx:1");
    expect((await (await fetch(url)).text()).split("\n")[0]).toBe("nginx:1");

    const traffic: Traffic = { failures: [], images: new Set() };
    const id = await update("rolling", "nginx:2");
    const service = await requestDuring(serviceUntil(clients, "rolling", isCompleted), traffic);
    expect(service.deployments?.[0]?.id).toBe(id);
    expect(traffic.failures).toEqual([]);
    expect([...traffic.images].toSorted()).toEqual(["nginx:1", "nginx:2"]);
    const last = await fetch(url);
    expect(last.headers.get("x-image")).toBe("nginx:2");
    await removeServices();
    expect((await fetch(url)).status).toBe(503);
  });

  test("rolls a crashing image back while the old version keeps answering", async () => {
    await create("breaker", "nginx:1");
    const traffic: Traffic = { failures: [], images: new Set() };
    const failed = await update("breaker", "nginx:crash");
    const back = serviceUntil(
      clients,
      "breaker",
      (service) => isCompleted(service) && service.deployments?.[0]?.id !== failed,
    );
    const service = await requestDuring(back, traffic);
    expect(service.taskDefinition).toMatch(/breaker:1$/);
    expect(service.events?.map(({ message }) => message)).toContain(
      `(service breaker) (deployment ${failed}) deployment failed: tasks failed to start.`,
    );
    expect(traffic).toEqual({ failures: [], images: new Set(["nginx:1"]) });

    const stopped = await clients.ecs.send(
      new ListTasksCommand({ cluster: "test", serviceName: "breaker", desiredStatus: "STOPPED" }),
    );
    const described = await clients.ecs.send(
      new DescribeTasksCommand({ cluster: "test", tasks: stopped.taskArns }),
    );
    // Those that had just been started when the deployment failed were stopped before they could crash.
    const crashed =
      described.tasks?.filter(
        ({ startedBy, stopCode }) => startedBy === failed && stopCode !== "ServiceSchedulerInitiated",
      ) ?? [];
    expect(crashed.length).toBeGreaterThanOrEqual(3);
    for (const task of crashed) {
      expect(task).toMatchObject({ stopCode: "EssentialContainerExited", group: "service:breaker" });
      expect(task.containers?.[0]?.exitCode).toBe(1);
      expect(task.stoppedAt).toBeInstanceOf(Date);
    }
  });

  test("tells the health of its targets, which are the hosts and their dynamic ports", async () => {
    await create("health", "nginx:1");
    const { TargetHealthDescriptions: targets = [] } = await clients.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: infrastructure.instanceGroupArn }),
    );
    const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === "healthy");
    expect(healthy).toHaveLength(2);
    expect(new Set(healthy.map(({ Target }) => Target?.Id)).size).toBe(2);
    for (const { Target } of healthy) {
      expect(Target?.Id).toMatch(/^i-/);
      expect(Target?.Port).toBeGreaterThanOrEqual(32768);
    }
  });

  test("gets what a new rule of its listener says, from the very next request on", async () => {
    const { Rules } = await clients.elb.send(
      new CreateRuleCommand({
        ListenerArn: infrastructure.listenerArn,
        Priority: 10,
        Conditions: [{ Field: "path-pattern", Values: ["/teapot"] }],
        Actions: [
          {
            Type: "fixed-response",
            FixedResponseConfig: {
              StatusCode: "418",
              ContentType: "text/plain",
              MessageBody: "short and stout",
            },
          },
        ],
      }),
    );
    const answer = await fetch(`${url}teapot`);
    expect([answer.status, await answer.text()]).toEqual([418, "short and stout"]);
    await clients.elb.send(new DeleteRuleCommand({ RuleArn: Rules?.[0]?.RuleArn }));
    expect((await fetch(`${url}teapot`)).status).toBe(503);
  });
});

describe("a Fargate service", () => {
  test("is reached at the addresses of its tasks", async () => {
    const { taskDefinition } = await clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "fargate",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        containerDefinitions: [{ name: "web", image: "hello:1", portMappings: [{ containerPort: 3000 }] }],
      }),
    );
    await create("fargate", "hello:1", {
      taskDefinition: taskDefinition?.taskDefinitionArn,
      launchType: "FARGATE",
      loadBalancers: [
        { targetGroupArn: infrastructure.addressGroupArn, containerName: "web", containerPort: 3000 },
      ],
      networkConfiguration: { awsvpcConfiguration: { subnets: [...infrastructure.subnetIds] } },
    });
    expect((await (await fetch(await urlOfPort(local, 81))).text()).split("\n")[0]).toBe("hello:1");
  });
});

describe("tools that nobody here wrote", () => {
  const environment = () => ({
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: path.join(local.directory, "none"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(local.directory, "none"),
  });
  const aws = (...args: string[]) => execa("aws", args, { env: environment(), reject: false });

  test("the AWS CLI waits for a stable service and reads it", async () => {
    await create("cli", "nginx:1");
    await update("cli", "nginx:2");
    const wait = await aws("ecs", "wait", "services-stable", "--cluster", "test", "--services", "cli");
    expect(wait).toMatchObject({ exitCode: 0, stderr: "" });
    const query = "services[0].[runningCount,deployments[0].rolloutState]";
    const read = await aws(
      "ecs",
      "describe-services",
      "--cluster",
      "test",
      "--services",
      "cli",
      "--query",
      query,
    );
    expect(JSON.parse(read.stdout)).toEqual([2, "COMPLETED"]);
  });

  test("the AWS CLI shows AWS's own error for a service that is not there", async () => {
    const answer = await aws("ecs", "update-service", "--cluster", "test", "--service", "nobody");
    expect(answer.exitCode).not.toBe(0);
    expect(answer.stderr).toContain("(ServiceNotFoundException)");
  });

  test("calls of other services reach moto", async () => {
    const answer = await aws("sts", "get-caller-identity", "--query", "Account", "--output", "text");
    expect(answer.stdout).toBe("123456789012");
  });
});

describe("an answer of the ECS API", () => {
  test("comes through the SDK without loss: what was registered is what is described", async () => {
    const taskDefinition = await register("nginx:1", "whole");
    const described = await clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    expect(described.taskDefinition).toMatchObject({
      taskDefinitionArn: taskDefinition,
      family: "whole",
      revision: 1,
      status: "ACTIVE",
      containerDefinitions: [
        { name: "web", image: "nginx:1", memory: 64, essential: true, cpu: 0, environment: [] },
      ],
    });
    expect(Math.abs(Date.now() - (described.taskDefinition?.registeredAt?.getTime() ?? 0))).toBeLessThan(
      5000,
    );
  });

  test("to an operation that is not there is AWS's UnknownOperationException", async () => {
    const response = await fetch(local.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.MakeCoffee",
      },
      body: "{}",
    });
    expect([response.status, await response.json()]).toEqual([400, { __type: "UnknownOperationException" }]);
  });
});
