import type { Instance, SecurityGroup, Subnet } from "@aws-sdk/client-ec2";
import type { CapacityProvider, Cluster, ContainerInstance } from "@aws-sdk/client-ecs";
import type { LoadBalancer, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Check } from "../check.ts";
import type { EcrImage, FoundImage } from "../ports/ecr.ts";
import type { Decision, Role } from "../ports/iam.ts";
import type { Alarm } from "../ports/monitoring.ts";
import type { Parameter, Secret } from "../ports/secrets.ts";

/** What AWS says of one thing. */
export type Answer<Value> =
  | { readonly kind: "found"; readonly value: Value }
  | { readonly kind: "missing" }
  /** It could not be asked; in AWS's words. */
  | { readonly kind: "unread"; readonly why: string };

/** What checks ask of AWS. Each thing is asked for once, however many checks want to know; nothing here throws. */
export interface Facts {
  image(image: EcrImage): Promise<Answer<FoundImage>>;
  role(name: string): Promise<Answer<Role>>;
  simulate(
    roleArn: string,
    actions: readonly string[],
    resources: readonly string[],
  ): Promise<Answer<readonly Decision[]>>;
  secret(id: string, region: string): Promise<Answer<Secret>>;
  secretHasPolicy(id: string, region: string): Promise<Answer<boolean>>;
  parameter(name: string, region: string): Promise<Answer<Parameter>>;
  logGroup(name: string, region: string): Promise<Answer<true>>;
  alarm(name: string): Promise<Answer<Alarm>>;
  cluster(name: string): Promise<Answer<Cluster>>;
  capacityProvider(name: string): Promise<Answer<CapacityProvider>>;
  /** Container instances of a cluster. */
  hosts(cluster: string): Promise<Answer<readonly ContainerInstance[]>>;
  subnet(id: string): Promise<Answer<Subnet>>;
  securityGroup(id: string): Promise<Answer<SecurityGroup>>;
  instance(id: string): Promise<Answer<Instance>>;
  targetGroup(arn: string): Promise<Answer<TargetGroup>>;
  loadBalancer(arn: string): Promise<Answer<LoadBalancer>>;
}

/** A check that went well. */
export function ok(name: string, reason: string): Check {
  return { name, status: "ok", reason };
}

/** A check that found something that would break the rollout. */
export function failed(name: string, reason: string, remedy: string): Check {
  return { name, status: "failed", reason, remedy };
}

/** A check that could not be made. */
export function skipped(name: string, reason: string): Check {
  return { name, status: "skipped", reason };
}
