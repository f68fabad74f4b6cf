import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type DeploymentConfiguration,
  type LoadBalancer,
  type RegisterTaskDefinitionCommandInput,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { startApiProxy, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import type { DeploymentEvent } from "../../scripts/core/events.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import type { LocalHooks } from "../../scripts/local/hooks/invoker.ts";
import { deploy, type Finished } from "./deploy-command.ts";
import { EndStates } from "./end-state.ts";
import { startBundle } from "./killed-runs.ts";
import { settingsFor, type ClientSettings } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";

/** A service whose traffic ECS shifts, with all that it stands on. */
export interface NativeSite {
  readonly name: string;
  readonly templates: string;
  readonly loadBalancer: LoadBalancer;
}

/** What a test asks of the service's template. */
export interface NativeTemplate {
  readonly deploymentConfiguration: DeploymentConfiguration;
  /** @default with every member of advancedConfiguration */
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly desiredCount?: number;
  readonly dependsOn?: readonly string[];
  /** @default the image of the run */
  readonly image?: string;
}

/** What a run with `--events ndjson` told. */
export interface ToldRun extends Finished {
  readonly events: readonly DeploymentEvent[];
  /** How it ended, by service. */
  readonly ended: Readonly<Record<string, Extract<DeploymentEvent, { type: "ended" }>>>;
}

/** A run with the calls that it made. */
export interface NativeRun extends ToldRun {
  readonly calls: readonly ProxiedCall[];
}

/** Reads what a run with `--events ndjson` has told. */
export function told({ stdout, stderr, exitCode }: Finished): ToldRun {
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"at"'));
  const events = lines.map((line) => JSON.parse(line) as DeploymentEvent);
  const ends = events.filter((event) => event.type === "ended");
  return {
    stdout,
    stderr,
    events,
    ended: Object.fromEntries(ends.map((event) => [event.service, event])),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

const given = (value: string | undefined): string => {
  if (value === undefined) throw new Error("AWS left out a value that it always gives.");
  return value;
};

/** The role that the services of a test have ECS move their traffic with. */
export const infrastructureRoleArn = "arn:aws:iam::123456789012:role/ecs/test_ecs_infrastructure";

/** A local AWS with services that ECS deploys blue/green, for tests of the deploy script. */
export class NativeDeployWorld {
  readonly local: LocalForTests;
  readonly settings: ClientSettings;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly states: EndStates;
  readonly speed: number;
  readonly folder: string;
  readonly #environment: QuickEnvironment;
  #sites = 0;

  private constructor(local: LocalForTests, speed: number, folder: string, environment: QuickEnvironment) {
    this.settings = settingsFor(local, local.region, 5);
    this.local = local;
    this.speed = speed;
    this.folder = folder;
    this.ecs = new ECSClient(this.settings);
    this.elb = new ElasticLoadBalancingV2Client(this.settings);
    this.states = new EndStates(this.settings);
    this.#environment = environment;
  }

  /** @param speed of the local AWS's clock; runs have the same unless told otherwise */
  static async start(speed: number, hooks: LocalHooks = {}): Promise<NativeDeployWorld> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "slipway-native-"));
    const local = await startLocalForTests({ speed, throttle: false, hooks });
    const environment = await createQuickEnvironment(local, {
      name: "test",
      hosts: 0,
      instanceType: "t3.small",
    });
    // The launcher bundles what is out of date; runs then start the bundle itself.
    await deploy(["--version"], { endpoint: local.endpoint });
    return new NativeDeployWorld(local, speed, folder, environment);
  }

  async stop(): Promise<void> {
    this.ecs.destroy();
    this.elb.destroy();
    await this.local.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Two target groups and two rules for a service, and its templates. The test rule goes by the header `x-test: yes`. */
  async site(template: NativeTemplate, templates?: string): Promise<NativeSite> {
    this.#sites += 1;
    const number = this.#sites;
    const name = `site${number}`;
    const [blue, green] = await Promise.all([this.#group(`${name}-blue`), this.#group(`${name}-green`)]);
    const rule = await this.#rules(name, 2_000 + number * 10, blue, green);
    const loadBalancer: LoadBalancer = {
      targetGroupArn: blue,
      containerName: "web",
      containerPort: 80,
      advancedConfiguration: {
        alternateTargetGroupArn: green,
        productionListenerRule: rule.production,
        testListenerRule: rule.test,
        roleArn: infrastructureRoleArn,
      },
    };
    const site = {
      name,
      templates: templates ?? (await mkdtemp(path.join(this.folder, "templates-"))),
      loadBalancer,
    };
    await this.write(site, template);
    return site;
  }

  /** Writes the service's templates anew. */
  async write(site: NativeSite, template: NativeTemplate): Promise<void> {
    const { name, templates, loadBalancer } = site;
    const { deploymentConfiguration, desiredCount = 2, loadBalancers = [loadBalancer], dependsOn } = template;
    const { image = "@@VERSION@@" } = template;
    const folder = path.join(templates, name);
    await mkdir(folder, { recursive: true });
    const definition = {
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "web", image, essential: true, portMappings: [{ containerPort: 80 }] }],
    };
    const service = {
      serviceName: name,
      cluster: "test",
      desiredCount,
      launchType: "FARGATE",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: given(this.#environment.outputs.get("private-subnet-ids")).split(","),
          securityGroups: [given(this.#environment.outputs.get("task-security-group-id"))],
        },
      },
      deploymentConfiguration,
      loadBalancers,
      ...(dependsOn === undefined ? {} : { dependsOn }),
    };
    await writeFile(path.join(folder, "task-definition.json"), JSON.stringify(definition, undefined, 2));
    await writeFile(path.join(folder, "service.json"), JSON.stringify(service, undefined, 2));
  }

  /** Brings the service to an image without the deploy script; waits for nothing. */
  async send({ name, templates }: NativeSite, image: string): Promise<void> {
    const read = async (file: string): Promise<unknown> =>
      JSON.parse((await readFile(path.join(templates, name, file), "utf8")).replaceAll("@@VERSION@@", image));
    // What this file has written.
    const definition = (await read("task-definition.json")) as RegisterTaskDefinitionCommandInput;
    const { serviceName, launchType, ...service } = (await read("service.json")) as CreateServiceCommandInput;
    const { taskDefinition: registered } = await this.ecs.send(new RegisterTaskDefinitionCommand(definition));
    const taskDefinition = registered?.taskDefinitionArn;
    const { services } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: [name] }),
    );
    await (services?.[0] === undefined
      ? this.ecs.send(new CreateServiceCommand({ ...service, serviceName, launchType, taskDefinition }))
      : this.ecs.send(new UpdateServiceCommand({ ...service, service: name, taskDefinition })));
  }

  /** Takes the service away with its rules and target groups: a load balancer has room for so many. */
  async drop({ name, loadBalancer }: NativeSite): Promise<void> {
    await this.ecs.send(new DeleteServiceCommand({ cluster: "test", service: name, force: true }));
    const { advancedConfiguration, targetGroupArn } = loadBalancer;
    const { productionListenerRule, testListenerRule, alternateTargetGroupArn } = advancedConfiguration ?? {};
    for (const RuleArn of [productionListenerRule, testListenerRule]) {
      await this.elb.send(new DeleteRuleCommand({ RuleArn }));
    }
    for (const TargetGroupArn of [targetGroupArn, alternateTargetGroupArn]) {
      await this.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    }
  }

  /** Starts the deploy script as a process of its own. */
  start(args: readonly string[], { templates }: NativeSite, image?: string, endpoint = this.local.endpoint) {
    const command = { args: [...args, "--templates", templates], speed: this.speed };
    return startBundle(image === undefined ? command : { ...command, image }, endpoint);
  }

  /** Runs the deploy script to its end, and records its events and calls. */
  async run(args: readonly string[], site: NativeSite, image?: string): Promise<NativeRun> {
    const proxy = await startApiProxy({ endpoint: this.local.endpoint });
    try {
      const finished = await this.start([...args, "--events", "ndjson"], site, image, proxy.endpoint);
      return { ...told(finished), calls: proxy.calls };
    } finally {
      await proxy.stop();
    }
  }

  /** The service's newest deployment. */
  async deployment({ name }: NativeSite): Promise<ServiceDeployment> {
    const { serviceDeployments = [] } = await this.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: "test", service: name }),
    );
    const arn = given(serviceDeployments[0]?.serviceDeploymentArn);
    const described = await this.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    const [found] = described.serviceDeployments ?? [];
    if (found === undefined) throw new Error("The service deployment was listed and cannot be described.");
    return found;
  }

  /** Polls the newest deployment until a condition holds. */
  async until(
    site: NativeSite,
    condition: (deployment: ServiceDeployment) => boolean,
    withinMs = 60_000,
  ): Promise<ServiceDeployment> {
    for (const until = Date.now() + withinMs; ;) {
      const found = await this.deployment(site);
      if (condition(found)) return found;
      if (Date.now() > until) {
        throw new Error(`${site.name} stayed ${found.status ?? ""} at ${found.lifecycleStage ?? ""}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Per cent of the production rule's requests that go to a target group. */
  async share({ loadBalancer }: NativeSite, groupArn: string | undefined): Promise<number> {
    const ruleArn = given(loadBalancer.advancedConfiguration?.productionListenerRule);
    const { Rules } = await this.elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const total = groups.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
    return (100 * (groups.find(({ TargetGroupArn }) => TargetGroupArn === groupArn)?.Weight ?? 0)) / total;
  }

  async #group(Name: string): Promise<string> {
    const { TargetGroups } = await this.elb.send(
      new CreateTargetGroupCommand({
        Name,
        TargetType: "ip",
        Protocol: "HTTP",
        Port: 80,
        VpcId: this.#environment.outputs.get("vpc-id"),
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
      }),
    );
    const TargetGroupArn = given(TargetGroups?.[0]?.TargetGroupArn);
    const delay = { Key: "deregistration_delay.timeout_seconds", Value: "60" };
    await this.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
    return TargetGroupArn;
  }

  async #rules(name: string, priority: number, blue: string, green: string) {
    const { TargetGroups } = await this.elb.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [this.#environment.targetGroupArn] }),
    );
    const { Listeners } = await this.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: TargetGroups?.[0]?.LoadBalancerArns?.[0] }),
    );
    const path = { Field: "path-pattern", Values: [`/${name}*`] };
    const header = { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-test", Values: ["yes"] } };
    const rule = async (Priority: number, Conditions: (typeof path | typeof header)[]) => {
      const { Rules } = await this.elb.send(
        new CreateRuleCommand({
          ListenerArn: Listeners?.[0]?.ListenerArn,
          Priority,
          Conditions,
          Actions: [
            {
              Type: "forward",
              ForwardConfig: {
                TargetGroups: [
                  { TargetGroupArn: blue, Weight: 1 },
                  { TargetGroupArn: green, Weight: 0 },
                ],
              },
            },
          ],
        }),
      );
      return given(Rules?.[0]?.RuleArn);
    };
    return { test: await rule(priority, [path, header]), production: await rule(priority + 1, [path]) };
  }
}
