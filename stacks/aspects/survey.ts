import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { UserSettings } from "../../scripts/core/environments.ts";
import type { HardeningReport } from "../../scripts/core/hardening/report.ts";
import { EnvironmentStack } from "../environment-stack.ts";
import { evaluate } from "./evaluate.ts";
import type { ScopeSettings } from "./evaluate.ts";
import { Inventory } from "./inventory.ts";
import { rules } from "./rules.ts";
import { suppressionsIn } from "./suppress.ts";

/**
 * Holds the rules against the stacks of an app, as Terraform will get them. The stacks have to be prepared, which
 * synthesizing does first; references over the borders of stacks are made by it.
 *
 * @param users whose suppressions are those of stacks that belong to no environment
 */
export function reportOn(app: IConstruct, users: UserSettings): HardeningReport {
  const stacks = stacksIn(app);
  return evaluate(rules, {
    inventory: new Inventory(
      new Map(stacks.map((stack): [string, unknown] => [stack.node.path, stack.toTerraform()])),
    ),
    scopes: scopesOf(stacks, users),
    code: suppressionsIn(app),
  });
}

/** Every stack of an app. */
export function stacksIn(app: IConstruct): readonly TerraformStack[] {
  return app.node.findAll().filter((construct) => TerraformStack.isStack(construct));
}

function scopesOf(stacks: readonly TerraformStack[], users: UserSettings): readonly ScopeSettings[] {
  const scopes = new Map<
    string | undefined,
    { stacks: string[]; suppressions: ScopeSettings["suppressions"] }
  >();
  for (const stack of stacks) {
    const environment = stack instanceof EnvironmentStack ? stack.environment : undefined;
    const { suppressions } = environment ?? users;
    const known = scopes.get(environment?.name) ?? { stacks: [], suppressions };
    known.stacks.push(stack.node.path);
    scopes.set(environment?.name, known);
  }
  return [...scopes].map(([scope, settings]) => ({ scope, ...settings }));
}
