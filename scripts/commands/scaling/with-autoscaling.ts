import type { LoadBalancer } from "@aws-sdk/client-ecs";

import type { Observed, Plan } from "../../core/deployment/plan.ts";
import { planScaling } from "../../core/scaling/plan-scaling.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import type { RunContext } from "../run-context.ts";
import { currentScaling } from "./facts.ts";
import { labelled } from "./labelled.ts";

/**
 * The plan with the step that brings the service's scaling to what its template says, as its last: it is done once the
 * rollout has ended well.
 *
 * @param loadBalancers as the template has them
 * @throws RefusedError or AwsCallError
 */
export async function withAutoscaling(
  plan: Plan,
  wanted: WantedAutoscaling,
  loadBalancers: readonly LoadBalancer[] | undefined,
  { service }: Observed,
  context: Pick<RunContext, "connect">,
): Promise<Plan> {
  const { serviceName, cluster, steps } = plan;
  const running = service?.status === "ACTIVE" ? service : undefined;
  const whole = await labelled(
    wanted,
    {
      name: serviceName,
      loadBalancers: loadBalancers ?? running?.loadBalancers ?? [],
      ...(running === undefined ? {} : { running }),
    },
    context,
  );
  // A service that was deleted may have left its target behind.
  const step = planScaling(whole, await currentScaling({ cluster, serviceName }, context));
  return step === undefined ? plan : { ...plan, steps: [...steps, step] };
}
