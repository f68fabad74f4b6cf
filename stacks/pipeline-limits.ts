import { parseDocument } from "../scripts/core/environments/document.ts";
import type { Problem } from "../scripts/core/environments/document.ts";
import type { Environment, Pipeline } from "../scripts/core/environments.ts";
import { inManagedPolicies } from "./constructs/policy.ts";
import { deployerPolicies } from "./deployer-policy.ts";

/** What IAM attaches to a role; on request it is more, in accounts that do not have it yet. */
const managedPoliciesOfARole = 10;

/** Twelve digits, and the longest name of a partition that there is. */
const someAccount = { partition: "aws-us-gov", id: "123456789012" };

/**
 * What is wrong with pipelines that deploy to more environments than a role takes the policies of.
 *
 * @param text of environments.jsonc, which has been read without a problem
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function overfullPipelines(
  text: string,
  { environments, pipelines }: ParsedPipelines,
): readonly Problem[] {
  const document = parseDocument(text);
  const counts = new Map([...environments].map(([name, environment]) => [name, policyCount(environment)]));
  return [...pipelines].flatMap(([name, pipeline]) => {
    const each = pipeline.environments.map((environment) => counts.get(environment) ?? 0);
    const count = each.reduce((sum, one) => sum + one, 0);
    if (count <= managedPoliciesOfARole) return [];
    const message =
      `The pipeline would need ${count} policies (${pipeline.environments.map((environment, index) => `${environment} ${each[index] ?? 0}`).join(", ")}), ` +
      `and IAM attaches ${managedPoliciesOfARole} to a role. Make two pipelines of it, each for some of the environments.`;
    return [document.problemAt(["pipelines", name, "environments"], message)];
  });
}

interface ParsedPipelines {
  readonly environments: ReadonlyMap<string, Environment>;
  readonly pipelines: ReadonlyMap<string, Pipeline>;
}

function policyCount(environment: Environment): number {
  const { general, traffic } = deployerPolicies(environment, someAccount);
  return inManagedPolicies(general).length + inManagedPolicies(traffic).length;
}
