import type { Listener, Rule, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { WeightedGroup } from "../staged/model.ts";

/** Tags by name, as Elastic Load Balancing has them. */
export type TrafficTags = Readonly<Record<string, string>>;

/** A target group that is to be made. Times are seconds. */
export interface NewTargetGroup {
  readonly name: string;
  readonly targetType: "ip" | "instance";
  readonly vpcId: string;
  readonly healthCheck: {
    readonly path: string;
    readonly matcher: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
  };
  readonly tags: TrafficTags;
}

/** A listener that is to be made: what no rule takes is answered with 404. */
export interface NewListener {
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** For HTTPS. */
  readonly certificateArn?: string;
  readonly tags: TrafficTags;
}

/** A rule that is to be made: requests for one host. */
interface NewRule {
  readonly listenerArn: string;
  readonly priority: number;
  readonly host: string;
  readonly groups: readonly WeightedGroup[];
  readonly tags: TrafficTags;
}

/** What the deploy script asks of Elastic Load Balancing to move traffic. Every method throws AwsCallError. */
export interface TrafficPort {
  /** Target groups of the account and region whose name begins so, all pages. */
  targetGroups(namePrefix: string): Promise<readonly TargetGroup[]>;
  /** Tags by ARN, asked for twenty at a time; what does not exist is left out. Any number. */
  tags(arns: readonly string[]): Promise<ReadonlyMap<string, TrafficTags>>;
  /** Listeners of a load balancer, all pages; none where there is no such load balancer. */
  listeners(loadBalancerArn: string): Promise<readonly Listener[]>;
  /** Rules of a listener, the default one too, all pages; none where there is no such listener. */
  rules(listenerArn: string): Promise<readonly Rule[]>;
  /**
   * Makes a target group with its tags; one of the same name and settings is taken for it.
   *
   * @returns its ARN
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
   */
  createTargetGroup(group: NewTargetGroup): Promise<string>;
  /** Sets how long a target that leaves may finish its requests. */
  setDrainDelay(targetGroupArn: string, seconds: number): Promise<void>;
  /** @returns its ARN; undefined when the load balancer has a listener on this port */
  createListener(listener: NewListener): Promise<string | undefined>;
  /** @returns its ARN; undefined when another rule of the listener has this priority */
  createRule(rule: NewRule): Promise<string | undefined>;
  /**
   * Replaces where a rule sends its requests, all of it; its host too, where one is given.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html
   */
  modifyRule(ruleArn: string, groups: readonly WeightedGroup[], host?: string): Promise<void>;
  /** One that is gone is fine. */
  deleteRule(ruleArn: string): Promise<void>;
  /** One that is gone is fine. */
  deleteTargetGroup(targetGroupArn: string): Promise<void>;
  /** Sets tags; others stay as they are. */
  tag(arn: string, tags: TrafficTags): Promise<void>;
  /** Takes tags away; those that are not there are fine. */
  untag(arn: string, keys: readonly string[]): Promise<void>;
}
