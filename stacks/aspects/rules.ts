/**
 * Every hardening rule. They follow Checkov's, by its ids; docs/hardening.md says where one is stricter.
 *
 * @see https://www.checkov.io/5.Policy%20Index/terraform.html
 */
import { ruleIds, ruleTitles } from "../../scripts/core/hardening/rule-ids.ts";
import type { RuleId } from "../../scripts/core/hardening/rule-ids.ts";
import type { Rule, RuleBody } from "./rule.ts";
import { ecsRules } from "./rules/ecs.ts";
import { hostRules } from "./rules/hosts.ts";
import { iamRules } from "./rules/iam.ts";
import { listenerRules } from "./rules/listeners.ts";
import { loadBalancerRules } from "./rules/load-balancers.ts";
import { logRules } from "./rules/logs.ts";
import { networkRules } from "./rules/network.ts";
import { registryRules } from "./rules/registry.ts";
import { webIdentityRules } from "./rules/web-identity.ts";

const bodies: Readonly<Record<RuleId, RuleBody>> = {
  ...loadBalancerRules,
  ...listenerRules,
  ...hostRules,
  ...networkRules,
  ...registryRules,
  ...ecsRules,
  ...logRules,
  ...iamRules,
  ...webIdentityRules,
};

/** The rules, in the order of their ids' list. */
export const rules: readonly Rule[] = ruleIds.map((id) => ({ id, title: ruleTitles[id], ...bodies[id] }));
