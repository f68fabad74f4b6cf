import { mkdtemp, readFile, rm } from "node:fs/promises";
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
  type LoadBalancer,
  type RegisterTaskDefinitionCommandInput,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import {
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { startApiProxy, type ProxiedCall } from "../../scripts/bench/api-proxy.ts";
import { createQuickEnvironment, type QuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import type { LocalHooks } from "../../scripts/local/hooks/invoker.ts";
import { createGroup, createTwoRules, given } from "./blue-green-groups.ts";
import { deploy } from "./deploy-command.ts";
import { EndStates } from "./end-state.ts";
import { startBundle } from "./killed-runs.ts";
import { settingsFor, type ClientSettings } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";
import { writeNativeTemplates, type NativeSite, type NativeTemplate } from "./native-templates.ts";
import { told, type ToldRun } from "./told-run.ts";

export type { NativeSite } from "./native-templates.ts";
export { told } from "./told-run.ts";

/** A run with the calls that it made. */
export interface NativeRun extends ToldRun {
  readonly calls: readonly ProxiedCall[];
}

/** The verbs that wait for a deployment. */
const waiting = new Set(["create", "update", "activate", "rollback"]);

/** The role that the services of a test have ECS move their traffic with. */
export const infrastructureRoleArn = "arn:aws:iam::123456789012:role/ecs/traffic/test_ecs_infrastructure";

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
    const place = { listenerArn: await this.#listener(), name, priority: 2_000 + number * 10 };
    const rule = await createTwoRules(this.elb, place, blue, green);
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
    await writeNativeTemplates(site, template, {
      subnets: given(this.#environment.outputs.get("private-subnet-ids")).split(","),
      securityGroups: [given(this.#environment.outputs.get("task-security-group-id"))],
    });
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

  /** Starts the deploy script as a process of its own. It waits for two hours unless told otherwise. */
  start(args: readonly string[], { templates }: NativeSite, image?: string, endpoint = this.local.endpoint) {
    const [verb = ""] = args;
    // The usual ten minutes are two seconds at this speed, too few where one run waits for another's start.
    const patience = waiting.has(verb) && !args.includes("--timeout") ? ["--timeout", "2h"] : [];
    const command = { args: [...args, ...patience, "--templates", templates], speed: this.speed };
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

  #group(Name: string): Promise<string> {
    const VpcId = this.#environment.outputs.get("vpc-id");
    return createGroup(this.elb, { Name, TargetType: "ip", VpcId, HealthCheckTimeoutSeconds: 5 });
  }

  async #listener(): Promise<string | undefined> {
    const { TargetGroups } = await this.elb.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [this.#environment.targetGroupArn] }),
    );
    const { Listeners } = await this.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: TargetGroups?.[0]?.LoadBalancerArns?.[0] }),
    );
    return Listeners?.[0]?.ListenerArn;
  }
}
