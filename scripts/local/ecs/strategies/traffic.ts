/**
 * The rules of load balancers that a deployment moves: which target group serves, which one is for the new revision.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
 */
import type { LoadBalancer } from "@aws-sdk/client-ecs";

import { findRule, shiftTraffic, weightsOf } from "../../elb/shift.ts";
import type { State } from "../../world/state.ts";
import type { Transaction } from "../../world/transaction.ts";
import type { Course, Route } from "./course.ts";

/** Where the tasks of a new revision go; or what is wrong with the rules, in AWS's words. */
export type Placement =
  { readonly routes: Route[]; readonly loadBalancers: LoadBalancer[] } | { readonly invalid: string };

const invalidNetworking = "Service deployment rolled back because of invalid networking configuration";
const rulesNotFound = ". One or more rules not found";

/** What is wrong with the rules of a deployment under way: somebody deleted one. Undefined while all are there. */
export function lostRules(state: State, { routes }: Course): string | undefined {
  const rules = routes.flatMap(({ productionRule, testRule }) => [
    productionRule,
    testRule ?? productionRule,
  ]);
  return rules.every((rule) => findRule(state, rule)) ? undefined : `${invalidNetworking}${rulesNotFound}`;
}

/**
 * Reads from the production rules which target group serves, and gives the new revision the other one. The first
 * revision of a service gets the `targetGroupArn` of its load balancer.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html#troubleshooting-blue-green-load-balancer
 */
export function placeRevision(
  state: State,
  loadBalancers: readonly LoadBalancer[],
  isFirst: boolean,
): Placement {
  const routes: Route[] = [];
  const placed: LoadBalancer[] = [];
  for (const loadBalancer of loadBalancers) {
    const found = routeOf(state, loadBalancer, isFirst);
    if (typeof found === "string") return { invalid: `${invalidNetworking}${found}` };
    if (found) routes.push(found);
    placed.push(found ? { ...loadBalancer, targetGroupArn: found.green } : loadBalancer);
  }
  return { routes, loadBalancers: placed };
}

function routeOf(
  state: State,
  { targetGroupArn: primary, advancedConfiguration }: LoadBalancer,
  isFirst: boolean,
): Route | string | undefined {
  if (primary === undefined || !advancedConfiguration) return undefined;
  const alternate = advancedConfiguration.alternateTargetGroupArn ?? "";
  const productionRule = advancedConfiguration.productionListenerRule ?? "";
  const testRule = advancedConfiguration.testListenerRule ?? null;
  const rules = testRule === null ? [productionRule] : [productionRule, testRule];
  if (!rules.every((rule) => findRule(state, rule))) return rulesNotFound;
  const associated = rules.flatMap((rule) => weightsOf(state, rule)).map(({ arn }) => arn);
  const loose = [primary, alternate].find((arn) => !associated.includes(arn));
  if (loose !== undefined) {
    return `: Target group ${loose} is not associated with either productionListenerRule or testListenerRule.`;
  }
  const serving = weightsOf(state, productionRule).filter(({ weight }) => weight > 0);
  const stranger = serving.find(({ arn }) => arn !== primary && arn !== alternate);
  if (stranger) {
    return `. Production listener rule is forwarding traffic to unexpected target group ${stranger.arn}. Expected traffic to be forwarded to either targetGroupArn: ${primary} or alternateTargetGroupArn: ${alternate}`;
  }
  const [only] = serving;
  if (!only || serving.length !== 1) {
    return `. productionListenerRule ${productionRule} should have exactly one target group serving traffic but found ${serving.length} target groups which are serving traffic`;
  }
  const green = isFirst || only.arn === alternate ? primary : alternate;
  return { productionRule, testRule, blue: green === primary ? alternate : primary, green };
}

/**
 * The load balancers of a revision that no course is to move, with the target groups that serve at present: where
 * tasks of a rolling deployment belong after a blue/green one.
 */
export function inServingGroups(state: State, loadBalancers: readonly LoadBalancer[]): LoadBalancer[] {
  return loadBalancers.map((loadBalancer) => {
    const { targetGroupArn, advancedConfiguration } = loadBalancer;
    const { alternateTargetGroupArn, productionListenerRule = "" } = advancedConfiguration ?? {};
    const weights = weightsOf(state, productionListenerRule);
    const weightOf = (arn: string | undefined) => weights.find((group) => group.arn === arn)?.weight ?? 0;
    const alternateServes = weightOf(alternateTargetGroupArn) > weightOf(targetGroupArn);
    return alternateServes ? { ...loadBalancer, targetGroupArn: alternateTargetGroupArn } : loadBalancer;
  });
}

/** Gives the new revision a share of the production traffic, in per cent. */
export function moveProduction(transaction: Transaction, course: Course, percent: number): void {
  course.productionPercent = percent;
  for (const route of course.routes) {
    shiftTraffic(transaction, route.productionRule, weights(route, percent));
  }
}

/** Gives the new revision a share of the test traffic, in per cent. */
export function moveTest(transaction: Transaction, course: Course, percent: number): void {
  course.testPercent = percent;
  for (const route of course.routes) {
    if (route.testRule !== null) shiftTraffic(transaction, route.testRule, weights(route, percent));
  }
}

/** Weights are whole numbers up to 999, so tenths of a per cent take a scale of their own. */
function weights({ blue, green }: Route, percent: number): { arn: string; weight: number }[] {
  const scale = Number.isInteger(percent) ? 1 : 10;
  const toGreen = Math.round(percent * scale);
  return [
    { arn: green, weight: toGreen },
    { arn: blue, weight: 100 * scale - toGreen },
  ];
}
