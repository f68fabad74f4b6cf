import {
  CreateRuleCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { LocalProcess } from "../../scripts/bench/local-process.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";

/** Environments of `examples/hello/environments.jsonc`. */
export type Strategy = "rolling" | "stage" | "codedeploy" | "native";

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
  const { Listeners: [listener] = [] } = await elb.send(
    new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }),
  );
  const parameters = {
    "alb-external-arn": balancer?.LoadBalancerArn,
    "alb-external-zone-id": balancer?.CanonicalHostedZoneId,
    "alb-external-listener-arn": listener?.ListenerArn,
    "vpc-id": outputs.get("vpc-id"),
  };
  await publish(local, strategy, parameters);
  if (strategy === "rolling") {
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener?.ListenerArn,
        Priority: 40_010,
        Conditions: [{ Field: "host-header", Values: ["hello.example.com"] }],
        Actions: [{ Type: "forward", TargetGroupArn: ipTargetGroupArn }],
      }),
    );
    await setUp(elb, ipTargetGroupArn);
  }
  elb.destroy();
}

/** The health check and the deregistration delay that the example's environments ask for. */
export async function setUp(elb: ElasticLoadBalancingV2Client, TargetGroupArn: string): Promise<void> {
  await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPath: "/health" }));
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "30" };
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
}

/** Publishes outputs as the stacks do. */
export async function publish(
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
