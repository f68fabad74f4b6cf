import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CodeDeployClient,
  CreateApplicationCommand,
  ListDeploymentsCommand,
  BatchGetDeploymentsCommand,
  type DeploymentInfo,
} from "@aws-sdk/client-codedeploy";
import { ECSClient, type CreateServiceRequest } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import { startApiProxy, type FaultShares } from "../../scripts/bench/api-proxy.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deploy } from "./deploy-command.ts";
import type { RecordedRun, Report } from "./deploy-world.ts";
import { startBundle } from "./killed-runs.ts";
import { settingsFor, type ClientSettings } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";

type LocalOptions = NonNullable<Parameters<typeof startLocalForTests>[0]>;

/** How a service's deployments get their traffic, as the environments file says it. */
export interface GroupSettings {
  readonly deploymentConfig?: string;
  readonly approvalMinutes?: number;
  readonly terminationMinutes?: number;
}

/** What one test's service is. */
export interface CodeDeployService {
  readonly name: string;
  readonly settings?: GroupSettings;
  readonly alarms?: readonly string[];
  readonly service?: Partial<CreateServiceRequest>;
  /** `appspec.yaml`. */
  readonly appSpec?: string;
}

const firstPriority = 40_100;

/**
 * A local AWS with a load balancer of two listeners, a CodeDeploy application, and a project of its own whose
 * environments file the tests write.
 */
export class CodeDeployWorld {
  readonly local: LocalForTests;
  readonly speed: number;
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly codeDeploy: CodeDeployClient;
  readonly settings: ClientSettings;
  readonly project: string;
  readonly #ssm: SSMClient;
  readonly #subnets: readonly string[];
  readonly #vpc: string;
  readonly #services = new Map<string, GroupSettings>();
  #written = 0;
  #listeners = { production: "", test: "" };

  private constructor(local: LocalForTests, speed: number, project: string, subnets: string[], vpc: string) {
    this.settings = settingsFor(local, local.region, 5);
    this.local = local;
    this.speed = speed;
    this.project = project;
    this.ecs = new ECSClient(this.settings);
    this.elb = new ElasticLoadBalancingV2Client(this.settings);
    this.codeDeploy = new CodeDeployClient(this.settings);
    this.#ssm = new SSMClient(this.settings);
    this.#subnets = subnets;
    this.#vpc = vpc;
  }

  static async start(speed: number, options: LocalOptions = {}): Promise<CodeDeployWorld> {
    const project = await mkdtemp(path.join(os.tmpdir(), "slipway-codedeploy-"));
    const local = await startLocalForTests({ speed, throttle: false, ...options });
    const { outputs } = await createQuickEnvironment(local, {
      name: "test",
      hosts: 0,
      instanceType: "t3.small",
    });
    // The launcher bundles what is out of date; the runs then start the bundle itself.
    await deploy(["--version"], { endpoint: local.endpoint });
    await cp(path.join(projectRoot(), "dist"), path.join(project, "dist"), { recursive: true });
    for (const file of ["cdktf.json", "package.json"]) {
      await cp(path.join(projectRoot(), file), path.join(project, file));
    }
    const subnets = (outputs.get("private-subnet-ids") ?? "").split(",");
    const world = new CodeDeployWorld(local, speed, project, subnets, outputs.get("vpc-id") ?? "");
    await world.#makeListeners();
    await world.codeDeploy.send(
      new CreateApplicationCommand({ applicationName: "test", computePlatform: "ECS" }),
    );
    await world.output("codedeploy-application", "test");
    await world.output("codedeploy-role-arn", "arn:aws:iam::123456789012:role/ecs/test_codedeploy");
    return world;
  }

  async stop(): Promise<void> {
    await this.local.stop();
    await rm(this.project, { recursive: true, force: true });
  }

  /** Publishes a stack's output. */
  async output(name: string, value: string): Promise<void> {
    await this.#ssm.send(
      new PutParameterCommand({
        Name: `/slipway/test/${name}`,
        Value: value,
        Type: "String",
        Overwrite: true,
      }),
    );
  }

  async #makeListeners(): Promise<void> {
    const { LoadBalancers: [balancer] = [] } = await this.elb.send(new DescribeLoadBalancersCommand({}));
    const { LoadBalancerArn } = balancer ?? {};
    const { Listeners: [production] = [] } = await this.elb.send(
      new DescribeListenersCommand({ LoadBalancerArn }),
    );
    const { Listeners: [test] = [] } = await this.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Port: 8080,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
    this.#listeners = { production: production?.ListenerArn ?? "", test: test?.ListenerArn ?? "" };
    await this.output("alb-external-listener-arn", this.#listeners.production);
    await this.output("alb-external-test-listener-arn", this.#listeners.test);
  }

  /** Makes what the stacks make for a service, writes its templates, and says it in the environments file. */
  async prepare({ name, settings, alarms, service, appSpec }: CodeDeployService): Promise<string> {
    // Before anything is waited for: several tests prepare side by side.
    const priority = firstPriority + this.#services.size;
    this.#services.set(name, settings ?? {});
    const groups: string[] = [];
    for (const color of ["blue", "green"]) {
      const { TargetGroups: [group] = [] } = await this.elb.send(
        new CreateTargetGroupCommand({
          Name: `${name}-${color}`,
          Protocol: "HTTP",
          Port: 80,
          VpcId: this.#vpc,
          TargetType: "ip",
          HealthCheckIntervalSeconds: 10,
          HealthyThresholdCount: 2,
        }),
      );
      const TargetGroupArn = group?.TargetGroupArn ?? "";
      groups.push(TargetGroupArn);
      const delay = { Key: "deregistration_delay.timeout_seconds", Value: "10" };
      await this.elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
      await this.output(`service-${name}-${color}-target-group-name`, `${name}-${color}`);
    }
    for (const ListenerArn of Object.values(this.#listeners)) {
      await this.elb.send(
        new CreateRuleCommand({
          ListenerArn,
          Priority: priority,
          Conditions: [{ Field: "path-pattern", Values: [`/${name}`] }],
          Actions: [{ Type: "forward", TargetGroupArn: groups[0] }],
        }),
      );
    }
    if (alarms !== undefined) await this.output(`service-${name}-alarm-names`, alarms.join(","));
    await this.#writeEnvironments();
    return this.writeTemplates(
      { name, ...(service === undefined ? {} : { service }), ...(appSpec === undefined ? {} : { appSpec }) },
      groups[0] ?? "",
    );
  }

  /** Changes what the environments file says of a service's deployments. */
  async settle(name: string, settings: GroupSettings): Promise<void> {
    this.#services.set(name, settings);
    await this.#writeEnvironments();
  }

  /** @returns the templates folder */
  async writeTemplates(
    { name, service, appSpec }: CodeDeployService,
    targetGroupArn: string,
  ): Promise<string> {
    const templates = path.join(this.project, `templates-${name}`);
    const folder = path.join(templates, name);
    await mkdir(folder, { recursive: true });
    const definition = {
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "256",
      memory: "512",
      containerDefinitions: [
        { name: "app", image: "@@VERSION@@", essential: true, portMappings: [{ containerPort: 80 }] },
      ],
    };
    const written = {
      serviceName: name,
      cluster: "test",
      desiredCount: 1,
      launchType: "FARGATE",
      deploymentController: { type: "CODE_DEPLOY" },
      networkConfiguration: { awsvpcConfiguration: { subnets: this.#subnets } },
      loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 80 }],
      ...service,
    };
    await writeFile(path.join(folder, "task-definition.json"), JSON.stringify(definition));
    await writeFile(path.join(folder, "service.json"), JSON.stringify(written));
    if (appSpec !== undefined) await writeFile(path.join(folder, "appspec.yaml"), appSpec);
    return templates;
  }

  async #writeEnvironments(): Promise<void> {
    const services = [...this.#services].map(([name, settings], index) => [
      name,
      {
        containerPort: 80,
        networkMode: "awsvpc",
        blueGreen: {
          by: "codeDeploy",
          host: `${name}.example.com`,
          priority: firstPriority + index,
          terminationMinutes: 1,
          ...settings,
        },
      },
    ]);
    const file = {
      users: { deployerAccessKey: false },
      environments: {
        test: {
          region: this.local.region,
          network: { cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"], nat: "one" },
          loadBalancers: { external: { listenerPort: 80, testListenerPort: 8080 } },
          cluster: { ec2: null },
          services: Object.fromEntries(services) as object,
        },
      },
    };
    // Renamed into place, since runs of other tests read it meanwhile.
    this.#written += 1;
    const whole = path.join(this.project, `environments-${this.#written}`);
    await writeFile(whole, JSON.stringify(file));
    await rename(whole, path.join(this.project, "environments.jsonc"));
  }

  /** Runs the deploy script and records its calls. */
  async run(
    args: readonly string[],
    { image, faults }: { readonly image?: string; readonly faults?: FaultShares } = {},
  ): Promise<RecordedRun> {
    const { endpoint } = this.local;
    const proxy = await startApiProxy({ endpoint, ...(faults === undefined ? {} : { faults }) });
    try {
      const command = {
        args: [...args, "--output", "json"],
        speed: this.speed,
        root: this.project,
        ...(image === undefined ? {} : { image }),
      };
      const { stdout, stderr, exitCode } = await startBundle(command, proxy.endpoint);
      const report = (stdout.startsWith("{") ? JSON.parse(stdout) : { services: [] }) as Report;
      return { stdout, stderr, report, calls: proxy.calls, ...(exitCode === undefined ? {} : { exitCode }) };
    } finally {
      await proxy.stop();
    }
  }

  /** The deployments of a service's group, oldest first. */
  async deployments(name: string): Promise<readonly DeploymentInfo[]> {
    const { deployments = [] } = await this.codeDeploy.send(
      new ListDeploymentsCommand({ applicationName: "test", deploymentGroupName: name }),
    );
    if (deployments.length === 0) return [];
    const { deploymentsInfo = [] } = await this.codeDeploy.send(
      new BatchGetDeploymentsCommand({ deploymentIds: deployments }),
    );
    const oldestFirst = [...deployments].reverse();
    return oldestFirst.flatMap((id) => deploymentsInfo.find(({ deploymentId }) => deploymentId === id) ?? []);
  }

  /** Weights of the production rule of a service, by colour. */
  async weights(name: string): Promise<Readonly<Record<string, number>>> {
    const { Rules = [] } = await this.elb.send(
      new DescribeRulesCommand({ ListenerArn: this.#listeners.production }),
    );
    const rule = Rules.find(({ Conditions = [] }) =>
      Conditions.some(({ Values = [], PathPatternConfig }) =>
        [...Values, ...(PathPatternConfig?.Values ?? [])].includes(`/${name}`),
      ),
    );
    const [action] = rule?.Actions ?? [];
    const only = action?.TargetGroupArn;
    const groups =
      action?.ForwardConfig?.TargetGroups ??
      (only === undefined ? [] : [{ TargetGroupArn: only, Weight: 1 }]);
    return Object.fromEntries(
      groups.map(({ TargetGroupArn = "", Weight = 0 }) => [
        TargetGroupArn.includes("-blue/") ? "blue" : "green",
        Weight,
      ]),
    );
  }
}
