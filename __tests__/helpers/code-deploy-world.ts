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
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import { groupsOf } from "../../scripts/core/staged/rules.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { createGroup } from "./blue-green-groups.ts";
import { codeDeployEnvironments, priorityAfter, type GroupSettings } from "./code-deploy-environments.ts";
import { deploy } from "./deploy-command.ts";
import { fargateDefinition } from "./fargate-definition.ts";
import { settingsFor, type ClientSettings } from "./local-admin.ts";
import { startLocalForTests, type LocalForTests } from "./local-for-tests.ts";
import { recordRun, type RecordedRun, type RunSetting } from "./record-run.ts";

type LocalOptions = NonNullable<Parameters<typeof startLocalForTests>[0]>;

/** What one test's service is. */
export interface CodeDeployService {
  readonly name: string;
  readonly settings?: GroupSettings;
  readonly alarms?: readonly string[];
  readonly service?: Partial<CreateServiceRequest>;
  /** `appspec.yaml`. */
  readonly appSpec?: string;
}

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
    await world.output("codedeploy-role-arn", "arn:aws:iam::123456789012:role/ecs/traffic/test_codedeploy");
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
    const priority = priorityAfter(this.#services.size);
    this.#services.set(name, settings ?? {});
    const groups: string[] = [];
    for (const color of ["blue", "green"]) {
      const Name = `${name}-${color}`;
      const group = { Name, VpcId: this.#vpc, TargetType: "ip", HealthyThresholdCount: 2 } as const;
      groups.push(await createGroup(this.elb, group, 10));
      await this.output(`service-${name}-${color}-target-group-name`, Name);
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
    const definition = fargateDefinition(name, "app", "@@VERSION@@");
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
    const file = codeDeployEnvironments(this.local.region, this.#services);
    // Renamed into place, since runs of other tests read it meanwhile.
    this.#written += 1;
    const whole = path.join(this.project, `environments-${this.#written}`);
    await writeFile(whole, JSON.stringify(file));
    await rename(whole, path.join(this.project, "environments.jsonc"));
  }

  /** Runs the deploy script and records its calls. */
  run(args: readonly string[], setting: RunSetting = {}): Promise<RecordedRun> {
    const command = { args: [...args, "--output", "json"], speed: this.speed, root: this.project };
    return recordRun(command, this.local.endpoint, setting);
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
    const groups = rule === undefined ? [] : groupsOf(rule);
    return Object.fromEntries(
      groups.map(({ targetGroupArn, weight }) => [
        targetGroupArn.includes("-blue/") ? "blue" : "green",
        weight,
      ]),
    );
  }
}
