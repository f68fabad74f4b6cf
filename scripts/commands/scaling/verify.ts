import type { Service } from "@aws-sdk/client-ecs";

import type { Check } from "../../core/check.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import { planScaling } from "../../core/scaling/plan-scaling.ts";
import { failed, ok, skipped } from "../../core/verify/facts.ts";
import type { RunContext } from "../run-context.ts";
import { wholeAutoscaling, type ScaledInputs } from "./compare.ts";
import { currentScaling } from "./facts.ts";

/**
 * What `./deploy verify` finds of a service's autoscaling template: whether its labels can be told, and what it would
 * take away that somebody may have made by hand. None where there is no template.
 */
export async function checkAutoscaling(
  inputs: ScaledInputs,
  running: Service | undefined,
  context: RunContext,
): Promise<readonly Check[]> {
  const { autoscaling } = inputs;
  if (autoscaling === undefined) return [];
  const name = `autoscaling of ${inputs.serviceName}`;
  try {
    const wanted = await wholeAutoscaling(
      inputs,
      running === undefined ? undefined : { service: running },
      context,
    );
    const step = planScaling(wanted, await currentScaling(inputs, context));
    if (step?.kind === "removeAutoscaling") return [ok(name, "it is taken away, as the template says.")];
    if (wanted.kind === "none") return [ok(name, "nothing scales it, as the template says.")];
    const { MinCapacity, MaxCapacity } = wanted.settings;
    const gone = step === undefined ? [] : [...step.deletePolicies, ...step.deleteActions];
    const loss =
      gone.length === 0 ? "" : `; ${gone.join(", ")}, which the template does not have, would be deleted`;
    return [ok(name, `${MinCapacity} to ${MaxCapacity} tasks${loss}.`)];
  } catch (error) {
    if (error instanceof RefusedError) {
      return [
        failed(
          name,
          error.message.replace(" Nothing was changed.", ""),
          "Mend the template, or the load balancer.",
        ),
      ];
    }
    if (!(error instanceof AwsCallError)) throw error;
    return [skipped(name, `it could not be read (${error.message.split("\n")[0] ?? ""}).`)];
  }
}
