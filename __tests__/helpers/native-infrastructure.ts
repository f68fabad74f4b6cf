import {
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type DeploymentConfiguration,
  type LoadBalancer,
  type ServiceDeployment,
} from "@aws-sdk/client-ecs";
import { DescribeRulesCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";

import type { LocalAws } from "../../scripts/local/start.ts";
import { createGroup, createTwoRules, given } from "./blue-green-groups.ts";
import type { Clients, Infrastructure } from "./local-infrastructure.ts";

/** Two target groups with a rule for production and one for test traffic, the latter by the header `x-test: yes`. */
export interface NativeSite {
  readonly blueGroupArn: string;
  readonly greenGroupArn: string;
  readonly productionRuleArn: string;
  readonly loadBalancers: LoadBalancer[];
}

/** Makes what one blue/green service needs behind the listener on port 80, below a path of its own. */
export async function createSite(
  { elb }: Clients,
  { listenerArn, instanceGroupArn }: Infrastructure,
  name: string,
  priority: number,
): Promise<NativeSite> {
  const { TargetGroups } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [instanceGroupArn] }),
  );
  const group = (Name: string): Promise<string> =>
    createGroup(elb, {
      Name,
      TargetType: "instance",
      VpcId: TargetGroups?.[0]?.VpcId,
      HealthCheckTimeoutSeconds: 5,
    });
  const blueGroupArn = await group(`${name}-one`);
  const greenGroupArn = await group(`${name}-two`);
  const place = { listenerArn, name, priority };
  const { test: testRuleArn, production: productionRuleArn } = await createTwoRules(
    elb,
    place,
    blueGroupArn,
    greenGroupArn,
  );
  return {
    blueGroupArn,
    greenGroupArn,
    productionRuleArn,
    loadBalancers: [
      {
        targetGroupArn: blueGroupArn,
        containerName: "web",
        containerPort: 80,
        advancedConfiguration: {
          alternateTargetGroupArn: greenGroupArn,
          productionListenerRule: productionRuleArn,
          testListenerRule: testRuleArn,
          roleArn: "arn:aws:iam::123456789012:role/ecs/load_balancers",
        },
      },
    ],
  };
}

/** Per cent of a rule's requests that go to a target group, as ELB describes it. */
export async function shareOf({ elb }: Clients, ruleArn: string, groupArn: string): Promise<number> {
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
  const groups = Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
  const total = groups.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  return (100 * (groups.find(({ TargetGroupArn }) => TargetGroupArn === groupArn)?.Weight ?? 0)) / total;
}

/** A blue/green, linear or canary service. */
export class NativeService {
  readonly #clients: Clients;
  readonly #site: NativeSite;
  readonly #name: string;

  constructor(clients: Clients, name: string, site: NativeSite) {
    this.#clients = clients;
    this.#name = name;
    this.#site = site;
  }

  async create(image: string, deploymentConfiguration: DeploymentConfiguration): Promise<void> {
    await this.#clients.ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: this.#name,
        taskDefinition: await this.#register(image),
        desiredCount: 2,
        loadBalancers: this.#site.loadBalancers,
        deploymentConfiguration,
      }),
    );
  }

  async update(image: string, deploymentConfiguration?: DeploymentConfiguration): Promise<void> {
    await this.#clients.ecs.send(
      new UpdateServiceCommand({
        cluster: "test",
        service: this.#name,
        taskDefinition: await this.#register(image),
        deploymentConfiguration,
      }),
    );
  }

  /** The newest service deployment. */
  async deployment(): Promise<ServiceDeployment> {
    const { ecs } = this.#clients;
    const listed = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster: "test", service: this.#name, maxResults: 1 }),
    );
    const arn = given(listed.serviceDeployments?.[0]?.serviceDeploymentArn);
    const described = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    const [found] = described.serviceDeployments ?? [];
    if (!found) throw new Error("The service deployment was listed and cannot be described.");
    return found;
  }

  /** Polls the newest service deployment until a condition holds; a bounded number of times. */
  async until(
    condition: (deployment: ServiceDeployment) => boolean,
    withinMs = 40_000,
  ): Promise<ServiceDeployment> {
    for (const until = Date.now() + withinMs; ;) {
      const found = await this.deployment();
      if (condition(found)) return found;
      if (Date.now() > until) {
        throw new Error(
          `${this.#name} did not get there: ${found.status ?? ""} at ${found.lifecycleStage ?? ""}, ${found.statusReason ?? ""}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #register(image: string): Promise<string> {
    const { taskDefinition } = await this.#clients.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: this.#name,
        containerDefinitions: [
          { name: "web", image, memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
        ],
      }),
    );
    return given(taskDefinition?.taskDefinitionArn);
  }
}

/** An archive with no file in it: nothing of a function is run here. */
const emptyZip = Buffer.from("504b0506".padEnd(44, "0"), "hex").toString("base64");

/** Makes a Lambda function that is answered for by an HTTP endpoint. @returns its ARN */
export async function createFunction(local: LocalAws, name: string, hookUrl?: string): Promise<string> {
  const { endpoint, region } = local;
  const iam = new IAMClient({
    endpoint,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const statement = {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  iam.destroy();
  const response = await fetch(`${endpoint}/2015-03-31/functions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({
      FunctionName: name,
      Role: Role?.Arn,
      Runtime: "nodejs20.x",
      Handler: "index.handler",
      Code: { ZipFile: emptyZip },
      ...(hookUrl !== undefined && { Environment: { Variables: { SLIPWAY_HOOK_URL: hookUrl } } }),
    }),
  });
  const answer = (await response.json()) as { FunctionArn?: string };
  return given(answer.FunctionArn);
}
