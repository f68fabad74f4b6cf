import {
  CodeDeployClient,
  CreateDeploymentGroupCommand,
  DeleteDeploymentGroupCommand,
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

const region = "us-east-1";

/**
 * Makes a service of each kind on the outputs of two environments' stacks, moves a rule, and takes all but that away.
 *
 * @returns what was made and moved
 */
export async function deployOn(
  endpoint: string,
  outputs: Readonly<Record<string, string>>,
  { owner, sharer }: { readonly owner: string; readonly sharer: string },
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
    await create(owner, "api", true),
    await create(sharer, "api", true),
    await create(owner, "web", false),
  ];
  const group = {
    applicationName: output(owner, "codedeploy-application"),
    deploymentGroupName: "web",
  };
  await codeDeploy.send(
    new CreateDeploymentGroupCommand({
      ...group,
      serviceRoleArn: output(owner, "codedeploy-role-arn"),
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      ecsServices: [{ clusterName: owner, serviceName: "web" }],
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 1 },
      },
      alarmConfiguration: {
        enabled: true,
        alarms: output(owner, "service-web-alarm-names")
          .split(",")
          .map((name) => ({ name })),
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: ["blue", "green"].map((colour) => ({
              name: output(owner, `service-web-${colour}-target-group-name`),
            })),
            prodTrafficRoute: { listenerArns: [output(owner, "alb-external-listener-arn")] },
            testTrafficRoute: { listenerArns: [output(owner, "alb-external-test-listener-arn")] },
          },
        ],
      },
    }),
  );
  const RuleArn = output(owner, "service-web-production-rule-arn");
  const TargetGroupArn = output(owner, "service-web-green-target-group-arn");
  await elb.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: "forward", TargetGroupArn }] }));
  const { Rules } = await elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
  const moved = Rules?.[0]?.Actions?.[0]?.TargetGroupArn === TargetGroupArn;

  await codeDeploy.send(new DeleteDeploymentGroupCommand(group));
  for (const [cluster, service] of made.map((name) => name.split("/"))) {
    await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
  }
  return [...made, `group of ${owner}/web`, ...(moved ? ["production rule"] : [])];
}
