import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";

import {
  DescribeServicesCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { startLocal, type LocalAws } from "../../scripts/local/start.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy, running, type DeploySettings, type Finished } from "../helpers/deploy-command.ts";

const minutes = 60_000;
/** Of the runs; the local AWS is faster still, so that they look at less of each rollout. */
const speed = 60;

let local: LocalAws;
let ecs: ECSClient;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "slipway-deploy-"));
  local = await startLocal({ port: 0, speed: 4 * speed, quiet: true, directory: path.join(folder, "local") });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  ecs = new ECSClient({
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
}, 2 * minutes);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(
  args: readonly string[],
  image?: string,
  settings: Partial<DeploySettings> = {},
): Promise<Finished> {
  return deploy(args, {
    endpoint: local.endpoint,
    speed,
    ...(image === undefined ? {} : { image }),
    ...settings,
  });
}

async function described(name: string): Promise<Service> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: [name] }));
  const [service] = services ?? [];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
}

async function revisions(family: string): Promise<number> {
  const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: family }));
  return taskDefinitionArns?.length ?? 0;
}

async function listenerUrl(): Promise<string> {
  const { listeners } = await local.status();
  const url = listeners.find(({ loadBalancer }) => loadBalancer === "test-external")?.url;
  if (url === undefined) throw new Error("the load balancer has no listener");
  return url;
}

async function answer(): Promise<string> {
  const response = await fetch(await listenerUrl());
  return (await response.text()).split("\n")[0] ?? "";
}

/** A service of its own, without a load balancer, so that tests can run in any order. */
async function templatesFor(
  name: string,
  { service = {}, container = {} }: { service?: object; container?: object } = {},
): Promise<string[]> {
  const templates = path.join(folder, `templates-${name}`);
  await mkdir(path.join(templates, name), { recursive: true });
  const definition = {
    family: name,
    containerDefinitions: [{ name: "app", image: "@@VERSION@@", memory: 64, ...container }],
  };
  await writeFile(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
  const body = { serviceName: name, cluster: "test", launchType: "EC2", desiredCount: 1, ...service };
  await writeFile(path.join(templates, name, "service.json"), JSON.stringify(body));
  return ["--templates", templates];
}

const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

describe("the example service nginx", () => {
  test(
    "is created, updated, survives a bad version while it goes on answering, and needs nothing the second time",
    async () => {
      const created = await run(["create", "nginx"], "nginx:alpine");
      expect(created).toMatchObject({ exitCode: 0 });
      expect(created.stdout).toContain("nginx: completed");
      expect(await answer()).toBe("nginx:alpine");

      const updated = await run(["update", "nginx"], "nginx:1.27");
      expect(updated).toMatchObject({ exitCode: 0 });
      expect(await answer()).toBe("nginx:1.27");

      const answers: string[] = [];
      const stop = new AbortController();
      const url = await listenerUrl();
      const traffic = (async () => {
        while (!stop.signal.aborted) {
          const response = await fetch(url).catch(
            (error: unknown) => new Response(String(error), { status: 599 }),
          );
          answers.push(`${response.status} ${(await response.text()).split("\n")[0] ?? ""}`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      const crashed = await run(["update", "nginx", "--output", "json"], "nginx:crash");
      stop.abort();
      await traffic;
      expect(crashed.exitCode).toBe(1);
      expect(JSON.parse(crashed.stdout)).toMatchObject({
        exitCode: 1,
        services: [
          { outcome: "failed", failedRevision: "nginx:3", rolledBackTo: "nginx:2", revision: "nginx:2" },
        ],
      });
      expect(crashed.stdout).toContain("Essential container in task exited");
      expect(answers.length).toBeGreaterThan(20);
      expect(new Set(answers)).toEqual(new Set(["200 nginx:1.27"]));

      const again = await run(["update", "nginx"], "nginx:1.27");
      expect(again).toMatchObject({ exitCode: 0 });
      expect(again.stdout).toContain("nothing to do");
      expect(await revisions("nginx")).toBe(3);
    },
    4 * minutes,
  );
});

describe("the example service hello", () => {
  test(
    "runs on Fargate with an address of its own and answers below its path",
    async () => {
      const created = await run(["create", "hello"], "hello:1");
      expect(created).toMatchObject({ exitCode: 0 });
      const response = await fetch(new URL("/hello/world", await listenerUrl()));
      expect((await response.text()).split("\n")[0]).toBe("hello:1");
    },
    2 * minutes,
  );
});

describe("what runs already", () => {
  test(
    "is refused by create and left alone, and an update of nothing is refused as well",
    async () => {
      const templates = await templatesFor("twice");
      expect(await run(["update", ...templates], "app:1")).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("./deploy create twice"),
      });
      expect(await revisions("twice")).toBe(0);

      expect(await run(["create", ...templates], "app:1")).toMatchObject({ exitCode: 0 });
      expect(await run(["create", ...templates], "app:2")).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("./deploy update twice"),
      });
      expect(await revisions("twice")).toBe(1);
    },
    2 * minutes,
  );

  test(
    "is updated without a new revision when only the service template asks for something new",
    async () => {
      expect(await run(["create", ...(await templatesFor("scaled"))], "app:1")).toMatchObject({
        exitCode: 0,
      });
      const more = await templatesFor("scaled", { service: { desiredCount: 2 } });
      expect(await run(["update", ...more], "app:1")).toMatchObject({ exitCode: 0 });
      expect(await described("scaled")).toMatchObject({ desiredCount: 2, runningCount: 2 });
      expect(await revisions("scaled")).toBe(1);
    },
    2 * minutes,
  );
});

describe("a run that does not wait, or not long enough", () => {
  test(
    "says what goes on, and the same command takes it up again",
    async () => {
      const templates = await templatesFor("slow");
      const started = await run(["create", "--no-wait", ...templates], "app:1");
      expect(started).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("started") });
      const taken = await run(["update", ...templates], "app:1");
      expect(taken).toMatchObject({ exitCode: 0 });
      expect((await described("slow")).deployments).toHaveLength(1);

      const timedOut = await run(["update", "--timeout", "3s", ...templates], "app:2");
      expect(timedOut).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("goes on") });
    },
    2 * minutes,
  );

  test(
    "ends with 130 after Ctrl-C, naming the deployment that goes on",
    async () => {
      const templates = await templatesFor("interrupted", { container: { memory: 65 } });
      const child = running(["create", ...templates], {
        endpoint: local.endpoint,
        speed,
        image: "app:crash",
      });
      child.stderr.on("data", (data: Buffer) => {
        if (data.toString().includes("rollout of")) child.kill("SIGINT");
      });
      expect(await child).toMatchObject({
        exitCode: 130,
        stdout: expect.stringMatching(/ecs-svc\/\d+.* goes on/),
      });
    },
    2 * minutes,
  );
});

describe("a deployment that fails", () => {
  test.each([
    ["crash", "exit code 1"],
    ["missing", "CannotPullContainerError"],
  ])(
    "with :%s ends with 1 and tells the cause, and the revision before runs again",
    async (tag, cause) => {
      const templates = await templatesFor(`bad-${tag}`, { service: breaker });
      expect(await run(["create", ...templates], "app:1")).toMatchObject({ exitCode: 0 });
      const failed = await run(["update", "--timeout", "30m", ...templates], `app:${tag}`);
      expect(failed.exitCode).toBe(1);
      expect(failed.stdout).toContain("It was rolled back");
      expect(failed.stdout).toContain(`bad-${tag}:1 again`);
      expect(failed.stdout).toContain(cause);
    },
    3 * minutes,
  );

  test(
    "on its first deployment ends with 1 and says that there was nothing to go back to",
    async () => {
      const templates = await templatesFor("first", { service: breaker });
      const failed = await run(["create", ...templates], "app:crash");
      expect(failed).toMatchObject({
        exitCode: 1,
        stdout: expect.stringContaining("Nothing was rolled back"),
      });
    },
    2 * minutes,
  );
});

describe("what a run prints", () => {
  test("is the plan and no change with --dry-run", async () => {
    const templates = await templatesFor("planned");
    const planned = await run(["create", "--dry-run", ...templates], "app:1");
    expect(planned).toMatchObject({ exitCode: 0 });
    expect(planned.stdout).toContain("1. RegisterTaskDefinition");
    expect(planned.stdout).toContain('"image": "app:1"');
    expect(planned.stdout).toContain("2. CreateService");
    expect(planned.stdout).toContain("3. Wait");
    expect(await revisions("planned")).toBe(0);
    const told = await run(["create", "--dry-run", "--events", "ndjson", ...templates], "app:1");
    const events = told.stdout.split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ type }) => type)).toEqual(["runStarted", "ended", "result"]);
    expect(events[1]).toMatchObject({ service: expect.any(String), outcome: "planned" });
  });

  test(
    "is one event a line with --events ndjson",
    async () => {
      const templates = await templatesFor("told");
      const { stdout } = await run(["create", "--events", "ndjson", "--quiet", ...templates], "app:1");
      const types = stdout.split("\n").map((line) => (JSON.parse(line) as { type: string }).type);
      expect(types.slice(0, 3)).toEqual(["runStarted", "revisionRegistered", "deploymentStarted"]);
      expect(types).toContain("progress");
      expect(types.slice(-2)).toEqual(["ended", "result"]);
    },
    2 * minutes,
  );

  test("holds no warning of the SDK about Node", async () => {
    const { stderr } = await run(["create", "--dry-run", ...(await templatesFor("silent"))], "app:1");
    expect(stderr).toBe("");
  });
});

describe("bad input", () => {
  /** An AWS that only counts: whatever is asked of it is one request too many. */
  async function withCountingAws<Result>(
    work: (endpoint: string) => Promise<Result>,
  ): Promise<[Result, number]> {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const result = await work(`http://127.0.0.1:${port}`);
    server.close();
    return [result, requests];
  }

  test("an image that would break out of its string is refused and nothing is called", async () => {
    const image = 'x","privileged":true,"a":"';
    const [finished, requests] = await withCountingAws((endpoint) =>
      deploy(["update", "nginx"], { endpoint, image }),
    );
    expect(finished).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is not a valid image reference"),
    });
    expect(requests).toBe(0);
  });

  test("a template with three mistakes reports three, each with line and column, and nothing is called", async () => {
    const templates = path.join(folder, "three-mistakes");
    await mkdir(path.join(templates, "web"), { recursive: true });
    await writeFile(
      path.join(templates, "web", "task-definition.json"),
      `{
  "family": "web",
  "containerDefinitions": [
    { "name": "web", "image": "@@VERSION@@", "memroy": 128, "memory": "lots" }
  ]
}
`,
    );
    await writeFile(
      path.join(templates, "web", "service.json"),
      `{
  "serviceName": "web",
  "launchType": "EC3"
}
`,
    );
    const [finished, requests] = await withCountingAws((endpoint) =>
      deploy(["update", "--templates", templates], { endpoint, image: "web:1" }),
    );
    expect(finished.exitCode).toBe(2);
    expect(finished.stderr).toContain("web/task-definition.json:4:46");
    expect(finished.stderr).toContain("web/task-definition.json:4:71");
    expect(finished.stderr).toContain("web/service.json:3:17");
    expect(finished.stderr.match(/three-mistakes\/web/g)).toHaveLength(3);
    expect(requests).toBe(0);
  });

  test.each<[string, string[], RegExp]>([
    ["an unknown service", ["update", "ngnix"], /Did you mean nginx\?/],
    ["several services and no name", ["update"], /Which service\?.*hello, nginx/],
    ["an unknown environment", ["update", "nginx", "--env", "prdo"], /no environment "prdo".*Known: test/],
    [
      "a missing templates folder",
      ["update", "--templates", "nowhere"],
      /Templates folder nowhere cannot be read/,
    ],
    ["an unknown option", ["update", "--tiemout", "1m"], /Did you mean --timeout\?/],
  ])("%s is told in one error", async (_, args, message) => {
    const [finished, requests] = await withCountingAws((endpoint) =>
      deploy(args, { endpoint, image: "nginx:1" }),
    );
    expect(finished.exitCode).toBe(2);
    expect(finished.stdout).toBe("");
    expect(finished.stderr).toMatch(message);
    expect(requests).toBe(0);
  });

  test("a forgotten CONTAINER_VERSION is told with an example", async () => {
    const [finished] = await withCountingAws((endpoint) => deploy(["update", "nginx"], { endpoint }));
    expect(finished).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("CONTAINER_VERSION=nginx:alpine"),
    });
  });
});

describe("an AWS that can't be used", () => {
  test("ends with 5 and says how to start the local one when nobody listens", async () => {
    const finished = await deploy(["update", "nginx"], { endpoint: "http://127.0.0.1:9", image: "nginx:1" });
    expect(finished.exitCode).toBe(5);
    expect(finished.stderr).toContain("AWS could not be reached");
    expect(finished.stderr).toContain("./local start");
  }, 60_000);

  test("ends with 4 when there is no such cluster", async () => {
    const templates = await templatesFor("lost", { service: { cluster: "nowhere" } });
    expect(await run(["update", ...templates], "app:1")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("Cluster nowhere does not exist"),
    });
  });
});
