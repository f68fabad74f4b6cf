import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { WeightedGroup } from "./model.ts";

/** Where a rule forwards to; nowhere where it redirects or answers by itself. */
export function groupsOf({ Actions = [] }: Rule): readonly WeightedGroup[] {
  return Actions.flatMap(({ Type, TargetGroupArn, ForwardConfig }) => {
    if (Type !== "forward") return [];
    const several = ForwardConfig?.TargetGroups ?? [];
    if (several.length === 0)
      return TargetGroupArn === undefined ? [] : [{ targetGroupArn: TargetGroupArn, weight: 1 }];
    return several.flatMap(({ TargetGroupArn: arn, Weight }) =>
      arn === undefined ? [] : [{ targetGroupArn: arn, weight: Weight ?? 1 }],
    );
  });
}

/** The hosts that a rule asks for, in lower case, as DNS has them. */
export function hostsOf({ Conditions = [] }: Rule): readonly string[] {
  return Conditions.filter(({ Field }) => Field === "host-header").flatMap(
    ({ HostHeaderConfig, Values = [] }) =>
      (HostHeaderConfig?.Values ?? Values).map((host) => host.toLowerCase()),
  );
}

/** The priorities that a listener's rules have; the default rule has none. */
export function prioritiesOf(rules: readonly Rule[]): ReadonlySet<number> {
  return new Set(rules.flatMap(({ Priority }) => (/^\d+$/.test(Priority ?? "") ? [Number(Priority)] : [])));
}
