/**
 * The way of a blue/green, linear or canary deployment through its lifecycle stages, as plain data.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html#blue-green-deployment-stages
 */
import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";

/** A stage of a deployment. */
export type LifecycleStage =
  | "RECONCILE_SERVICE"
  | "PRE_SCALE_UP"
  | "SCALE_UP"
  | "POST_SCALE_UP"
  | "TEST_TRAFFIC_SHIFT"
  | "POST_TEST_TRAFFIC_SHIFT"
  | "PRE_PRODUCTION_TRAFFIC_SHIFT"
  | "PRODUCTION_TRAFFIC_SHIFT"
  | "POST_PRODUCTION_TRAFFIC_SHIFT"
  | "BAKE_TIME"
  | "CLEAN_UP";

/** A rule that a deployment moves from one target group to another, with the rule for test traffic, if there is one. */
export interface Route {
  productionRule: string;
  testRule: string | null;
  /** The target group that serves production as the deployment begins; nobody's for the first one of a service. */
  blue: string;
  /** The one that the new revision's tasks are registered with. */
  green: string;
}

/** One hook at one stage. */
export interface HookRun {
  id: string;
  stage: LifecycleStage;
  targetType: "AWS_LAMBDA" | "PAUSE";
  targetArn: string | null;
  status: "AWAITING_ACTION" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  /** Why it failed, as the deployment is to say it; null unless it did. */
  failure: string | null;
  /** Place of the hook in the deployment configuration: what it hands on to its next call it hands on to itself. */
  index: number;
  executionId: string;
  expiresAt: number;
  timeoutAction: "ROLLBACK" | "CONTINUE";
  /** When its function is called again; null while an answer is awaited, and when none is. */
  callAgainAt: number | null;
}

/** Where a deployment is on its way. */
export interface Course {
  stage: LifecycleStage;
  since: number;
  /** ARN of the revision that served production as it began; null for the first one of a service. */
  blueRevision: string | null;
  routes: Route[];
  /** The shares of production traffic that the new revision gets, one after the other. */
  steps: number[];
  /** How many of these shifts are done. */
  stepsDone: number;
  /** Per cent of the production and test traffic that go to the new revision. */
  productionPercent: number;
  testPercent: number;
  /** The hooks of the present stage. */
  hooks: HookRun[];
  /** What each hook has handed on to its next call, by its place in the configuration. */
  hookDetails: Record<number, unknown>;
  /** Until when the stage waits once its hooks are done: for baking. Null before that is so. */
  waitsUntil: number | null;
  /** Since when it goes back; null while it goes on. */
  revertingSince: number | null;
  /** The stages that a rollback still has before it. */
  stagesBack: LifecycleStage[];
}

/** Stages before the first shift of production traffic, and after the last one. */
const before = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
] as const;
const after = ["POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"] as const;

/** The stage that follows the present one; undefined after the last. */
export function nextStage({ stage, steps, stepsDone }: Course): LifecycleStage | undefined {
  if (stage === "PRE_PRODUCTION_TRAFFIC_SHIFT") return "PRODUCTION_TRAFFIC_SHIFT";
  if (stage === "PRODUCTION_TRAFFIC_SHIFT") {
    return stepsDone < steps.length ? "PRE_PRODUCTION_TRAFFIC_SHIFT" : "POST_PRODUCTION_TRAFFIC_SHIFT";
  }
  const order: readonly LifecycleStage[] = [...before, ...after];
  return order[order.indexOf(stage) + 1];
}

/** AWS's defaults of the gradual strategies. */
export const standardLinear = { stepPercent: 10, stepBakeTimeInMinutes: 6 };
export const standardCanary = { canaryPercent: 5, canaryBakeTimeInMinutes: 10 };

/**
 * The shares of production traffic that a strategy gives to the new revision, in per cent, the last one 100.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html#linear-deployment-how-works
 */
export function shiftSteps({
  strategy,
  linearConfiguration,
  canaryConfiguration,
}: DeploymentConfiguration): number[] {
  if (strategy === "CANARY") {
    const first = canaryConfiguration?.canaryPercent ?? standardCanary.canaryPercent;
    return first < 100 ? [first, 100] : [100];
  }
  if (strategy !== "LINEAR") return [100];
  const step = linearConfiguration?.stepPercent ?? standardLinear.stepPercent;
  // Tenths of a per cent, so that adding them up stays exact.
  const tenths = Math.round(step * 10);
  const steps: number[] = [];
  for (let sum = tenths; sum < 1000; sum += tenths) steps.push(sum / 10);
  return [...steps, 100];
}

/** For how long a shift that was not the last one is watched, in minutes. */
export function stepBakeMinutes({
  strategy,
  linearConfiguration,
  canaryConfiguration,
}: DeploymentConfiguration): number {
  return strategy === "CANARY"
    ? (canaryConfiguration?.canaryBakeTimeInMinutes ?? standardCanary.canaryBakeTimeInMinutes)
    : (linearConfiguration?.stepBakeTimeInMinutes ?? standardLinear.stepBakeTimeInMinutes);
}
