import type { Service } from "@aws-sdk/client-ecs";
import type { Listener, Rule, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { TrafficTags } from "../ports/traffic.ts";
import {
  stagedTags,
  stateOf,
  trafficPercent,
  type LiveRule,
  type ObservedApplication,
  type ObservedListener,
  type StagedDeployment,
  type TrafficPlace,
} from "./model.ts";
import { stagedHost, stagedServiceName, type Application } from "./names.ts";
import { groupsOf, hostsOf, prioritiesOf } from "./rules.ts";

/** A listener with its rules. */
export interface ListenerRules {
  readonly listener: Listener;
  readonly rules: readonly Rule[];
}

/** What AWS answered. */
export interface Answers {
  readonly application: Application;
  readonly cluster: string;
  readonly place: TrafficPlace;
  /** The listener that the application's rules belong on. */
  readonly listenerArn?: string;
  /** Target groups whose name begins as the application's do. */
  readonly targetGroups: readonly TargetGroup[];
  /** Tags of the target groups, and of the rules that forward to them. */
  readonly tags: ReadonlyMap<string, TrafficTags>;
  /** Listeners of the load balancers that the target groups are behind. */
  readonly listeners: readonly ListenerRules[];
  readonly services: readonly Service[];
}

/** Whether a target group is one of the application's, by its tags alone. */
export function belongsTo({ environment, application }: Application, tags: TrafficTags = {}): boolean {
  return (
    tags[stagedTags.environment] === environment &&
    tags[stagedTags.application] === application &&
    tags[stagedTags.deployment] !== undefined
  );
}

/** Puts together what AWS's answers say of an application. */
export function assemble(answers: Answers): ObservedApplication {
  const { application, cluster, place, listenerArn, targetGroups, tags, listeners, services } = answers;
  const own = targetGroups.flatMap(({ TargetGroupArn: arn = "", TargetGroupName: name = "" }) => {
    const found = tags.get(arn);
    return found !== undefined && belongsTo(application, found) ? [{ arn, name, tags: found }] : [];
  });
  const rules = listeners.flatMap(({ listener, rules: all }) =>
    all.map((rule) => ({
      rule,
      listenerArn: listener.ListenerArn ?? "",
      groups: groupsOf(rule),
      route: tags.get(rule.RuleArn ?? "")?.[stagedTags.route],
    })),
  );
  const live = rules
    .filter(({ route, groups }) => route === "live" && groups.some(isOneOf(own)))
    .map(({ rule, listenerArn: of, groups }): LiveRule => ({
      arn: rule.RuleArn ?? "",
      listenerArn: of,
      hosts: hostsOf(rule),
      groups,
    }));
  const liveRule = live.find((one) => one.listenerArn === listenerArn) ?? live[0];

  const deployments = own.map((targetGroup): StagedDeployment => {
    const id = targetGroup.tags[stagedTags.deployment] ?? "";
    const serviceName = stagedServiceName(application, id);
    const service = services.find((one) => one.serviceName === serviceName && one.status !== "INACTIVE");
    const toIt = rules.filter(({ groups }) =>
      groups.some(({ targetGroupArn }) => targetGroupArn === targetGroup.arn),
    );
    const stageRule = toIt.find(({ route }) => route === "stage");
    const percent = Math.max(0, ...live.map(({ groups }) => trafficPercent(groups, targetGroup.arn)));
    return {
      id,
      targetGroup,
      ...(stageRule?.rule.RuleArn === undefined ? {} : { stageRuleArn: stageRule.rule.RuleArn }),
      foreignRuleArns: toIt
        .filter(({ route }) => route !== "stage" && route !== "live")
        .flatMap(({ rule }) => rule.RuleArn ?? []),
      stagedHost: stagedHost(id, place.stageUnder),
      serviceName,
      ...(service === undefined ? {} : { service }),
      state: stateOf(targetGroup.tags, percent),
      trafficPercent: percent,
    };
  });
  const listener = listeners.find((one) => one.listener.ListenerArn === listenerArn);
  return {
    ...application,
    cluster,
    place,
    ...(listener === undefined ? {} : { listener: observedListener(listener) }),
    ...(liveRule === undefined ? {} : { liveRule }),
    deployments: deployments.sort((left, right) => (left.id < right.id ? 1 : -1)),
    revisionsOfOthers: targetGroups.flatMap(({ TargetGroupArn = "" }) => {
      const found = tags.get(TargetGroupArn);
      return belongsTo(application, found) ? [] : (found?.[stagedTags.revision] ?? []);
    }),
  };
}

function isOneOf(own: readonly { readonly arn: string }[]) {
  return ({ targetGroupArn }: { readonly targetGroupArn: string }): boolean =>
    own.some(({ arn }) => arn === targetGroupArn);
}

function observedListener({ listener, rules }: ListenerRules): ObservedListener {
  return {
    arn: listener.ListenerArn ?? "",
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "",
    priorities: prioritiesOf(rules),
  };
}
