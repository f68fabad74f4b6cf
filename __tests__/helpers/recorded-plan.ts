import { readFileSync } from "node:fs";

import { parsePlan } from "../../scripts/core/infrastructure/plan/plan-json.ts";
import type { PlanJson } from "../../scripts/core/infrastructure/plan/plan-json.ts";

/** Plans that the real Terraform made against the local AWS, cut down to what a test looks at. */
export function recordedPlan(name: "changed-cidr" | "knock-on" | "larger-disks" | "renamed"): PlanJson {
  return parsePlan(readFileSync(new URL(`../fixtures/plans/${name}.json`, import.meta.url), "utf8"));
}
