import { UpdateServiceCommand, type Service } from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetRoleCommand, GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startApiProxy } from "../../scripts/bench/api-proxy.ts";
import type { StageReport } from "../../scripts/core/staged/stage-report.ts";
import { StageWorld, type StageRun } from "../helpers/stage-world.ts";
import { describeService } from "../helpers/steady-services.ts";

jest.setTimeout(180_000);

let world: StageWorld;

beforeAll(async () => {
  world = await StageWorld.start(60, { applications: ["whole", "idle"] });
});

afterAll(async () => {
  await world.stop();
});

/** Hosts of the zone's address records. */
async function recordedHosts(): Promise<readonly string[]> {
  const { ResourceRecordSets = [] } = await world.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: world.surroundings.hostedZoneId }),
  );
  return ResourceRecordSets.filter(({ Type }) => Type === "A").map(({ Name = "" }) =>
    Name.replace(/\.$/, ""),
  );
}

/** Names of the target groups that begin so. */
async function targetGroups(prefix: string): Promise<readonly string[]> {
  const { TargetGroups = [] } = await world.elb.send(new DescribeTargetGroupsCommand({}));
  return TargetGroups.flatMap(({ TargetGroupName = "" }) =>
    TargetGroupName.startsWith(prefix) ? [TargetGroupName] : [],
  );
}

/** Priorities of the rules of the shared listener, with the hosts that they are for. */
async function rules(): Promise<ReadonlyMap<string, string>> {
  const { Rules = [] } = await world.elb.send(
    new DescribeRulesCommand({ ListenerArn: world.surroundings.listenerArn }),
  );
  return new Map(
    Rules.flatMap(({ Priority = "", Conditions = [] }) =>
      Conditions.flatMap(({ HostHeaderConfig, Values }) =>
        (HostHeaderConfig?.Values ?? Values ?? []).map((host): [string, string] => [host, Priority]),
      ),
    ),
  );
}

async function service(name: string): Promise<Service | undefined> {
  return describeService(world.ecs, name);
}

describe("stage", () => {
  test("brings a version up at a host of its own, listed from any machine, and teardown leaves nothing of it", async () => {
    const templates = await world.templates("whole");
    const {
      document: staged,
      exitCode,
      stderr,
    } = await world.run("stage", ["whole"], { image: "app:1", templates });
    expect(stderr).toMatch(/target group test-whole-\w+ is there/);
    expect(exitCode).toBe(0);
    const { deploymentId: id, host } = staged;
    expect(staged).toMatchObject({
      outcome: "staged",
      state: "staged",
      environment: "test",
      application: "whole",
      host: `${id}.stage.example.com`,
      url: `http://${id}.stage.example.com/`,
      version: "1",
      revision: "test_whole:1",
      service: `test-whole-${id}`,
      targetGroup: `test-whole-${id}`,
      images: ["app:1"],
    });
    expect((await world.answer(host)).text).toContain("app:1");
    expect((await world.answer("whole.example.com")).text).not.toContain("app:1");
    expect(await recordedHosts()).toContain(host);
    const { document: list } = await world.run("deployments", ["whole"]);
    expect(list.deployments).toMatchObject([
      {
        id,
        version: "1",
        state: "staged",
        trafficPercent: 0,
        hosts: [host],
        tasks: { running: 1, desired: 1 },
      },
    ]);

    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "test_whole:1" }),
    );
    expect(taskDefinition).toMatchObject({
      family: "test_whole",
      taskRoleArn: "arn:aws:iam::123456789012:role/ecs/test_whole_task",
    });
    const { Role } = await world.iam.send(new GetRoleCommand({ RoleName: "test_whole_task" }));
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toMatch(/policy\/task-boundary$/);
    const { PolicyDocument = "" } = await world.iam.send(
      new GetRolePolicyCommand({ RoleName: "test_whole_task", PolicyName: "read-parameters" }),
    );
    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({
      Statement: [
        {
          Resource: [
            "arn:aws:ssm:us-east-1:123456789012:parameter/test/whole",
            "arn:aws:ssm:us-east-1:123456789012:parameter/test/whole/*",
          ],
        },
      ],
    });
    const { TargetGroups: [group] = [] } = await world.elb.send(
      new DescribeTargetGroupsCommand({ Names: [`test-whole-${id}`] }),
    );
    expect(group).toMatchObject({ TargetType: "ip", HealthCheckIntervalSeconds: 5 });
    const { Attributes = [] } = await world.elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group?.TargetGroupArn }),
    );
    expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "20" });

    const again = await world.run("stage", ["whole"], { image: "app:1", templates });
    expect(again.document).toMatchObject({ outcome: "nothingToDo", deploymentId: id, state: "staged", host });
    expect(again.exitCode).toBe(0);

    const torn = await world.run("teardown", ["whole", "--id", id]);
    expect(torn.stderr).toMatch(/of its tasks run/);
    expect(torn.document.deployments).toMatchObject([
      { deploymentId: id, outcome: "tornDown", state: "staged" },
    ]);
    expect(torn.exitCode).toBe(0);
    expect(await targetGroups("test-whole-")).toEqual([]);
    expect([...(await rules()).keys()]).not.toContain(host);
    expect(await recordedHosts()).not.toContain(host);
    expect((await service(`test-whole-${id}`))?.status).toBe("INACTIVE");
    const { taskDefinition: left } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "test_whole:1" }),
    );
    expect(left?.status).toBe("INACTIVE");
    const gone = await world.run("teardown", ["whole", "--id", id]);
    expect([gone.exitCode, gone.document.deployments]).toEqual([0, []]);
  });

  test("says what it would do with --dry-run, and does nothing of it", async () => {
    const templates = await world.templates("idle");
    const { document, exitCode } = await world.run("stage", ["idle", "--dry-run"], {
      image: "app:1",
      templates,
    });
    expect(document.steps?.map(({ kind }) => kind)).toEqual([
      "createTaskRole",
      "registerTaskDefinition",
      "createTargetGroup",
      "setDrainDelay",
      "createStageRule",
      "putRecord",
      "createService",
      "waitForDeployment",
      "waitForTargets",
      "markStaged",
    ]);
    expect(exitCode).toBe(0);
    expect(await targetGroups("test-idle-")).toEqual([]);
    const { stdout } = await world.running(["stage", "idle", "--dry-run"], { image: "app:1", templates });
    expect(stdout).toMatch(/1\. CreateRole \/ecs\/test_idle_task/);
    expect(stdout).toContain("Nothing was changed.");
  });

  test("of a version that crashes ends with 1, says why, and takes it down again", async () => {
    const templates = await world.templates("api");
    const { document, exitCode, stderr } = await world.run("stage", ["api"], {
      image: "app:2-crash-1",
      templates,
    });
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ outcome: "failed", takenDown: true, version: "2-crash-1" });
    expect(document.diagnoses?.map(({ cause }) => cause).join()).toMatch(/exited with code 1/);
    expect(stderr).toMatch(/failed/);
    expect(await targetGroups("test-api-")).toEqual([]);
    expect(await world.states("api")).toEqual([]);
  });

  test("leaves a version that crashes standing with --no-rollback, marked as failed", async () => {
    const templates = await world.templates("api");
    const options = { image: "app:2-crash-1", templates };
    const { stdout, exitCode } = await world.running(["stage", "api", "--no-rollback"], options);
    expect(stdout).toMatch(/was left standing/);
    expect(exitCode).toBe(1);
    expect(await world.states("api")).toEqual(["2-crash-1 failed 0"]);
    const { document } = await world.run("teardown", ["api"]);
    expect(document.deployments).toMatchObject([{ state: "failed", outcome: "tornDown" }]);
  });

  test("that times out goes on with the same command", async () => {
    const templates = await world.templates("api");
    const options = { image: "app:3-slow-20", templates };
    const first = await world.run("stage", ["api", "--timeout", "10s"], options);
    expect(first.exitCode).toBe(3);
    expect(first.document).toMatchObject({ outcome: "timedOut", state: "staging" });
    const second = await world.run("stage", ["api"], options);
    expect(second.stderr).toMatch(/is taken up/);
    expect(second.document).toMatchObject({
      outcome: "staged",
      deploymentId: first.document.deploymentId,
    });
    expect(second.exitCode).toBe(0);
    await world.run("teardown", ["api", "--id", first.document.deploymentId]);
  });

  test("that is interrupted says what goes on, and the same command goes on with it", async () => {
    const templates = await world.templates("api");
    const options = { image: "app:4-slow-60", templates };
    const child = world.running(["stage", "api", "--output", "json"], options);
    child.stderr.on("data", (chunk: Buffer) => {
      if (/rollout of/.test(String(chunk))) child.kill("SIGINT");
    });
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(130);
    const { deploymentId, outcome } = JSON.parse(stdout) as Record<string, string>;
    expect(outcome).toBe("interrupted");
    const second = await world.run("stage", ["api"], options);
    expect(second.document).toMatchObject({ outcome: "staged", deploymentId });
    await world.run("teardown", ["api", "--id", deploymentId ?? ""]);
  });

  test("does not wait with --no-wait, and the same command without it sees it to its end", async () => {
    const templates = await world.templates("api");
    const options = { image: "app:5", templates };
    const first = await world.run("stage", ["api", "--no-wait"], options);
    expect([first.exitCode, first.document.outcome]).toEqual([0, "started"]);
    const second = await world.run("stage", ["api"], options);
    expect(second.document).toMatchObject({ outcome: "staged", deploymentId: first.document.deploymentId });
    const another = await world.run("stage", ["api", "--force"], options);
    expect(another.document.outcome).toBe("staged");
    expect(another.document.deploymentId).not.toBe(first.document.deploymentId);
    expect(await world.states("api")).toEqual(["5 staged 0", "5 staged 0"]);
    await world.run("teardown", ["api", "--id", first.document.deploymentId]);
    // Both have the same revision, which stays as long as one of them uses it.
    const { taskDefinition } = await world.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: another.document.revision }),
    );
    expect(taskDefinition?.status).toBe("ACTIVE");
    await world.run("teardown", ["api", "--id", another.document.deploymentId]);
  });

  test("starts with as many tasks as the active deployment has, and leaves that alone", async () => {
    const templates = await world.templates("web");
    const first = await world.run("stage", ["web"], { image: "app:1", templates });
    const activated = await world.running(["activate", "web"], {});
    expect(activated.exitCode).toBe(0);
    await world.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: first.document.service, desiredCount: 3 }),
    );
    const second = await world.run("stage", ["web"], { image: "app:2", templates });
    expect((await service(second.document.service))?.desiredCount).toBe(3);
    expect((await world.answer("web.example.com")).text).toContain("app:1");
    expect(await world.states("web")).toEqual(["2 staged 0", "1 active 100"]);

    const refused = await world.run("teardown", ["web", "--id", first.document.deploymentId]);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toMatch(/is active and has 100 % of the live traffic/);

    await world.running(["activate", "web"], {});
    expect(await world.states("web")).toEqual(["2 active 100", "1 retired 0"]);
    const torn = await world.run("teardown", ["web"], {});
    expect(torn.document.deployments).toMatchObject([
      { deploymentId: first.document.deploymentId, outcome: "tornDown" },
    ]);
    expect(await world.states("web")).toEqual(["2 active 100"]);
    expect((await world.answer("web.example.com")).text).toContain("app:2");
  });
});

describe("teardown", () => {
  test("lets other runs change the application while connections drain", async () => {
    const templates = await world.templates("plain");
    const { document } = await world.run("stage", ["plain"], { image: "app:1", templates });
    let meanwhile: Promise<StageRun<StageReport>> | undefined;
    const proxy = await startApiProxy({
      endpoint: world.local.endpoint,
      before: async ({ name }) => {
        if (name !== "elasticloadbalancing:DescribeTargetHealth") return true;
        meanwhile ??= world.run("stage", ["plain", "--no-wait"], { image: "app:2", templates });
        await meanwhile;
        return true;
      },
    });
    const torn = await world.run("teardown", ["plain", "--id", document.deploymentId], {
      endpoint: proxy.endpoint,
    });
    await proxy.stop();
    expect([torn.exitCode, torn.document.deployments[0]?.outcome]).toEqual([0, "tornDown"]);
    const begun = await meanwhile;
    expect([begun?.exitCode, begun?.document.outcome]).toEqual([0, "started"]);
    expect(await world.states("plain")).toEqual(["2 staging 0"]);
    await world.run("teardown", ["plain", "--id", begun?.document.deploymentId ?? ""]);
    expect(await targetGroups("test-plain-")).toEqual([]);
  });
});

describe("two at the same moment", () => {
  test("of different applications and environments both stage on one load balancer", async () => {
    const [api, web] = await Promise.all([world.templates("api"), world.templates("web")]);
    const runs = await Promise.all([
      world.run("stage", ["api"], { image: "app:7", templates: api }),
      world.run("stage", ["web"], { image: "app:7", templates: web, env: "prod" }),
      world.run("stage", ["secure"], { image: "app:7", templates: await world.templates("secure") }),
    ]);
    expect(runs.map(({ exitCode, stderr }) => (exitCode === 0 ? "" : stderr))).toEqual(["", "", ""]);
    const hosts = runs.map(({ document }) => document.host);
    const found = await rules();
    const priorities = hosts.slice(0, 2).map((host) => found.get(host));
    expect(new Set(priorities).size).toBe(2);
    expect(priorities.every((priority) => Number(priority) >= 1000 && Number(priority) < 30_000)).toBe(true);
    expect(await world.states("web", "prod")).toEqual(["7 staged 0"]);
    const [, prod, secure] = runs;
    expect(prod.document).toMatchObject({ cluster: "prod", revision: "prod_web:1" });
    expect(secure.document.url).toMatch(/^https:\/\/\w+\.stage\.example\.com:8443\/$/);
    expect((await world.answer(secure.document.host, 8443)).text).toContain("app:7");
    const { listenerArn } = world.surroundings;
    const { Listeners: [shared] = [] } = await world.elb.send(
      new DescribeListenersCommand({ ListenerArns: [listenerArn] }),
    );
    const { Listeners = [] } = await world.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: shared?.LoadBalancerArn }),
    );
    expect(Listeners.find(({ Port }) => Port === 8443)?.SslPolicy).toMatch(/TLS13/);
    const nobody = await world.answer("nobody.example.com", 8443);
    expect(nobody.status).toBe(404);
    await Promise.all([
      world.run("teardown", ["api", "--id", runs[0].document.deploymentId]),
      world.run("teardown", ["web", "--id", prod.document.deploymentId], { env: "prod" }),
      world.run("teardown", ["secure", "--id", secure.document.deploymentId]),
    ]);
    expect(await targetGroups("prod-")).toEqual([]);
  });

  test("of one application: one has the lock, the other is refused", async () => {
    const templates = await world.templates("api");
    const runs = await Promise.all(
      ["app:8", "app:9"].map((image) => world.run("stage", ["api"], { image, templates })),
    );
    expect(runs.map(({ exitCode }) => exitCode).sort()).toEqual([0, 4]);
    const staged = runs.find(({ exitCode }) => exitCode === 0);
    await world.run("teardown", ["api", "--id", staged?.document.deploymentId ?? ""]);
  });
});

describe("other places", () => {
  test("an internal load balancer and tasks on hosts take staged deployments as well", async () => {
    const inner = await world.run("stage", ["inner"], {
      image: "app:1",
      templates: await world.templates("inner"),
    });
    expect(inner.exitCode).toBe(0);
    expect((await world.answer(inner.document.host, 80, "test-internal")).text).toContain("app:1");
    const templates = await world.templates("hosted", {
      definition: {
        networkMode: "bridge",
        requiresCompatibilities: ["EC2"],
        containerDefinitions: [
          {
            name: "app",
            image: "@@CONTAINER_VERSION@@",
            memory: 64,
            portMappings: [{ containerPort: 80, hostPort: 0 }],
          },
        ],
      },
      service: {
        launchType: "EC2",
        networkConfiguration: undefined,
        loadBalancers: [{ targetGroupArn: "@@TARGET_GROUP_ARN@@", containerName: "app", containerPort: 80 }],
      },
    });
    const hosted = await world.run("stage", ["hosted"], { image: "app:1", templates });
    expect(hosted.stderr).not.toMatch(/error/);
    expect(hosted.exitCode).toBe(0);
    expect((await world.answer(hosted.document.host)).text).toContain("app:1");
    await world.run("teardown", ["inner", "--id", inner.document.deploymentId]);
    await world.run("teardown", ["hosted", "--id", hosted.document.deploymentId]);
    const { Listeners = [] } = await world.elb.send(
      new DescribeListenersCommand({
        LoadBalancerArn: inner.document.host === "" ? "" : undefined,
        ListenerArns: [world.surroundings.listenerArn],
      }),
    );
    expect(Listeners).toHaveLength(1);
  });
});

describe("bad input", () => {
  test.each([
    ["a service that rolls", "rolling", {}, /"by": "stage"/],
    [
      "two load balancers",
      "api",
      {
        loadBalancers: [
          { containerName: "app", containerPort: 80 },
          { containerName: "app", containerPort: 80 },
        ],
      },
      /loadBalancers has 2 entries/,
    ],
    [
      "another strategy",
      "api",
      { deploymentController: { type: "CODE_DEPLOY" as const } },
      /deploymentController\.type is CODE_DEPLOY/,
    ],
    [
      "a registry of its own",
      "api",
      {
        serviceRegistries: [{ registryArn: "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1" }],
      },
      /serviceRegistries would send requests/,
    ],
  ])("%s is refused with 2, and nothing is changed", async (_, name, service, message) => {
    const templates = await world.templates(name, { service });
    const { exitCode, stderr } = await world.run("stage", [name], { image: "app:1", templates });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test("another protocol on the port, no image, no id: each says what to set", async () => {
    const web = await world.templates("web");
    const odd = await world.run("stage", ["odd"], {
      image: "app:1",
      templates: await world.templates("odd"),
    });
    expect([odd.exitCode, odd.stderr]).toEqual([
      4,
      expect.stringMatching(/port 8081 has protocol HTTP, .* HTTPS/),
    ]);
    const image = await world.run("stage", ["web"], { templates: web });
    expect([image.exitCode, image.stderr]).toEqual([
      2,
      expect.stringContaining("CONTAINER_VERSION is not set"),
    ]);
    const id = await world.run("teardown", ["web", "--id", "nonsense"]);
    expect(id.exitCode).toBe(2);
    const updated = await world.running(["update", "web"], { image: "app:1", templates: web });
    expect([updated.exitCode, updated.stderr]).toEqual([2, expect.stringContaining("./deploy stage web")]);
  });
});
