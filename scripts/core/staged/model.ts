/**
 * What AWS tells of an application whose every deployment is a service of its own. There is no other record: the
 * target group is the first thing that a deployment gets and the last that is taken from it, and its tags tell the
 * deployment's story; who has the traffic is told by the live rule alone.
 */
import type { Service } from "@aws-sdk/client-ecs";

import type { Application } from "./names.ts";

/** Tags of a deployment's target group. Values of those that end in `-at` are ISO 8601, UTC. */
export const stagedTags = {
  environment: "slipway:environment",
  application: "slipway:application",
  deployment: "slipway:deployment",
  version: "slipway:version",
  /** `family:revision`. */
  revision: "slipway:revision",
  /** It was steady, and its targets healthy. */
  stagedAt: "slipway:staged-at",
  /** Its traffic began to move; written before the first shift, and taken away when all of it has moved. */
  activatingAt: "slipway:activating-at",
  /** It lost the live traffic to another; written before the shift. What has traffic is active all the same. */
  retiredAt: "slipway:retired-at",
  /** It did not become steady, or was rolled back. */
  failedAt: "slipway:failed-at",
  /** Its teardown began: whoever finds it finishes that, and gives it no traffic. */
  leavingAt: "slipway:leaving-at",
  /** Id of the deployment that it took the traffic from, and that one's `family:revision`. */
  replaces: "slipway:replaces",
  replacedRevision: "slipway:replaced-revision",
  /** Of one that loses the traffic: what of its autoscaling was suspended, as in `none` or `in out scheduled`; until the move is over. */
  autoscaling: "slipway:autoscaling",
  /**
   * Of one that has autoscaling of its own: what of that is suspended once it has the traffic, as in `none` or `in`;
   * `off` where nothing scales it. One without this tag is given the autoscaling of the one that it takes over from.
   */
  ownAutoscaling: "slipway:own-autoscaling",
  /** Of the rule of the live host: `live`; of the rule of a staged host: `stage`. */
  route: "slipway:route",
} as const;

/** Where a deployment stands. */
export type StagedState = "staging" | "staged" | "activating" | "active" | "retired" | "failed" | "leaving";

/** A target group with its share in a rule; weights are 0 to 999. */
export interface WeightedGroup {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** The rule that sends the live host's requests. */
export interface LiveRule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly hosts: readonly string[];
  readonly groups: readonly WeightedGroup[];
}

/** What an application's traffic goes through. */
export interface TrafficPlace {
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  /** The load balancer's own zone, for alias records. */
  readonly zoneId: string;
  readonly vpcId: string;
  /** The host that clients use. */
  readonly liveHost: string;
  /** What staged hosts are below of. */
  readonly stageUnder: string;
  /** The Route 53 zone of the hosts' records; absent where nobody's DNS is touched. */
  readonly hostedZoneId?: string;
}

/** The listener that has the application's rules. */
export interface ObservedListener {
  readonly arn: string;
  readonly port: number;
  readonly protocol: string;
  /** Priorities that its rules have, whoever made them. */
  readonly priorities: ReadonlySet<number>;
}

/** One deployment, as it was found; what is absent is not there, or not there any more. */
export interface StagedDeployment {
  readonly id: string;
  readonly targetGroup: {
    readonly arn: string;
    readonly name: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  /** The rule of its staged host. */
  readonly stageRuleArn?: string;
  /** Rules that send requests to it and that no run of Slipway made. */
  readonly foreignRuleArns: readonly string[];
  readonly stagedHost: string;
  readonly serviceName: string;
  /** Absent where ECS has no service of that name, or one that is INACTIVE. */
  readonly service?: Service;
  readonly state: StagedState;
  /** Its share of the live traffic, in per cent. */
  readonly trafficPercent: number;
}

/** An application with all of its deployments, the newest first. */
export interface ObservedApplication extends Application {
  readonly cluster: string;
  readonly place: TrafficPlace;
  /** Absent where it is still to be made. */
  readonly listener?: ObservedListener;
  readonly liveRule?: LiveRule;
  readonly deployments: readonly StagedDeployment[];
  /** `family:revision` of deployments of other applications whose family has the same name. */
  readonly revisionsOfOthers: readonly string[];
}

/** What a deployment's tags and its share of the traffic say of it. */
export function stateOf(tags: Readonly<Record<string, string>>, trafficPercent: number): StagedState {
  if (trafficPercent === 100) return "active";
  if (trafficPercent > 0) return tags[stagedTags.activatingAt] === undefined ? "active" : "activating";
  if (tags[stagedTags.leavingAt] !== undefined) return "leaving";
  if (tags[stagedTags.failedAt] !== undefined) return "failed";
  if (tags[stagedTags.retiredAt] !== undefined) return "retired";
  return tags[stagedTags.stagedAt] === undefined ? "staging" : "staged";
}

/** A target group's share of a rule's traffic, in per cent. */
export function trafficPercent(groups: readonly WeightedGroup[], targetGroupArn: string): number {
  const all = groups.reduce((sum, { weight }) => sum + weight, 0);
  const own = groups.find((group) => group.targetGroupArn === targetGroupArn)?.weight ?? 0;
  return all === 0 ? 0 : (100 * own) / all;
}
