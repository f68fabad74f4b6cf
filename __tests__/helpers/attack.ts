import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";

import { account, settings, type Keys } from "./local-iam.ts";

type Address = Parameters<typeof settings>[0];

/** One attack: what it would do, the action that is refused, and the call. */
export type Attack = readonly [
  name: string,
  action: string,
  attempt: (by: AttackClients) => Promise<unknown>,
];

/** Clients of somebody's key. */
export function attackClients(address: Address, keys: Keys) {
  const own = settings(address, keys);
  return {
    ecs: new ECSClient(own),
    iam: new IAMClient(own),
    elb: new ElasticLoadBalancingV2Client(own),
    ssm: new SSMClient(own),
    secrets: new SecretsManagerClient(own),
    sts: new STSClient(own),
    logs: new CloudWatchLogsClient(own),
    scaling: new ApplicationAutoScalingClient(own),
    ecr: new ECRClient(own),
  };
}

export type AttackClients = ReturnType<typeof attackClients>;

/** An ARN of this account. */
export const arn = (service: string, resource: string, region = "us-east-1") =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
