import type { CreateServiceRequest, UpdateServiceRequest } from "@aws-sdk/client-ecs";

import type { Observed } from "../../core/deployment/plan.ts";
import { maskedDifference } from "../../core/diff/masked-differences.ts";
import type { TemplateDifference } from "../../core/diff/service-diff.ts";
import { scalingDifferences } from "../../core/scaling/plan-scaling.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import type { RunContext } from "../run-context.ts";
import { currentScaling } from "./facts.ts";
import { labelled } from "./labelled.ts";

/** A service's filled templates, as far as its scaling needs them. */
export interface ScaledInputs {
  readonly serviceName: string;
  readonly cluster: string;
  readonly autoscaling?: WantedAutoscaling;
  readonly create?: CreateServiceRequest;
  readonly update?: UpdateServiceRequest;
}

/**
 * What a service's autoscaling template would change; nothing where there is none.
 *
 * @param observed the service as it runs, if it does
 * @throws RefusedError or AwsCallError
 */
export async function autoscalingDifferences(
  inputs: ScaledInputs,
  observed: Observed | undefined,
  context: RunContext,
): Promise<readonly TemplateDifference[]> {
  if (inputs.autoscaling === undefined) return [];
  const { serviceName, cluster } = inputs;
  const wanted = await wholeAutoscaling(inputs, observed, context);
  const current = await currentScaling({ cluster, serviceName }, context);
  return scalingDifferences(wanted, current).map((difference) => ({
    document: "autoscaling",
    ...maskedDifference(difference),
  }));
}

/** The service that is scaled: where each deployment is a service of its own, that one. */
export function scaledName({
  serviceName,
  create,
  staged,
}: ScaledInputs & { readonly staged?: object }): string {
  return staged === undefined ? serviceName : (create?.serviceName ?? serviceName);
}

/**
 * What a service's autoscaling template asks for, with the labels that it leaves out.
 *
 * @throws RefusedError or AwsCallError
 */
export function wholeAutoscaling(
  { serviceName, autoscaling = { kind: "none" }, create, update }: ScaledInputs,
  observed: Observed | undefined,
  context: RunContext,
): Promise<WantedAutoscaling> {
  const running = observed?.service?.status === "ACTIVE" ? observed.service : undefined;
  const given = running === undefined ? (create ?? update) : (update ?? create);
  return labelled(
    autoscaling,
    {
      name: serviceName,
      loadBalancers: given?.loadBalancers ?? running?.loadBalancers ?? [],
      ...(running === undefined ? {} : { running }),
    },
    context,
  );
}
