import { describe, expect, test } from "@jest/globals";
import { ruleIds } from "../../../scripts/core/hardening/rule-ids.ts";
import type { RuleId } from "../../../scripts/core/hardening/rule-ids.ts";
import { resultFor, synthesizeStack } from "../../helpers/hardening.ts";
import type { RuleCase } from "../../helpers/hardening.ts";
import { ecsCases } from "./cases/ecs.ts";
import { hostCases } from "./cases/hosts.ts";
import { iamCases } from "./cases/iam.ts";
import { listenerCases } from "./cases/listeners.ts";
import { loadBalancerCases, notAbout } from "./cases/load-balancers.ts";
import { networkCases } from "./cases/network.ts";
import { registryAndLogCases } from "./cases/registry-and-logs.ts";
import { webIdentityCases } from "./cases/web-identity.ts";

// The type is what keeps a rule from being without a case.
const cases: Readonly<Record<RuleId, RuleCase>> = {
  ...loadBalancerCases,
  ...listenerCases,
  ...hostCases,
  ...networkCases,
  ...registryAndLogCases,
  ...ecsCases,
  ...iamCases,
  ...webIdentityCases,
};

describe.each(ruleIds)("%s", (id) => {
  const { refused, taken } = cases[id];

  test.each(refused)("refuses $what", ({ build, found }) => {
    const result = resultFor(id, build);
    expect(result.state).toBe("violated");
    expect(result.violations.flatMap((violation) => violation.found).join("\n")).toContain(found);
    const { refusal, written } = synthesizeStack(build);
    expect(refusal).toMatch(new RegExp(`^${id} ${result.title} \\(account-wide\\)$`, "m"));
    expect(written).toEqual([]);
  });

  test.each(taken)("takes $what", ({ build }) => {
    expect(resultFor(id, build)).toMatchObject({ state: "holds", violations: [] });
  });
});

test.each(Object.entries(notAbout))("%s is not about a $what", (id, { build }) => {
  // The entries' keys are ids, which Object.entries forgets.
  expect(resultFor(id as keyof typeof notAbout, build).state).toBe("doesNotApply");
});
