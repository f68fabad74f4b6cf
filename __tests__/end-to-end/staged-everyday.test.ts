import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { ServiceStatus } from "../../scripts/core/status/model.ts";
import type { StagedDeleteReport } from "../../scripts/terminal/staged-delete-text.ts";
import type { PruneReport, RevisionsReport } from "../../scripts/terminal/revisions-text.ts";
import { startAndKill, type Moment } from "../helpers/killed-runs.ts";
import { StageWorld, type RunOptions } from "../helpers/stage-world.ts";
import { scaledIn, stagedEndState } from "../helpers/staged-end-state.ts";
import { describeService } from "../helpers/steady-services.ts";

jest.setTimeout(240_000);

let world: StageWorld;
let templates: string;
/** Ids of what stands: it had the traffic; it has it; it never had it. */
let retired: string;
let active: string;
let staged: string;

const serviceOf = (id: string): string => `test-shop-${id}`;

/** Runs any verb to its end. */
async function run(args: readonly string[], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await world.running(args, options);
  return { exitCode, stdout, stderr };
}

/** Runs it with `--output json`, and reads its document. */
async function documentOf<Document>(args: readonly string[], options: RunOptions = {}): Promise<Document> {
  const { stdout, stderr } = await run([...args, "--output", "json"], options);
  if (!stdout.startsWith("{"))
    throw new Error(`${args.join(" ")} printed no document:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as Document;
}

async function recordedHosts(): Promise<readonly string[]> {
  const { ResourceRecordSets = [] } = await world.route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: world.surroundings.hostedZoneId }),
  );
  return ResourceRecordSets.flatMap(({ Type, Name = "" }) => (Type === "A" ? [Name] : []));
}

async function templatesOf(name: string): Promise<string> {
  return name === "shop" ? templates : world.templates(name);
}

async function stage(name: string, image: string): Promise<string> {
  const { document, stderr } = await world.run("stage", [name], {
    image,
    templates: await templatesOf(name),
  });
  if (document.outcome !== "staged") throw new Error(stderr);
  return document.deploymentId;
}

async function bringLive(name: string, image: string): Promise<string> {
  const id = await stage(name, image);
  const { exitCode, stderr } = await run(["activate", name, "--no-wait"]);
  if (exitCode !== 0) throw new Error(stderr);
  return id;
}

beforeAll(async () => {
  world = await StageWorld.start(200, { applications: ["shop", "going", "moved", "busy"] });
  templates = await world.templates("shop");
  retired = await bringLive("shop", "app:1");
  active = await bringLive("shop", "app:2");
  staged = await stage("shop", "app:3");
});

afterAll(async () => {
  await world.stop();
});

describe("the everyday verbs, where each deployment is a service of its own", () => {
  test("say how to make one while none stands, and have nothing to delete", async () => {
    for (const verb of ["status", "logs", "exec", "run"]) {
      const { exitCode, stderr } = await run([verb, "web"]);
      expect([verb, exitCode]).toEqual([verb, 4]);
      expect(stderr).toMatch(/web has no deployment in environment test\. \.\/deploy stage makes one/);
    }
    const gone = await run(["delete", "web", "--confirm", "web"]);
    expect(gone).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/nothing to do/) as unknown });
  });

  test("show every deployment, and logs and exec take the active one", async () => {
    const { services } = await documentOf<{ services: readonly ServiceStatus[] }>(["status", "shop"]);
    expect(services).toMatchObject([
      { service: serviceOf(active), staged: { deploymentId: active, state: "active", trafficPercent: 100 } },
      { service: serviceOf(staged), staged: { deploymentId: staged, state: "staged", version: "3" } },
      { service: serviceOf(retired), staged: { deploymentId: retired, state: "retired" } },
    ]);
    const text = await run(["status", "shop"]);
    expect(text.stdout).toContain(`shop: deployment ${active} (version 2), active, with 100 % of the live`);
    const one = await run(["status", "shop", "--id", staged]);
    expect(one.stdout).toContain(`activate shop --id ${staged}`);
    expect(one.stdout).not.toContain(serviceOf(active));
    expect(await run(["status", "rolling", "--id", staged])).toMatchObject({ exitCode: 2 });
    // One that does not stand keeps nobody from seeing the others.
    const both = await run(["status", "shop", "api"]);
    expect(both).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining(serviceOf(active)) as unknown,
    });
    expect(both.stderr).toContain("api has no deployment in environment test");

    // These tasks log nowhere, and run without ECS Exec; which of them are meant is what counts.
    expect((await run(["logs", "shop"])).stderr).toContain(`shop: deployment ${active} (version 2, active)`);
    const other = await run(["logs", "shop", "--id", retired]);
    expect(other.stderr).toContain(`shop: deployment ${retired} (version 1, retired)`);
    const unknown = await run(["logs", "shop", "--id", "0".repeat(12)]);
    expect(unknown).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(staged) as unknown });
    const exec = await run(["exec", "shop"]);
    expect(exec).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining(serviceOf(active)) as unknown,
    });
    const again = await run(["run", "shop", "--dry-run"]);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("test_shop:2") as unknown });
  });

  test("compare, check and render the templates as stage sends them", async () => {
    const same = await run(["diff", "shop", "--exit-code"], { templates });
    expect(same).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(active) as unknown });
    const differs = await run(["diff", "shop", "--exit-code"], { templates, image: "app:9" });
    expect(differs).toMatchObject({ exitCode: 4, stdout: expect.stringContaining("app:9") as unknown });
    for (const options of [{ templates }, { templates, image: "app:9" }]) {
      const verified = await run(["verify", "shop"], options);
      expect([verified.exitCode, verified.stderr]).toEqual([0, expect.not.stringContaining("FAILED")]);
    }
    const rendered = await documentOf<{ services: Record<string, object> }>(["render", "shop"], {
      templates,
      image: "app:9",
    });
    expect(rendered.services["shop"]).toMatchObject({
      registerTaskDefinition: { family: "test_shop", taskRoleArn: expect.stringMatching(/test_shop_task/) },
      createService: {
        serviceName: expect.stringMatching(/^test-shop-\w{12}$/),
        loadBalancers: [{ targetGroupArn: "@@TARGET_GROUP_ARN@@", containerPort: 80 }],
      },
    });
    expect(rendered.services["shop"]).not.toHaveProperty("updateService");
    const init = await run(["init", "shop", "--templates", "written"]);
    expect(init).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining(serviceOf(active)) as unknown,
    });
  });

  test("prune no revision that a deployment runs or a rollback goes to", async () => {
    for (const image of ["app:left", "app:newest"]) {
      const containerDefinitions = [{ name: "app", image, memory: 64 }];
      await world.ecs.send(new RegisterTaskDefinitionCommand({ family: "test_shop", containerDefinitions }));
    }
    const listed = await documentOf<RevisionsReport>(["revisions", "shop"]);
    expect(listed.revisions.map(({ revision, usedBy }) => [revision, ...usedBy])).toEqual([
      ["test_shop:5"],
      ["test_shop:4"],
      ["test_shop:3", serviceOf(staged)],
      ["test_shop:2", serviceOf(active)],
      ["test_shop:1", serviceOf(retired)],
    ]);
    const rollsBackTo = listed.revisions.filter(({ rollbackTarget }) => rollbackTarget);
    expect(rollsBackTo).toMatchObject([{ revision: "test_shop:1" }]);
    const pruned = await documentOf<PruneReport>(["revisions", "shop", "--keep-revisions", "1"]);
    expect(pruned).toMatchObject({ outcome: "pruned", revisions: ["test_shop:4"] });
  });
});

describe("autoscaling by template, where each deployment is a service of its own", () => {
  const day = {
    ScheduledActionName: "day",
    Schedule: "cron(0 8 ? * MON-FRI *)",
    ScalableTargetAction: { MinCapacity: 4 },
  };
  const requests = (value: number, label: object = {}) => ({
    PolicyName: "requests",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: value,
      PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget", ...label },
    },
  });
  const templatesFor = (least: number, most: number, policy: object): Promise<string> =>
    world.templates("busy", {
      service: { desiredCount: undefined },
      autoscaling: {
        MinCapacity: least,
        MaxCapacity: most,
        ScalingPolicies: [policy],
        ScheduledActions: [day],
      },
    });
  const stageScaled = async (image: string, folder: string): Promise<string> => {
    const { document, stderr } = await world.run("stage", ["busy"], { image, templates: folder });
    if (document.outcome !== "staged") throw new Error(stderr);
    return document.deploymentId;
  };
  const name = (id: string): string => `test-busy-${id}`;
  const resize = (id: string, desiredCount: number) =>
    world.ecs.send(new UpdateServiceCommand({ cluster: "test", service: name(id), desiredCount }));
  const told = (id: string, range: string, value: number, suspended = ""): string =>
    `${name(id)} ${range} by requests ${value} of targetgroup/${name(id)} at day without ${suspended}`;
  const held = "DynamicScalingIn,DynamicScalingOut,ScheduledScaling";

  test("is made with each deployment, scales the active one alone, and goes with it", async () => {
    const first = await templatesFor(2, 6, requests(1_000));
    const labelled = await templatesFor(2, 6, requests(1_000, { ResourceLabel: "app/a/1/targetgroup/b/2" }));
    const refused = await run(["stage", "busy"], { image: "app:1", templates: labelled });
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("ResourceLabel") as unknown,
    });

    const rendered = await documentOf<{ services: Record<string, object> }>(["render", "busy"], {
      templates: first,
      image: "app:1",
    });
    expect(rendered.services["busy"]).toMatchObject({
      registerScalableTarget: {
        ResourceId: expect.stringMatching(/^service\/test\/test-busy-\w{12}$/) as unknown,
        MaxCapacity: 6,
        SuspendedState: { DynamicScalingInSuspended: true, ScheduledScalingSuspended: true },
      },
      putScalingPolicy: [requests(1_000, { ResourceLabel: "@@RESOURCE_LABEL@@" })],
    });

    const old = await stageScaled("app:1", first);
    expect(await scaledIn(world, "test-busy-")).toEqual([told(old, "2-6", 1_000, held)]);
    expect(await run(["activate", "busy"])).toMatchObject({ exitCode: 0 });
    expect(await scaledIn(world, "test-busy-")).toEqual([told(old, "2-6", 1_000)]);

    // By day, under load.
    const target = {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: `service/test/${name(old)}`,
    } as const;
    const scaling = new ApplicationAutoScalingClient(world.local.settings);
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 4 }));
    scaling.destroy();
    expect(await describeService(world.ecs, name(old))).toMatchObject({ desiredCount: 4 });
    const second = await templatesFor(1, 10, requests(500));
    const fresh = await stageScaled("app:2", second);
    await resize(old, 6);
    expect(await run(["activate", "busy", "--canary", "10%", "--bake", "5s"])).toMatchObject({
      exitCode: 0,
    });
    expect(await describeService(world.ecs, name(fresh))).toMatchObject({ desiredCount: 6, runningCount: 6 });
    expect((await scaledIn(world, "test-busy-")).toSorted()).toEqual(
      [told(old, "4-6", 1_000, held), told(fresh, "4-10", 500)].toSorted(),
    );
    const same = await run(["diff", "busy", "--exit-code"], { templates: second });
    expect([same.exitCode, same.stdout]).toEqual([0, expect.any(String)]);
    const differs = await run(["diff", "busy", "--exit-code"], { templates: first });
    expect(differs).toMatchObject({ exitCode: 4 });
    expect(differs.stdout).toContain("MaxCapacity: 10 → 6");
    expect((await run(["verify", "busy"], { templates: first })).stdout).toContain("2 to 6 tasks");
    expect((await run(["status", "busy", "--id", old])).stdout).toMatch(
      /4 to 6 tasks, by requests, suspended: scale-in, scale-out, scheduled; on schedule day/,
    );

    // The old one kept its size, and is scaled again with what was its own.
    expect(await run(["rollback", "busy"])).toMatchObject({ exitCode: 0 });
    expect(await describeService(world.ecs, name(old))).toMatchObject({ desiredCount: 6, runningCount: 6 });
    expect((await scaledIn(world, "test-busy-")).toSorted()).toEqual(
      [told(old, "4-6", 1_000), told(fresh, "4-10", 500, held)].toSorted(),
    );

    // What is staged is brought to a template that was changed; nothing else is made.
    const next = await stageScaled("app:3", second);
    const third = await templatesFor(1, 8, requests(500));
    expect(await stageScaled("app:3", third)).toBe(next);
    expect(await scaledIn(world, "test-busy-")).toContain(told(next, "1-8", 500, held));
    const again = await world.run("stage", ["busy"], { image: "app:3", templates: third });
    expect(again.document.outcome).toBe("nothingToDo");

    const deleted = await run(["delete", "busy", "--confirm", "busy"]);
    expect([deleted.exitCode, deleted.stderr]).toEqual([0, expect.any(String)]);
    expect(await stagedEndState(world, "busy")).toMatchObject({ services: [], scaled: [], alarms: 0 });
  });
});

describe("delete of an application whose deployments are services of their own", () => {
  test("asks for the name, and changes nothing with another, without one, and with --dry-run", async () => {
    const before = await stagedEndState(world, "shop");
    expect(await run(["delete", "shop", "--confirm", "web"])).toMatchObject({ exitCode: 2 });
    const alone = await run(["delete", "shop"]);
    expect(alone).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--confirm shop") as unknown,
    });
    expect(await run(["delete", "shop", "--confirm", "shop", "--no-wait"])).toMatchObject({ exitCode: 2 });
    const planned = await documentOf<StagedDeleteReport>(["delete", "shop", "--dry-run"]);
    expect(planned).toMatchObject({
      outcome: "planned",
      steps: [{ kind: "retireLiveRule" }, { kind: "deleteLiveRecord" }],
      deployments: [{ deploymentId: retired }, { deploymentId: active }, { deploymentId: staged }],
    });
    expect(await stagedEndState(world, "shop")).toEqual(before);
  });

  test("leaves nothing but its role and family, however often the run is killed", async () => {
    await bringLive("going", "app:1");
    await bringLive("going", "app:2");
    await stage("going", "app:3");
    const args = ["delete", "going", "--confirm", "going", "--output", "json"];
    const moments: readonly Moment[] = [
      { when: "after", name: "elasticloadbalancing:ModifyRule", nth: 1 },
      { when: "after", name: "ecs:DeleteService", nth: 2 },
      { when: "after", name: "elasticloadbalancing:DeleteTargetGroup", nth: 1 },
    ];
    const start = (endpoint: string) => world.running(args, { endpoint });
    expect(await world.answer("going.example.com")).toMatchObject({ status: 200 });
    expect(await recordedHosts()).toContain("going.example.com.");
    for (const moment of moments) {
      const { killedAt, finished } = await startAndKill(start, world.local.endpoint, moment);
      expect([moment.name, killedAt?.name, finished.stderr]).toEqual([
        moment.name,
        moment.name,
        expect.any(String),
      ]);
      // What no rule is for, the listener's own answer is.
      expect(await world.answer("going.example.com")).toEqual(await world.answer("nobody.example.com"));
    }
    const { exitCode, stdout, stderr } = await start(world.local.endpoint);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    const report = JSON.parse(stdout) as StagedDeleteReport;
    expect(report.outcome).toBe("deleted");
    expect(await stagedEndState(world, "going")).toMatchObject({
      targetGroups: [],
      rules: [],
      records: [],
      services: [],
      activeRevisions: 0,
      role: expect.stringContaining("/ecs/") as unknown,
      locks: [],
    });
    expect(await recordedHosts()).not.toContain("going.example.com.");
    expect(await run(["delete", "going", "--confirm", "going"])).toMatchObject({ exitCode: 0 });
  });

  test("takes a service of the very name first, and does not take the application for it when it runs again", async () => {
    const id = await bringLive("moved", "app:1");
    const live = await describeService(world.ecs, `test-moved-${id}`);
    await world.ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "moved",
        taskDefinition: live?.taskDefinition,
        desiredCount: 0,
        launchType: "FARGATE",
        networkConfiguration: live?.networkConfiguration,
      }),
    );
    const old = await run(["delete", "moved", "--confirm", "moved"]);
    expect(old).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("the deployments stay as they are") as unknown,
    });
    const again = await run(["delete", "moved", "--confirm", "moved"]);
    expect(again).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("can't be told") as unknown,
    });
    expect(await world.states("moved")).toEqual(["1 active 100"]);
    expect(again.stderr).toContain("--confirm moved.example.com");
    expect(await run(["delete", "moved", "--confirm", "moved.example.com"])).toMatchObject({ exitCode: 0 });
    expect(await world.states("moved")).toEqual([]);
  });
});
