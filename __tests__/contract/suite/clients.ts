import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";

import type { Target } from "./target.ts";

/** The SDK's clients for a target, with no setting that AWS would not take as well. */
export function clientsOf(
  { endpoint, region, kind }: Pick<Target, "endpoint" | "region" | "kind">,
  maxAttempts = 12,
) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  // Cases run side by side, so on AWS some of their calls are throttled and tried again.
  const retryMode = kind === "aws" ? "adaptive" : "standard";
  const settings = {
    region,
    maxAttempts,
    retryMode,
    ...(endpoint !== undefined && { endpoint, credentials }),
  };
  const clients = {
    ecs: new ECSClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    ec2: new EC2Client(settings),
    autoScaling: new AutoScalingClient(settings),
    codeDeploy: new CodeDeployClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    iam: new IAMClient(settings),
    logs: new CloudWatchLogsClient(settings),
    secrets: new SecretsManagerClient(settings),
    ssm: new SSMClient(settings),
  };
  const destroy = (): void => {
    for (const client of Object.values(clients)) client.destroy();
  };
  return { ...clients, destroy };
}

export type Clients = ReturnType<typeof clientsOf>;

/** A value that AWS's answers always have, though the SDK's types allow for none. */
export function given<T>(value: T | undefined, what = "a value"): T {
  if (value === undefined) throw new Error(`The answer lacks ${what}.`);
  return value;
}
