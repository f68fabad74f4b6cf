import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  type CreateServiceCommandInput,
  type Service,
} from "@aws-sdk/client-ecs";
import { CreateRuleCommand, DeleteRuleCommand } from "@aws-sdk/client-elastic-load-balancing-v2";

import { given } from "../suite/clients.ts";
import type { Context } from "../suite/context.ts";
import { behind } from "../suite/target-groups.ts";

export const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
export const messages = ({ events = [] }: Service) => events.map(({ message = "" }) => message);

/** The service deployments of a service, newest first. */
export async function deploymentsOf({ ecs }: Context, service: Service) {
  const { serviceArn, clusterArn: cluster } = service;
  const { serviceDeployments = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster, service: given(serviceArn) }),
  );
  return serviceDeployments;
}

export async function describeDeployment({ ecs }: Context, arn: string) {
  const { serviceDeployments } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
  );
  return given(serviceDeployments?.[0]);
}

/** A service under BLUE_GREEN whose production rule forwards to two target groups, with a hook that pauses. */
export async function blueGreen(context: Context): Promise<Service> {
  const blue = await context.targetGroup();
  const green = await context.targetGroup();
  const { elb } = context.clients;
  const forward = {
    TargetGroups: [
      { TargetGroupArn: blue.arn, Weight: 1 },
      { TargetGroupArn: green.arn, Weight: 0 },
    ],
  };
  const { Rules } = await elb.send(
    new CreateRuleCommand({
      ListenerArn: blue.listenerArn,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
      Actions: [{ Type: "forward", ForwardConfig: forward }],
    }),
  );
  const productionListenerRule = given(Rules?.[0]?.RuleArn);
  context.afterwards(() => elb.send(new DeleteRuleCommand({ RuleArn: productionListenerRule })));
  const [loadBalancer] = behind(blue).loadBalancers;
  const input: Partial<CreateServiceCommandInput> = {
    desiredCount: 1,
    loadBalancers: [
      {
        ...loadBalancer,
        advancedConfiguration: {
          alternateTargetGroupArn: green.arn,
          productionListenerRule,
          roleArn: "arn:aws:iam::123456789012:role/ecsInfrastructureRole",
        },
      },
    ],
    deploymentConfiguration: {
      strategy: "BLUE_GREEN",
      bakeTimeInMinutes: 0,
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_SCALE_UP"],
          timeoutConfiguration: { timeoutInMinutes: 600, action: "ROLLBACK" },
        },
      ],
    },
  };
  return context.create(input);
}

export const infrastructure = "it takes an infrastructure role of the account";

export async function external(context: Context): Promise<Service> {
  return context.create({
    desiredCount: 2,
    deploymentController: { type: "EXTERNAL" },
    taskDefinition: undefined,
  });
}

export async function pausedDeployment(context: Context, service: Service) {
  const [deployment] = await context.until(
    () => deploymentsOf(context, service),
    (found) => found.length > 0,
  );
  const arn = given(deployment?.serviceDeploymentArn);
  return context.until(
    () => describeDeployment(context, arn),
    ({ lifecycleHookDetails = [] }) =>
      lifecycleHookDetails.some(({ status }) => status === "AWAITING_ACTION"),
  );
}
