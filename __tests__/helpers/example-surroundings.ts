import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient, CreateApplicationCommand } from "@aws-sdk/client-codedeploy";
import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroupTuple,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { LocalProcess } from "../../scripts/bench/local-process.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";

/** Environments of `examples/hello/environments.jsonc`. */
export type Strategy = "rolling" | "stage" | "codedeploy" | "native";

const host = "hello.example.com";
const role = (name: string) => `arn:aws:iam::123456789012:role/ecs/traffic/${name}`;

/** Makes what the stacks would make of the example's environment, by API calls, and publishes what they publish. */
export async function prepareExample(local: LocalProcess, strategy: Strategy): Promise<void> {
  const { ipTargetGroupArn, outputs } = await createQuickEnvironment(local, {
    name: strategy,
    hosts: 0,
    instanceType: "t3.small",
  });
  const elb = new ElasticLoadBalancingV2Client(local.settings);
  const { LoadBalancers: [balancer] = [] } = await elb.send(
    new DescribeLoadBalancersCommand({ Names: [`${strategy}-external`] }),
  );
  const LoadBalancerArn = balancer?.LoadBalancerArn;
  const { Listeners: [listener] = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const ListenerArn = listener?.ListenerArn;
  await publish(local, strategy, {
    "alb-external-arn": LoadBalancerArn,
    "alb-external-zone-id": balancer?.CanonicalHostedZoneId,
    "alb-external-listener-arn": ListenerArn,
  });
  if (strategy === "rolling") {
    await forward(elb, ListenerArn, [{ TargetGroupArn: ipTargetGroupArn }]);
    await setUp(elb, ipTargetGroupArn);
  }
  if (strategy === "stage") {
    await publish(local, strategy, { "task-boundary-arn": await createBoundary(local, strategy) });
  }
  if (strategy === "codedeploy" || strategy === "native") {
    const { Listeners: [testing] = [] } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Port: 8080,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: ipTargetGroupArn }],
      }),
    );
    const listeners = { production: ListenerArn, test: testing?.ListenerArn };
    await publish(local, strategy, {
      "alb-external-test-listener-arn": testing?.ListenerArn,
      ...(await createPair(local, elb, strategy, { ...listeners, vpcId: outputs.get("vpc-id") })),
    });
  }
  elb.destroy();
}

/** What bounds the roles that deployments make for their tasks. @returns its ARN */
async function createBoundary({ settings }: LocalProcess, strategy: Strategy): Promise<string | undefined> {
  const iam = new IAMClient(settings);
  const statement = { Effect: "Allow", Action: "ssm:GetParameters", Resource: "*" };
  const { Policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: `${strategy}_task_boundary`,
      Path: "/ecs/",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    }),
  );
  iam.destroy();
  return Policy?.Arn;
}

interface PairPlace {
  readonly production: string | undefined;
  readonly test: string | undefined;
  readonly vpcId: string | undefined;
}

/** Two target groups with a rule on each listener and their alarms, and what moves the traffic. @returns the outputs */
async function createPair(
  local: LocalProcess,
  elb: ElasticLoadBalancingV2Client,
  strategy: "codedeploy" | "native",
  { production, test, vpcId }: PairPlace,
): Promise<Record<string, string | undefined>> {
  const group = async (colour: string) => {
    const { TargetGroups: [created] = [] } = await elb.send(
      new CreateTargetGroupCommand({
        Name: `${strategy}-hello-${colour}`,
        TargetType: "ip",
        Protocol: "HTTP",
        Port: 80,
        VpcId: vpcId,
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    await setUp(elb, created?.TargetGroupArn);
    return created;
  };
  const blue = await group("blue");
  const green = await group("green");
  // ECS takes only target groups that a rule names, the second one too; CodeDeploy adds it itself.
  const first: TargetGroupTuple[] =
    strategy === "codedeploy"
      ? [{ TargetGroupArn: blue?.TargetGroupArn }]
      : [
          { TargetGroupArn: blue?.TargetGroupArn, Weight: 1 },
          { TargetGroupArn: green?.TargetGroupArn, Weight: 0 },
        ];
  const alarmNames = ["blue", "green"].map((colour) => `${strategy}-hello-${colour}-errors`);
  for (const name of alarmNames) await createAlarm(local, name);
  if (strategy === "codedeploy") {
    const codeDeploy = new CodeDeployClient(local.settings);
    await codeDeploy.send(
      new CreateApplicationCommand({ applicationName: strategy, computePlatform: "ECS" }),
    );
    codeDeploy.destroy();
  }
  return {
    "service-hello-blue-target-group-arn": blue?.TargetGroupArn,
    "service-hello-blue-target-group-name": blue?.TargetGroupName,
    "service-hello-green-target-group-arn": green?.TargetGroupArn,
    "service-hello-green-target-group-name": green?.TargetGroupName,
    "service-hello-production-rule-arn": await forward(elb, production, first),
    "service-hello-test-rule-arn": await forward(elb, test, first),
    "service-hello-alarm-names": alarmNames.join(","),
    ...(strategy === "codedeploy"
      ? { "codedeploy-application": strategy, "codedeploy-role-arn": role(`${strategy}_codedeploy`) }
      : { "ecs-infrastructure-role-arn": role(`${strategy}_ecs_infrastructure`) }),
  };
}

/** A rule that sends the example's host to target groups. @returns its ARN */
async function forward(
  elb: ElasticLoadBalancingV2Client,
  ListenerArn: string | undefined,
  TargetGroups: TargetGroupTuple[],
): Promise<string | undefined> {
  const { Rules: [rule] = [] } = await elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: 40_010,
      Conditions: [{ Field: "host-header", Values: [host] }],
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    }),
  );
  return rule?.RuleArn;
}

/** Makes an alarm that is well. */
export async function createAlarm(local: LocalProcess, name: string): Promise<void> {
  const cloudWatch = new CloudWatchClient(local.settings);
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: "AWS/ApplicationELB",
      MetricName: "HTTPCode_Target_5XX_Count",
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 10,
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: "Sum",
    }),
  );
  cloudWatch.destroy();
  await setAlarm(local, name, "OK");
}

/** No metric is evaluated here, so somebody has to say how it is. */
export async function setAlarm({ settings }: LocalProcess, name: string, state: StateValue): Promise<void> {
  const cloudWatch = new CloudWatchClient(settings);
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: "the test says so" }),
  );
  cloudWatch.destroy();
}

/** The health check and the deregistration delay that the example's environments ask for. */
async function setUp(elb: ElasticLoadBalancingV2Client, TargetGroupArn: string | undefined): Promise<void> {
  await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: "/health" }));
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "30" };
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
}

/** Publishes outputs as the stacks do. */
async function publish(
  { settings }: LocalProcess,
  environment: string,
  outputs: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const ssm = new SSMClient(settings);
  for (const [output, value] of Object.entries(outputs)) {
    await ssm.send(
      new PutParameterCommand({
        Name: `/slipway/${environment}/${output}`,
        Value: value,
        Type: "String",
        Overwrite: true,
      }),
    );
  }
  ssm.destroy();
}
