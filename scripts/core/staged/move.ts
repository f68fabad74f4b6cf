import type { StagedDeployment, WeightedGroup } from "./model.ts";

/** One thing that a move of the traffic does. Each may be done again without harm. */
export type MoveStep =
  /** The service gets so many tasks; then it is steady, with as many healthy targets, before anything else is done. */
  | { readonly kind: "matchCapacity"; readonly service: string; readonly desiredCount: number }
  /**
   * The service has as many healthy targets as the other wants tasks now, and as many as it had; where it has fewer, it
   * gets them, and is watched meanwhile if it has traffic.
   */
  | { readonly kind: "keepUp"; readonly service: string; readonly with: string }
  /** The scalable target, the policies and the scheduled actions of one service are made for another; neither scales in. */
  | {
      readonly kind: "copyAutoscaling";
      readonly from: string;
      readonly to: string;
      /** What is suspended apart from that, as `suspensionTag` writes it. */
      readonly suspended: string;
    }
  /** Neither of two services that have autoscaling of their own scales in, or by its schedule. */
  | {
      readonly kind: "shareAutoscaling";
      readonly from: string;
      readonly to: string;
      /** What is suspended apart from that of the one that gets the traffic; absent where nothing is to scale it. */
      readonly suspended?: string;
    }
  /** One service scales with what is suspended then; the other keeps its size. */
  | {
      readonly kind: "handAutoscaling";
      /** Absent where nothing had the traffic before. */
      readonly from?: string;
      readonly to: string;
      /** Absent where nothing is to scale it. */
      readonly suspended?: string;
    }
  | {
      readonly kind: "tag";
      readonly deployment: string;
      readonly targetGroupArn: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "untag";
      readonly deployment: string;
      readonly targetGroupArn: string;
      readonly names: readonly string[];
    }
  | {
      readonly kind: "createLiveRule";
      readonly host: string;
      readonly deployment: string;
      readonly percent: number;
      readonly groups: readonly WeightedGroup[];
    }
  | {
      readonly kind: "shiftTraffic";
      readonly ruleArn: string;
      /** Whose share it is: the deployment that is to have all of the traffic in the end. */
      readonly deployment: string;
      readonly percent: number;
      readonly groups: readonly WeightedGroup[];
    }
  /** The deployment is watched with the traffic that it has. */
  | { readonly kind: "watch"; readonly deployment: string; readonly milliseconds: number }
  | { readonly kind: "ensureLiveRecord"; readonly host: string }
  | { readonly kind: "removeStageRoute"; readonly deployment: string; readonly ruleArn: string };

/** A move of the traffic from one deployment to another. */
export interface Move {
  readonly incoming: StagedDeployment;
  /** Absent where nothing had the traffic before. */
  readonly outgoing?: StagedDeployment;
  readonly steps: readonly MoveStep[];
}
