import { Aspects } from "cdktf";
import type { App } from "cdktf";
import type { UserSettings } from "../../scripts/core/environments.ts";
import { refusalText } from "../../scripts/core/hardening/refusal.ts";
import type { EnvironmentsText } from "../../scripts/core/hardening/refusal.ts";
import { HardeningAspect, HardeningError } from "./hardening.ts";
import { stacksIn } from "./survey.ts";

/**
 * Synthesizes an app whose stacks keep the hardening rules.
 *
 * @returns what is wrong, where they don't; nothing was written then
 */
export function synthesizeHardened(
  app: App,
  { users, ...source }: EnvironmentsText & { readonly users: UserSettings },
): string | undefined {
  const aspect = new HardeningAspect(users);
  // cdktf visits from the stacks down, so that an Aspect of the app itself would never be asked.
  for (const stack of stacksIn(app)) Aspects.of(stack).add(aspect);
  try {
    app.synth();
    return undefined;
  } catch (error) {
    if (error instanceof HardeningError) return refusalText(error.report, source);
    throw error;
  }
}
