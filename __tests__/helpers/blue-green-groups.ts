import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ModifyTargetGroupAttributesCommand,
  type CreateTargetGroupCommandInput,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** AWS tells it always; where it did not, a test would go on with nothing. */
export function given(value: string | undefined): string {
  if (value === undefined) throw new Error("AWS left out a value that it always gives.");
  return value;
}

/** Makes a target group for HTTP on port 80, looked at every ten seconds. @returns its ARN */
export async function createGroup(
  elb: ElasticLoadBalancingV2Client,
  settings: CreateTargetGroupCommandInput,
  drainSeconds = 60,
): Promise<string> {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({ Protocol: "HTTP", Port: 80, HealthCheckIntervalSeconds: 10, ...settings }),
  );
  const TargetGroupArn = given(TargetGroups?.[0]?.TargetGroupArn);
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: String(drainSeconds) };
  await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [delay] }));
  return TargetGroupArn;
}

/** Where a service's rules are. */
interface RulePlace {
  readonly listenerArn: string | undefined;
  /** They ask for a path that begins with it. */
  readonly name: string;
  /** Of the first; the other's is the next. */
  readonly priority: number;
}

/**
 * Makes a rule for production and one for test traffic, the latter by the header `x-test: yes`; both send all to the
 * first group.
 */
export async function createTwoRules(
  elb: ElasticLoadBalancingV2Client,
  { listenerArn, name, priority }: RulePlace,
  blueGroupArn: string,
  greenGroupArn: string,
): Promise<{ readonly test: string; readonly production: string }> {
  const path = { Field: "path-pattern", Values: [`/${name}*`] };
  const header = { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-test", Values: ["yes"] } };
  const TargetGroups = [
    { TargetGroupArn: blueGroupArn, Weight: 1 },
    { TargetGroupArn: greenGroupArn, Weight: 0 },
  ];
  const rule = async (Priority: number, Conditions: (typeof path | typeof header)[]): Promise<string> => {
    const Actions = [{ Type: "forward" as const, ForwardConfig: { TargetGroups } }];
    const { Rules } = await elb.send(
      new CreateRuleCommand({ ListenerArn: listenerArn, Priority, Conditions, Actions }),
    );
    return given(Rules?.[0]?.RuleArn);
  };
  return { test: await rule(priority, [path, header]), production: await rule(priority + 1, [path]) };
}
