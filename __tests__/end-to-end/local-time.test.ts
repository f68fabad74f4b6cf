import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";

import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { main } from "../../scripts/local/cli/main.ts";
import {
  attachInterface,
  completeAfter,
  presumedHealthyAfter,
  pullImage,
  schedulerReaction,
} from "../../scripts/local/ecs/durations.ts";
import { askAdmin, settingsFor, timelineOf } from "../helpers/local-admin.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";

jest.setTimeout(60_000);

let local: LocalForTests;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 20 });
});

afterEach(async () => {
  await admin("POST", "time", { action: "resume" });
});

afterAll(async () => {
  await local.stop();
});

const settings = (region: string, maxAttempts?: number) => settingsFor(local, region, maxAttempts);
const admin = (method: string, route: string, body?: unknown) => askAdmin(local, method, route, body);
const timeline = (query: string) => timelineOf(local, query);

/** Makes a cluster and a task definition of the same name. @returns where its tasks run */
async function prepare(ecs: ECSClient, region: string, name: string) {
  const { Subnets } = await new EC2Client(settings(region, 3)).send(new DescribeSubnetsCommand({}));
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
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
  return { awsvpcConfiguration: { subnets: [Subnets?.[0]?.SubnetId ?? ""] } };
}

describe("held time", () => {
  interface Moment {
    readonly after: number;
    readonly status: unknown;
  }

  /** Creates a service while time stands still, and steps. @returns what came about, by seconds after the call */
  async function course(
    region: string,
  ): Promise<{ tasks: Moment[]; rollout: Moment[]; described: string[] }> {
    const ecs = new ECSClient(settings(region, 3));
    const networkConfiguration = await prepare(ecs, region, "held");
    await admin("POST", "time", { action: "hold" });
    const heldAt = Number((await admin("GET", "time"))["seconds"]);
    await ecs.send(
      new CreateServiceCommand({
        cluster: "held",
        serviceName: "held",
        taskDefinition: "held",
        desiredCount: 2,
        launchType: "FARGATE",
        networkConfiguration,
      }),
    );
    const described: string[] = [];
    for (const seconds of [10, 20, 30, 120]) {
      await admin("POST", "time", { action: "step", seconds });
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: "held" }));
      const { tasks = [] } = await ecs.send(
        new DescribeTasksCommand({ cluster: "held", tasks: [...taskArns, "none"] }),
      );
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: "held", services: ["held"] }),
      );
      const statuses = tasks.map(({ lastStatus }) => lastStatus);
      described.push([...statuses, services[0]?.deployments?.[0]?.rolloutState].join(" "));
    }
    await admin("POST", "time", { action: "resume" });
    const told = (await timeline("type=task,deployment")).filter((entry) => entry["region"] === region);
    // The timeline tells milliseconds, and the held moment may lie between two: a hair below zero is zero.
    const after = (entry: Readonly<Record<string, unknown>>) =>
      Math.round(Math.max(0, Number(entry["at"]) - heldAt));
    const moments = (type: string, field: string) =>
      told
        .filter((entry) => entry["type"] === type)
        .map((entry) => ({ after: after(entry), status: entry[field] }));
    return { tasks: moments("task", "status"), rollout: moments("deployment", "rollout"), described };
  }

  test("moves as it is stepped, to what the durations promise, and through the same course each time", async () => {
    const first = await course("ap-south-1");
    const provisioning = schedulerReaction / 1000;
    const pending = provisioning + attachInterface.FARGATE / 1000;
    const running = pending + pullImage / 1000;
    // The scheduler looks soon after a task runs, and then with every tick, of which 40 s are four.
    const noticed = running + (schedulerReaction + presumedHealthyAfter) / 1000;
    expect(first.tasks).toEqual([
      { after: provisioning, status: "PROVISIONING" },
      { after: provisioning, status: "PROVISIONING" },
      { after: pending, status: "PENDING" },
      { after: pending, status: "PENDING" },
      { after: running, status: "RUNNING" },
      { after: running, status: "RUNNING" },
    ]);
    expect(first.rollout).toEqual([
      { after: 0, status: "IN_PROGRESS" },
      { after: noticed + completeAfter / 1000, status: "COMPLETED" },
    ]);
    expect(first.described).toEqual([
      "PROVISIONING PROVISIONING IN_PROGRESS",
      "PENDING PENDING IN_PROGRESS",
      "RUNNING RUNNING IN_PROGRESS",
      "RUNNING RUNNING COMPLETED",
    ]);
    expect(await course("ap-south-2")).toEqual(first);
  });

  test("is told by the status, and refuses a step that is none", async () => {
    await admin("POST", "time", { action: "hold" });
    expect((await local.status()).held).toBe(true);
    expect(await admin("POST", "time", { action: "step", seconds: -1 })).toHaveProperty("message");
    await admin("POST", "time", { action: "resume" });
    expect((await local.status()).held).toBe(false);
  });

  test("passes at the speed that it is given, and at no other than there is", async () => {
    const lines: string[] = [];
    const output = {
      result: (line: string) => lines.push(line),
      progress: (line: string) => lines.push(line),
    };
    const time = (...words: readonly string[]) =>
      main(["time", ...words, "--port", new URL(local.endpoint).port], output);
    expect(await time("speed", "2.5")).toBe(0);
    expect(lines.join("\n")).toMatch(/running 2.5 times as fast[^]*eval "\$\(\.\/local env\)" again/);
    expect((await local.status()).speed).toBe(2.5);
    expect(await time("speed", "0")).toBe(2);
    expect(lines.at(-1)).toContain('The speed is "0", but must be a number from 0.1 to 10000.');
    expect(await time("speed", "20")).toBe(0);
    expect((await local.status()).speed).toBe(20);
  });
});

describe("./local status", () => {
  const region = "eu-north-1";

  async function printed(): Promise<string> {
    let text = "";
    const output = { result: (line: string) => (text += line), progress: () => undefined };
    expect(await main(["status", "--port", new URL(local.endpoint).port], output)).toBe(0);
    return text;
  }

  test("shows tasks with addresses of their own, which end with them", async () => {
    const ecs = new ECSClient(settings(region, 3));
    const networkConfiguration = await prepare(ecs, region, "shown");
    await admin("POST", "time", { action: "hold" });
    const { tasks } = await ecs.send(
      new RunTaskCommand({
        cluster: "shown",
        taskDefinition: "shown",
        launchType: "FARGATE",
        networkConfiguration,
      }),
    );
    const id = tasks?.[0]?.taskArn?.split("/").at(-1) ?? "";
    expect(await printed()).toContain(`    ${id} PROVISIONING shown:1`);
    await admin("POST", "time", { action: "step", seconds: 60 });
    const text = await printed();
    expect(text).toContain("Note: time is held (./local time resume)");
    expect(text).toContain(`Cluster shown (${region}, 0 hosts)`);
    const [, url = ""] = new RegExp(`Tasks of no service\n    ${id} RUNNING shown:1 (\\S+)`).exec(text) ?? [];
    expect(await (await fetch(url)).text()).toContain("shown:1");

    expect(await admin("POST", "kill", { task: id })).toEqual({ killed: id });
    expect(await timeline("type=fault")).toContainEqual(expect.objectContaining({ killed: id }));
    await expect(fetch(url)).rejects.toThrow();
    await admin("POST", "time", { action: "step", seconds: 60 });
    expect(await printed()).not.toContain(id);
    const stopped = await ecs.send(new DescribeTasksCommand({ cluster: "shown", tasks: [id] }));
    expect(stopped.tasks?.[0]).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      containers: [{ exitCode: 137 }],
    });
  });
});

describe("the timeline", () => {
  test("tells each call once, in order, and is kept in a file", async () => {
    const [last] = (await timeline("since=0")).slice(-1);
    const seq = Number(last?.["seq"] ?? 0);
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
