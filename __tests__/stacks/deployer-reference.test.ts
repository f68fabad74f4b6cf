/**
 * The deployer's policy, checked against AWS's service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnvironments } from "../../scripts/core/environments.ts";

import { actionOf } from "../../scripts/local/iam/requests/action-data.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import type { Statement } from "../../stacks/constructs/policy.ts";

const fixture = fileURLToPath(new URL("../fixtures/environments/blue-green.jsonc", import.meta.url));
const parsed = parseEnvironments(readFileSync(fixture, "utf8"));
const registry = {
  owner: "test",
  region: "us-east-1",
  namespace: "test",
  repositories: [],
  caches: [],
  keepImages: 100,
  untaggedDays: 14,
  forceDelete: false,
  deployAccounts: [],
  releasePins: false,
};
const environments = parsed.ok ? [...parsed.environments.values()].map((one) => ({ ...one, registry })) : [];
const statements = deployerStatements(environments, { partition: "aws", id: "123456789012" });

/** Keys that a statement asks for; those of sets hold without the key too, and `Null: true` asks that it be missing. */
function keysAskedFor({ Condition = {} }: Statement): string[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    operator.startsWith("ForAllValues:")
      ? []
      : Object.entries(keys).flatMap(([key, value]) =>
          operator === "Null" && value === "true" ? [] : [key],
        ),
  );
}

/** The reference's types of older load balancers stand for all of these. */
const tagging = /^elasticloadbalancing:(Add|Remove)Tags$/;

/** The service and the kind of resource of an ARN, a pattern or a format, as in `ssm parameter`. */
function kindOf(arn: string): string {
  const [, , service = "", , , resource = ""] = arn.split(":");
  return `${service} ${resource.split("/")[0] ?? ""}`;
}

describe("each statement of the deployer", () => {
  test.each(statements.map((statement) => [statement.Sid, statement] as const))(
    "%s gives actions that exist, on resources and by keys that they have",
    async (_sid, statement) => {
      const wrong: string[] = [];
      for (const name of statement.Action) {
        const [service = "", operation = ""] = name.split(":");
        const action = await actionOf(service, operation);
        if (action === null) {
          wrong.push(`${name} does not exist`);
          continue;
        }
        const kinds = action.resourceTypes.map(({ arnFormat }) => kindOf(arnFormat));
        const meant =
          statement.Resource.includes("*") || statement.Resource.some((arn) => kinds.includes(kindOf(arn)));
        if (!meant && !tagging.test(name)) wrong.push(`${name} takes none of these resources`);
        for (const key of keysAskedFor(statement)) {
          const lower = key.toLowerCase();
          if (!action.conditionKeys.has(lower) && !action.conditionKeys.has(lower.replace(/\/.*$/, "/"))) {
            wrong.push(`${name} has no key ${key}`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test("has a name of its own", () => {
    const names = statements.map(({ Sid }) => Sid);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[A-Za-z0-9]+$/.test(name))).toBe(true);
  });
});
