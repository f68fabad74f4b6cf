import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CodeDeployClient,
  CreateDeploymentGroupCommand,
  DeleteDeploymentGroupCommand,
  ListApplicationsCommand,
} from "@aws-sdk/client-codedeploy";
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import type { LoadBalancer } from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../../scripts/project-root.ts";
import { startLocal } from "../../scripts/local/start.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { inventory, stackOutputs } from "../helpers/terraform-inventory.ts";
import { cdktf, expectSuccess } from "../helpers/terraform-run.ts";
import type { CdktfRun } from "../helpers/terraform-run.ts";

const minutes = 60_000;
const stackCount = 9;
const environments = path.join(projectRoot(), "__tests__/fixtures/environments/blue-green.jsonc");
const region = "us-east-1";

/** What Terraform leaves behind, alarms and CodeDeploy's applications included. */
async function everything(endpoint: string): Promise<Record<string, unknown>> {
  const settings = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const alarms = await new CloudWatchClient(settings).send(new DescribeAlarmsCommand({}));
  const { applications } = await new CodeDeployClient(settings).send(new ListApplicationsCommand({}));
  return {
    ...(await inventory(endpoint)),
    alarms: alarms.MetricAlarms?.map(({ AlarmName }) => AlarmName),
    applications,
  };
}

describe("two environments on one load balancer, with a service of each way to deploy", () => {
  let local: LocalAws;
  let directory: string;
  let before: Record<string, unknown>;
  let after: Record<string, unknown>;
  let outputs: Awaited<ReturnType<typeof stackOutputs>>;
  let first: CdktfRun;
  let second: CdktfRun;
  let destroyed: CdktfRun;
  let taken: string[];

  beforeAll(async () => {
    local = await startLocal({ port: 0, quiet: true });
    directory = await mkdtemp(path.join(os.tmpdir(), "slipway-blue-green-"));
    const settings = { endpoint: local.endpoint, directory, environments };
    before = await everything(local.endpoint);
    first = await cdktf("deploy", settings);
    outputs = await stackOutputs(local.endpoint);
    taken = await deployOn(local.endpoint, outputs);
    second = await cdktf("deploy", settings);
    destroyed = await cdktf("destroy", settings);
    after = await everything(local.endpoint);
  }, 20 * minutes);

  afterAll(async () => {
    await local.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test("every stack is applied", () => {
    expectSuccess(first);
    expect(first.output.match(/Apply complete!/g)).toHaveLength(stackCount);
  });

  test("ECS and CodeDeploy take what was made, and traffic is moved", () => {
    expect(taken).toEqual(["live/api", "preview/api", "live/web", "group of live/web", "production rule"]);
  });

  test("the second environment has its own cluster, roles and target groups in the first one's VPC", () => {
    expect(outputs["/slipway/preview/cluster-name"]).toBe("preview");
    for (const shared of ["vpc-id", "private-subnet-ids", "alb-external-listener-arn"]) {
      expect(outputs[`/slipway/preview/${shared}`]).toBe(outputs[`/slipway/live/${shared}`]);
    }
    expect(outputs["/slipway/preview/task-security-group-id"]).not.toBe(
      outputs["/slipway/live/task-security-group-id"],
    );
    expect(outputs["/slipway/preview/service-api-blue-target-group-name"]).toBe("preview-api-blue");
    expect(outputs["/slipway/preview/alb-external-target-group-arn"]).toBeUndefined();
  });

  test("a second deployment finds nothing to change, though traffic was moved in between", () => {
    expectSuccess(second);
    expect(second.output.match(/^.*(?:will be|must be) .*$/gm) ?? []).toEqual([]);
    expect(second.output.match(/No changes\./g)).toHaveLength(stackCount);
  });

  test("destroying leaves exactly what was there before", () => {
    expectSuccess(destroyed);
    expect(after).toEqual(before);
  });
});

/** Makes a service of each kind on the stacks' outputs, moves a rule, and takes all but that away. */
async function deployOn(
  endpoint: string,
  outputs: Awaited<ReturnType<typeof stackOutputs>>,
): Promise<string[]> {
  const settings = { endpoint, region, credentials: { accessKeyId: "local", secretAccessKey: "local" } };
  const ecs = new ECSClient(settings);
  const elb = new ElasticLoadBalancingV2Client(settings);
  const codeDeploy = new CodeDeployClient(settings);
  const output = (environment: string, name: string): string =>
    outputs[`/slipway/${environment}/${name}`] ?? `no output ${name} of ${environment}`;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "app",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      containerDefinitions: [{ name: "app", image: "nginx:1", portMappings: [{ containerPort: 8090 }] }],
    }),
  );
  const create = async (environment: string, name: string, native: boolean): Promise<string> => {
    const of = (what: string): string => output(environment, `service-${name}-${what}`);
    const advancedConfiguration = {
      alternateTargetGroupArn: of("green-target-group-arn"),
      productionListenerRule: of("production-rule-arn"),
      testListenerRule: of("test-rule-arn"),
      roleArn: output(environment, "ecs-infrastructure-role-arn"),
    };
    const balancer: LoadBalancer = {
      targetGroupArn: of("blue-target-group-arn"),
      containerName: "app",
      containerPort: 8090,
      ...(native && { advancedConfiguration }),
    };
    const { service } = await ecs.send(
      new CreateServiceCommand({
        cluster: environment,
        serviceName: name,
        taskDefinition: taskDefinition?.taskDefinitionArn,
        desiredCount: 0,
        launchType: "FARGATE",
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: output(environment, "private-subnet-ids").split(","),
            securityGroups: [output(environment, "task-security-group-id")],
          },
        },
        loadBalancers: [balancer],
        ...(native
          ? { deploymentConfiguration: { strategy: "BLUE_GREEN" } }
          : { deploymentController: { type: "CODE_DEPLOY" } }),
      }),
    );
    return `${environment}/${service?.serviceName ?? ""}`;
  };
  const made = [
    await create("live", "api", true),
    await create("preview", "api", true),
    await create("live", "web", false),
  ];
  const group = {
    applicationName: output("live", "codedeploy-application"),
    deploymentGroupName: "web",
  };
  await codeDeploy.send(
    new CreateDeploymentGroupCommand({
      ...group,
      serviceRoleArn: output("live", "codedeploy-role-arn"),
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      ecsServices: [{ clusterName: "live", serviceName: "web" }],
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 1 },
      },
      alarmConfiguration: {
        enabled: true,
        alarms: output("live", "service-web-alarm-names")
          .split(",")
          .map((name) => ({ name })),
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: ["blue", "green"].map((colour) => ({
              name: output("live", `service-web-${colour}-target-group-name`),
            })),
            prodTrafficRoute: { listenerArns: [output("live", "alb-external-listener-arn")] },
            testTrafficRoute: { listenerArns: [output("live", "alb-external-test-listener-arn")] },
          },
        ],
      },
    }),
  );
  const RuleArn = output("live", "service-web-production-rule-arn");
  const TargetGroupArn = output("live", "service-web-green-target-group-arn");
  await elb.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: "forward", TargetGroupArn }] }));
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
  const moved = Rules?.[0]?.Actions?.[0]?.TargetGroupArn === TargetGroupArn;

  await codeDeploy.send(new DeleteDeploymentGroupCommand(group));
  for (const [cluster, service] of made.map((name) => name.split("/"))) {
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  }
  return [...made, "group of live/web", ...(moved ? ["production rule"] : [])];
}
