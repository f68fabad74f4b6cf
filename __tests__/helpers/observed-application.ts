import type { ScalableTarget } from "../../scripts/core/ports/auto-scaling.ts";
import {
  stagedTags,
  stateOf,
  trafficPercent,
  type ObservedApplication,
  type StagedDeployment,
} from "../../scripts/core/staged/model.ts";
import { afterStep } from "../../scripts/core/staged/after-step.ts";
import type { MoveStep } from "../../scripts/core/staged/move.ts";

/** A deployment as a test describes it. */
export interface Described {
  /** One letter: `a` is the oldest. */
  readonly id: string;
  /** Weight in the live rule; absent where it is not in it. */
  readonly weight?: number;
  /** Names of `stagedTags` with their values. */
  readonly tags?: Partial<Record<keyof typeof stagedTags, string>>;
  readonly tasks?: number;
  /** Whether it has its staged host. */
  readonly staged?: boolean;
  /** Whether it was not seen steady yet. */
  readonly beingStaged?: boolean;
  /** Whether its service is gone. */
  readonly gone?: boolean;
}

/** The id that stands for a letter. */
export function id(letter: string): string {
  return letter.repeat(12);
}

export function arn(letter: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/test-web-${id(letter)}/${letter}`;
}

export const ruleArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/test/1/2/live";

/** An application `web` of environment `test`, whose deployments had been staged. */
export function application(
  described: readonly Described[],
  { hostedZoneId }: { readonly hostedZoneId?: string } = {},
): ObservedApplication {
  const groups = described.flatMap(({ id: letter, weight }) =>
    weight === undefined ? [] : [{ targetGroupArn: arn(letter), weight }],
  );
  return {
    environment: "test",
    application: "web",
    cluster: "test",
    place: {
      loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/test/1",
      dnsName: "test.elb.amazonaws.com",
      zoneId: "Z35SXDOTRQ7X7K",
      vpcId: "vpc-1",
      liveHost: "web.example.com",
      stageUnder: "example.com",
      ...(hostedZoneId === undefined ? {} : { hostedZoneId }),
    },
    listener: { arn: "listener", port: 80, protocol: "HTTP", priorities: new Set() },
    ...(groups.length === 0
      ? {}
      : { liveRule: { arn: ruleArn, listenerArn: "listener", hosts: ["web.example.com"], groups } }),
    deployments: described
      .map((one): StagedDeployment => {
        const percent = trafficPercent(groups, arn(one.id));
        const tags = tagsOf(one);
        return {
          id: id(one.id),
          targetGroup: { arn: arn(one.id), name: `test-web-${id(one.id)}`, tags },
          ...(one.staged === true ? { stageRuleArn: `stage-rule-${one.id}` } : {}),
          foreignRuleArns: [],
          stagedHost: `${id(one.id)}.stage.example.com`,
          serviceName: service(one.id),
          ...(one.gone === true
            ? {}
            : { service: { serviceName: service(one.id), status: "ACTIVE", desiredCount: one.tasks ?? 2 } }),
          state: stateOf(tags, percent),
          trafficPercent: percent,
        };
      })
      .toSorted((left, right) => right.id.localeCompare(left.id)),
    revisionsOfOthers: [],
  };
}

/** The name of a deployment's service. */
export function service(letter: string): string {
  return `test-web-${id(letter)}`;
}

function tagsOf({ id: letter, tags = {}, beingStaged = false }: Described): Record<string, string> {
  const given = Object.entries(tags).map(([name, value]) => [
    stagedTags[name as keyof typeof stagedTags],
    value,
  ]);
  return {
    [stagedTags.deployment]: id(letter),
    [stagedTags.revision]: `test-web:${letter.charCodeAt(0) - 96}`,
    ...(beingStaged ? {} : { [stagedTags.stagedAt]: "2026-01-01T00:00:00.000Z" }),
    ...(Object.fromEntries(given) as Record<string, string>),
  };
}

/** A service that scales between 1 and 10 tasks. */
export function scalable(...letters: readonly string[]): ReadonlyMap<string, ScalableTarget> {
  const suspension = { dynamicScalingIn: false, dynamicScalingOut: false, scheduledScaling: false };
  return new Map(letters.map((letter) => [service(letter), { minCapacity: 1, maxCapacity: 10, suspension }]));
}

/** The application once some steps are done. */
export function after(observed: ObservedApplication, steps: readonly MoveStep[]): ObservedApplication {
  const liveRule = { arn: ruleArn, listenerArn: "listener", hosts: ["web.example.com"], groups: [] };
  return steps.reduce(
    (now, step) => afterStep(now, step, step.kind === "createLiveRule" ? liveRule : undefined),
    observed,
  );
}

/** A deployment of the application by its letter. */
export function deployment(observed: ObservedApplication, letter: string): StagedDeployment {
  const found = observed.deployments.find((one) => one.id === id(letter));
  if (found === undefined) throw new Error(`There is no deployment ${letter}.`);
  return found;
}

/** Steps in a word or two each, ids as their letters. */
export function inWords(steps: readonly MoveStep[]): readonly string[] {
  return steps.map((step) => {
    switch (step.kind) {
      case "matchCapacity":
        return `${letterOf(step.service)} to ${step.desiredCount} tasks`;
      case "keepUp":
        return `${letterOf(step.service)} keeps up with ${letterOf(step.with)}`;
      case "shareAutoscaling":
        return `share autoscaling of ${letterOf(step.from)} and ${letterOf(step.to)}`;
      case "copyAutoscaling":
        return `copy autoscaling ${letterOf(step.from)} to ${letterOf(step.to)}`;
      case "handAutoscaling":
        return `hand autoscaling ${letterOf(step.from ?? "nobody")} to ${letterOf(step.to)}, suspended ${step.suspended ?? "as it is"}`;
      case "tag":
        return `tag ${letterOf(step.deployment)}: ${names(Object.keys(step.tags))}`;
      case "untag":
        return `untag ${letterOf(step.deployment)}: ${names(step.names)}`;
      case "createLiveRule":
        return `create rule: ${step.percent} % to ${letterOf(step.deployment)}`;
      case "shiftTraffic":
        return `shift ${step.percent} % to ${letterOf(step.deployment)}`;
      case "watch":
        return `watch ${letterOf(step.deployment)} for ${step.milliseconds / 1000} s`;
      case "ensureLiveRecord":
        return "live record";
      case "removeStageRoute":
        return `remove stage route of ${letterOf(step.deployment)}`;
    }
  });
}

function letterOf(text: string): string {
  return text.at(-1) ?? "";
}

function names(tags: readonly string[]): string {
  return tags.map((tag) => tag.replace("slipway:", "")).join(" ");
}
