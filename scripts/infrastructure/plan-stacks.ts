import path from "node:path";
import pLimit from "p-limit";

import { withDependencies } from "../core/infrastructure/manifest.ts";
import { analysePlan } from "../core/infrastructure/plan/analyse.ts";
import type { StackPlan } from "../core/infrastructure/plan/analyse.ts";
import { plannedOutputs } from "../core/infrastructure/plan/plan-json.ts";
import type { PlanJson, PlannedOutputs } from "../core/infrastructure/plan/plan-json.ts";
import { withPlannedOutputs } from "../core/infrastructure/plan/stand-ins.ts";
import { remotePrefix } from "../core/infrastructure/references.ts";
import { projectRoot } from "../project-root.ts";
import { checkTerraform } from "../terraform/check.ts";
import { prepareTerraform } from "../terraform/prepare.ts";
import { chooseFrom } from "./choose.ts";
import type { Choice } from "./choose.ts";
import { CommandFailure } from "./command-failure.ts";
import { inFolder } from "./in-folder.ts";
import { synthesize } from "./synthesize.ts";
import type { Synthesis } from "./synthesize.ts";
import { planWithTerraform } from "./terraform-plan.ts";
import type { TerraformRun } from "./terraform-plan.ts";

/** Each plan is a provider process that reads from AWS most of the time. */
const atATime = 3;

/**
 * Plans stacks with the real Terraform, those that others depend on first, so that each is planned with what its
 * neighbours are going to be. Plan files hold secrets in the clear: they are in a folder that only its owner may open,
 * and gone at the end.
 *
 * @throws CommandFailure if the stacks can't be synthesized or chosen (2), or if Terraform or AWS refuses (5)
 */
export async function planStacks(choice: Choice, app?: string): Promise<readonly StackPlan[]> {
  const root = projectRoot();
  const run = await terraformRun(root);
  return inFolder("plan", async (folder) => {
    const all = await synthesize(path.join(folder, "cdktf.out"), app);
    const chosen = chooseFrom(all, choice);
    const needed = new Set(withDependencies(all, chosen).map(({ name }) => name));
    const plans = await planAll(
      all.filter(({ name }) => needed.has(name)),
      folder,
      run,
    );
    return chosen.map(({ name }) => analysePlan(name, planNamed(plans, name)));
  });
}

async function planAll(
  stacks: readonly Synthesis[],
  folder: string,
  run: TerraformRun,
): Promise<ReadonlyMap<string, PlanJson>> {
  const limit = pLimit(atATime);
  const plans = new Map<string, PlanJson>();
  const outputs = new Map<string, PlannedOutputs>();
  const running = new Map<string, Promise<void>>();
  for (const { name, configuration: written, dependencies } of stacks) {
    const earlier = dependencies.flatMap((dependency) => running.get(dependency) ?? []);
    const planned = Promise.all(earlier).then(() =>
      limit(async () => {
        const configuration = withPlannedOutputs(written, (id) => outputs.get(id.replace(remotePrefix, "")));
        const plan = await planWithTerraform(name, configuration, path.join(folder, "stacks", name), run);
        plans.set(name, plan);
        outputs.set(name, plannedOutputs(plan));
      }),
    );
    running.set(name, planned);
  }
  const ends = await Promise.allSettled(running.values());
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return plans;
}

function planNamed(plans: ReadonlyMap<string, PlanJson>, name: string): PlanJson {
  const plan = plans.get(name);
  if (plan === undefined) throw new Error(`Stack ${name} was not planned.`);
  return plan;
}

async function terraformRun(root: string): Promise<TerraformRun> {
  const { variables } = await prepareTerraform({ root, environment: process.env });
  const environment = { ...process.env, ...variables };
  const found = await checkTerraform(environment);
  if (!found.ok) throw new CommandFailure(5, found.message);
  return { binary: found.binary, environment };
}
