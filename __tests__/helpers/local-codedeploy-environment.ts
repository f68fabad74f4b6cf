import {
  CreateApplicationCommand,
  CreateDeploymentGroupCommand,
  type CodeDeployClient,
} from "@aws-sdk/client-codedeploy";
import { CreateServiceCommand, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { serviceUntil, type Clients } from "./local-infrastructure.ts";

/** Cluster, load balancer with production and test listener, two target groups, a service and a group for it. */
export async function createCodeDeployEnvironment(
  local: LocalAws,
  clients: Clients,
  codeDeploy: CodeDeployClient,
): Promise<void> {
  const { elb, ecs } = clients;
  const { targetGroupArn } = await createQuickEnvironment(local, {
    name: "test",
    hosts: 2,
    instanceType: "t3.small",
  });
  const { TargetGroups: [blue] = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }),
  );
  const { TargetGroups: [green] = [] } = await elb.send(
    new CreateTargetGroupCommand({
      Name: "green",
      Protocol: "HTTP",
      Port: 80,
      VpcId: blue?.VpcId,
      HealthCheckIntervalSeconds: 10,
    }),
  );
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "30" };
  for (const TargetGroupArn of [targetGroupArn, green?.TargetGroupArn]) {
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
  }
  const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const { LoadBalancerArn } = balancer ?? {};
  const { Listeners: [production] = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { Listeners: [testing] = [] } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Port: 8080,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: "web",
      taskDefinition: await registerImage(clients, "nginx:1"),
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
      deploymentController: { type: "CODE_DEPLOY" },
    }),
  );
  await serviceUntil(clients, "web", ({ taskSets = [] }) => taskSets[0]?.stabilityStatus === "STEADY_STATE");
  await codeDeploy.send(new CreateApplicationCommand({ applicationName: "app", computePlatform: "ECS" }));
  await codeDeploy.send(
    new CreateDeploymentGroupCommand({
      applicationName: "app",
      deploymentGroupName: "group",
      serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      ecsServices: [{ clusterName: "test", serviceName: "web" }],
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: "TERMINATE",
          terminationWaitTimeInMinutes: 1,
        },
      },
      loadBalancerInfo: {
        targetGroupPairInfoList: [
          {
            targetGroups: [{ name: blue?.TargetGroupName }, { name: "green" }],
            prodTrafficRoute: { listenerArns: [production?.ListenerArn ?? ""] },
            testTrafficRoute: { listenerArns: [testing?.ListenerArn ?? ""] },
          },
        ],
      },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    }),
  );
}

/** Registers a revision of family `web` that runs an image, and says its ARN. */
export async function registerImage({ ecs }: Pick<Clients, "ecs">, reference: string): Promise<string> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "web",
      containerDefinitions: [
        { name: "web", image: reference, memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
      ],
    }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}
