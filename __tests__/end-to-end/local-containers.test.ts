/**
 * Containers as they really run: servers of the catalogue, secrets, logs, and Docker (a stand-in that really serves).
 */
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateServiceCommand,
  DescribeTasksCommand,
  ExecuteCommandCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type ContainerDefinition,
  type RunTaskCommandInput,
  type Task,
} from "@aws-sdk/client-ecs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startLocal, type LocalAws } from "../../scripts/local/start.ts";
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

const executionRoleArn = "arn:aws:iam::123456789012:role/execution";
const settingsOf = ({ endpoint, region }: LocalAws) => ({
  endpoint,
  region,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});

/** A local AWS with what the tests of a group stand on. */
class Stage {
  readonly local: LocalAws;
  readonly clients: Clients;
  readonly infrastructure: Infrastructure;
  readonly logs: CloudWatchLogsClient;

  constructor(local: LocalAws, clients: Clients, infrastructure: Infrastructure) {
    this.local = local;
    this.clients = clients;
    this.infrastructure = infrastructure;
    this.logs = new CloudWatchLogsClient(settingsOf(local));
  }

  static async raise(options: Parameters<typeof startLocal>[0]): Promise<Stage> {
    const local = await startLocal({ port: 0, speed: 100, quiet: true, ...options });
    const clients = clientsFor(local);
    const stage = new Stage(local, clients, await createInfrastructure(clients));
    await stage.logs.send(new CreateLogGroupCommand({ logGroupName: "/ecs/app" }));
    return stage;
  }

  async strike(): Promise<void> {
    this.logs.destroy();
    this.clients.destroy();
    await this.local.stop();
  }

  async register(container: Partial<ContainerDefinition>, family = "one-off"): Promise<string> {
    const { taskDefinition } = await this.clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        executionRoleArn,
        containerDefinitions: [
          {
            name: "web",
            image: "app:1",
            memory: 64,
            portMappings: [{ containerPort: 80, hostPort: 0 }],
            logConfiguration: {
              logDriver: "awslogs",
              options: {
                "awslogs-group": "/ecs/app",
                "awslogs-region": this.local.region,
                "awslogs-stream-prefix": "app",
              },
            },
            ...container,
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async run(
    container: Partial<ContainerDefinition>,
    input: Partial<RunTaskCommandInput> = {},
  ): Promise<string> {
    const { tasks } = await this.clients.ecs.send(
      new RunTaskCommand({ cluster: "test", taskDefinition: await this.register(container), ...input }),
    );
    return tasks?.[0]?.taskArn ?? "";
  }

  /** Looks at a task until a condition holds, a bounded number of times. */
  async taskUntil(arn: string, condition: (task: Task) => boolean): Promise<Task> {
    let last: Task | undefined;
    for (let count = 0; count < 400; count += 1) {
      const { tasks } = await this.clients.ecs.send(
        new DescribeTasksCommand({ cluster: "test", tasks: [arn], include: ["TAGS"] }),
      );
      last = tasks?.[0];
      if (last && condition(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`The condition did not come to hold: ${JSON.stringify(last)}`);
  }

  /** What a task's container has logged, once that has the line that is waited for. */
  async logged(taskArn: string, line: string): Promise<string[]> {
    const logStreamName = `app/web/${taskArn.slice(taskArn.lastIndexOf("/") + 1)}`;
    for (let count = 0; ; count += 1) {
      const { events = [] } = await this.logs.send(
        new GetLogEventsCommand({ logGroupName: "/ecs/app", logStreamName, startFromHead: true }),
      );
      const lines = events.map(({ message }) => message ?? "");
      if (lines.some((text) => text.includes(line)) || count > 200) return lines;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

const isStopped = ({ lastStatus }: Task) => lastStatus === "STOPPED";
const isRunning = ({ lastStatus }: Task) => lastStatus === "RUNNING";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "local-containers-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe("containers of the catalogue", () => {
  let stage: Stage;
  let secretArn: string;

  beforeAll(async () => {
    const images = path.join(directory, "images.jsonc");
    await writeFile(images, '{ "shop:*": { "behaviour": "exit=5,exit-code=4", "logs": ["shop is open"] } }');
    stage = await Stage.raise({ directory, images });
    const settings = settingsOf(stage.local);
    const statement = (Action: string[], Resource: string[]) => ({ Effect: "Allow", Action, Resource });
    const iam = new IAMClient(settings);
    const trust = {
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await iam.send(
      new CreateRoleCommand({
        RoleName: "execution",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "execution",
        PolicyName: "secrets",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            statement(["ssm:GetParameters"], ["arn:aws:ssm:*:*:parameter/app/*"]),
            statement(["secretsmanager:GetSecretValue"], ["arn:aws:secretsmanager:*:*:secret:app-*"]),
          ],
        }),
      }),
    );
    const ssm = new SSMClient(settings);
    await ssm.send(new PutParameterCommand({ Name: "/app/token", Value: "t0ps3cret", Type: "SecureString" }));
    await ssm.send(new PutParameterCommand({ Name: "/other/token", Value: "t0ps3cret", Type: "String" }));
    const secrets = new SecretsManagerClient(settings);
    const SecretString = JSON.stringify({ password: "t0ps3cret" });
    secretArn =
      (await secrets.send(new CreateSecretCommand({ Name: "app-database", SecretString }))).ARN ?? "";
    for (const client of [iam, ssm, secrets]) client.destroy();
  });

  afterAll(() => stage.strike());

  test("write their start, their last words and nothing else to CloudWatch Logs", async () => {
    const task = await stage.run({ image: "app:1.4.0-crash-after-10" });
    expect(await stage.taskUntil(task, isStopped)).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 1 }],
    });
    expect(await stage.logged(task, "panic")).toEqual([
      "app:1.4.0-crash-after-10 started",
      "panic: app:1.4.0-crash-after-10 crashed 10 s after its start, exit code 1",
    ]);
  });

  test("behave as the project's file of images says", async () => {
    const task = await stage.run({ image: "shop:9" });
    const stopped = await stage.taskUntil(task, isStopped);
    expect(stopped.containers?.[0]?.exitCode).toBe(4);
    expect(await stage.logged(task, "is done")).toContain("shop is open");
  });

  test("get what RunTask overrides, and the task tells it", async () => {
    const environment = [{ name: "SLIPWAY_BEHAVIOUR", value: "memory-kill=3" }];
    const task = await stage.run({}, { overrides: { containerOverrides: [{ name: "web", environment }] } });
    const stopped = await stage.taskUntil(task, isStopped);
    expect(stopped.overrides?.containerOverrides).toEqual([{ name: "web", environment }]);
    expect(stopped.containers?.[0]).toMatchObject({
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
    });
  });

  test("start with their secrets, which nobody gets to see", async () => {
    const task = await stage.run({
      image: "app:2",
      environment: [{ name: "PLAIN", value: "seen" }],
      secrets: [
        { name: "TOKEN", valueFrom: "/app/token" },
        { name: "TOKEN_BY_ARN", valueFrom: "arn:aws:ssm:us-east-1:123456789012:parameter/app/token" },
        { name: "PASSWORD", valueFrom: `${secretArn}:password::` },
      ],
    });
    const running = await stage.taskUntil(task, isRunning);
    expect(JSON.stringify(running)).not.toContain("t0ps3cret");
    await stage.clients.ecs.send(new StopTaskCommand({ cluster: "test", task }));
    expect((await stage.taskUntil(task, isStopped)).containers?.[0]?.exitCode).toBe(0);
  });

  const pull =
    "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ";
  test.each([
    [
      "/app/none",
      `${pull}unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /app/none`,
    ],
    [
      "/other/token",
      "is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:123456789012:parameter/other/token",
    ],
    [
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-none-AbCdEf",
      "from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ],
    [
      "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf",
      "from secrets manager: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/execution/",
    ],
  ])("do not start without the secret %s", async (valueFrom, why) => {
    const task = await stage.run({ secrets: [{ name: "TOKEN", valueFrom }] });
    const stopped = await stage.taskUntil(task, isStopped);
    expect(stopped).toMatchObject({ stopCode: "TaskFailedToStart" });
    expect(stopped.stoppedReason).toContain(pull);
    expect(stopped.stoppedReason).toContain(why);
    expect(stopped.pullStartedAt).toBeUndefined();
  });

  test("do not start when their log group is not there", async () => {
    const options = { "awslogs-group": "/ecs/none", "awslogs-region": "us-east-1" };
    const task = await stage.run({ logConfiguration: { logDriver: "awslogs", options } });
    expect((await stage.taskUntil(task, isStopped)).stoppedReason).toBe(
      "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.",
    );
  });

  test("have their log group made where they ask for that", async () => {
    const options = {
      "awslogs-group": "/ecs/made",
      "awslogs-region": "us-east-1",
      "awslogs-stream-prefix": "x",
      "awslogs-create-group": "true",
    };
    const task = await stage.run({ logConfiguration: { logDriver: "awslogs", options } });
    await stage.taskUntil(task, isRunning);
    const { logStreams } = await stage.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: "/ecs/made" }),
    );
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual([
      `x/web/${task.split("/").at(-1)}`,
    ]);
  });

  test("are asked by their health checks as the command says, on the port that it says", async () => {
    const check = (port: number) => ({
      command: ["CMD-SHELL", `curl -f http://localhost:${port}/ || exit 1`],
    });
    const well = await stage.run({ healthCheck: { ...check(80), interval: 5 } });
    const wrongPort = await stage.run({ healthCheck: { ...check(81), interval: 5, retries: 2 } });
    const turnsBad = await stage.run({
      image: "app:1-unhealthy-after-60",
      healthCheck: { ...check(80), interval: 5, retries: 2 },
    });
    await stage.taskUntil(well, ({ healthStatus }) => healthStatus === "HEALTHY");
    await stage.taskUntil(turnsBad, ({ healthStatus }) => healthStatus === "HEALTHY");
    await stage.taskUntil(wrongPort, ({ healthStatus }) => healthStatus === "UNHEALTHY");
    await stage.taskUntil(turnsBad, ({ healthStatus }) => healthStatus === "UNHEALTHY");
  });

  test("cannot be entered: ECS Exec is refused as on AWS, and by name where AWS would let one in", async () => {
    const exec = (task: string) =>
      stage.clients.ecs.send(
        new ExecuteCommandCommand({ cluster: "test", task, command: "/bin/sh", interactive: true }),
      );
    const task = await stage.run({});
    await stage.taskUntil(task, isRunning);
    await expect(exec(task)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("execute command was not enabled when the task was run"),
    });
    const taskRoleArn = executionRoleArn;
    const open = await stage.run({}, { enableExecuteCommand: true, overrides: { taskRoleArn } });
    await stage.taskUntil(open, isRunning);
    await expect(exec(open)).rejects.toMatchObject({
      name: "TargetNotConnectedException",
      message: expect.stringContaining("local AWS"),
    });
  });

  test("behind a load balancer err for the share of requests that they are asked to, while their checks pass", async () => {
    await stage.clients.ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "errs",
        taskDefinition: await stage.register({
          image: "app:3-errors-25-percent",
          secrets: [{ name: "TOKEN", valueFrom: "/app/token" }],
        }),
        desiredCount: 1,
        loadBalancers: [
          { targetGroupArn: stage.infrastructure.instanceGroupArn, containerName: "web", containerPort: 80 },
        ],
      }),
    );
    await serviceUntil(stage.clients, "errs", isCompleted);
    const url = await urlOfPort(stage.local, 80);
    const statuses = [];
    for (let count = 0; count < 40; count += 1) statuses.push((await fetch(url)).status);
    expect(statuses.filter((status) => status === 500)).toHaveLength(10);
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    const about: unknown = await (await fetch(`${url}_container`)).json();
    expect(about).toMatchObject({ image: "app:3-errors-25-percent", environment: { TOKEN: "********" } });
  });
});

describe("containers of Docker", () => {
  let stage: Stage;
  let folder: string;
  const path_ = process.env["PATH"];

  const calls = async (): Promise<string[][]> =>
    (await readFile(path.join(folder, "calls"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as string[]);

  beforeAll(async () => {
    folder = path.join(directory, "docker");
    const bin = path.join(directory, "bin");
    await mkdir(folder);
    await mkdir(bin);
    await copyFile(new URL("../fixtures/docker/docker.mjs", import.meta.url), path.join(bin, "docker.mjs"));
    await writeFile(
      path.join(bin, "docker"),
      `#!/bin/sh\nexec "${process.execPath}" "${path.join(bin, "docker.mjs")}" "$@"\n`,
    );
    await chmod(path.join(bin, "docker"), 0o755);
    process.env["PATH"] = `${bin}${path.delimiter}${path_}`;
    process.env["FAKE_DOCKER"] = folder;
    const left = {
      id: "left",
      labels: ["slipway.local.run=old", "slipway.local.process=999999999"],
      exitCode: 0,
    };
    const foreign = { id: "foreign", labels: ["somebody=else"], exitCode: 0 };
    for (const container of [left, foreign]) {
      await writeFile(path.join(folder, `${container.id}.json`), JSON.stringify(container));
    }
    stage = await Stage.raise({ directory, docker: true, speed: 40 });
  });

  afterAll(async () => {
    await stage.strike();
    expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toEqual(["foreign.json"]);
    process.env["PATH"] = path_;
    delete process.env["FAKE_DOCKER"];
  });

  test("serve behind the load balancer, log, and end as the process in them does", async () => {
    await stage.clients.ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "real",
        taskDefinition: await stage.register({
          image: "built-here:1",
          command: ["serve", "--fast"],
          environment: [{ name: "COLOUR", value: "blue" }],
        }),
        desiredCount: 1,
        loadBalancers: [
          { targetGroupArn: stage.infrastructure.instanceGroupArn, containerName: "web", containerPort: 80 },
        ],
      }),
    );
    await serviceUntil(stage.clients, "real", isCompleted);
    const url = await urlOfPort(stage.local, 80);
    expect(await (await fetch(url)).json()).toEqual({ image: "built-here:1", env: { COLOUR: "blue" } });
    const run = (await calls()).find((call) => call[0] === "run" && call.includes("built-here:1")) ?? [];
    expect(run.join(" ")).toMatch(/--env COLOUR .*--publish 127\.0\.0\.1:0:80 .*built-here:1 serve --fast$/);
    expect(run.join(" ")).not.toContain("blue");
    expect((await fetch(`${url}exit`)).status).toBe(200);
    const { taskArns = [] } = await serviceTasks(stage);
    const stopped = await stage.taskUntil(taskArns[0] ?? "", isStopped);
    expect(stopped).toMatchObject({ stopCode: "EssentialContainerExited", containers: [{ exitCode: 3 }] });
    expect(await stage.logged(taskArns[0] ?? "", "panic")).toEqual([
      "built-here:1 listens",
      "panic: asked to exit",
    ]);
  });

  test("are stopped with SIGTERM", async () => {
    const task = await stage.run({ image: "remote:1" });
    await stage.taskUntil(task, isRunning);
    await stage.clients.ecs.send(new StopTaskCommand({ cluster: "test", task }));
    const stopped = await stage.taskUntil(task, isStopped);
    expect(stopped.containers?.[0]?.exitCode).toBe(0);
    expect((await calls()).map(([command]) => command)).toContain("pull");
  });

  test("are not started from an image that the registry does not have", async () => {
    const task = await stage.run({ image: "missing:1" });
    expect((await stage.taskUntil(task, isStopped)).stoppedReason).toBe(
      "CannotPullContainerError: Error response from daemon: manifest for missing:1 not found: manifest unknown",
    );
  });

  test("are healthy as their health check's command says", async () => {
    const check = (word: string) => ({ command: ["CMD-SHELL", word], interval: 5, retries: 1 });
    const well = await stage.run({ image: "remote:1", healthCheck: check("am-i healthy") });
    const ill = await stage.run({ image: "remote:1", healthCheck: check("am-i ill") });
    await stage.taskUntil(well, ({ healthStatus }) => healthStatus === "HEALTHY");
    await stage.taskUntil(ill, ({ healthStatus }) => healthStatus === "UNHEALTHY");
  });

  test("need a daemon that answers, and a command that is there", async () => {
    await writeFile(path.join(folder, "down"), "");
    await expect(startLocal({ port: 0, quiet: true, directory, docker: true })).rejects.toThrow(
      /Docker does not answer: Cannot connect to the Docker daemon\./,
    );
    await rm(path.join(folder, "down"));
    const before = process.env["PATH"];
    process.env["PATH"] = path.join(directory, "nowhere");
    await expect(startLocal({ port: 0, quiet: true, directory, docker: true })).rejects.toThrow(
      /There is no docker command on the PATH/,
    );
    process.env["PATH"] = before;
  });
});

async function serviceTasks({ clients }: Stage): Promise<{ taskArns?: string[] | undefined }> {
  for (let count = 0; count < 200; count += 1) {
    const found = await clients.ecs.send(
      new ListTasksCommand({ cluster: "test", serviceName: "real", desiredStatus: "STOPPED" }),
    );
    if ((found.taskArns ?? []).length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {};
}
