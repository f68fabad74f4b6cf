import type { CurrentScaling } from "../../core/scaling/plan-scaling.ts";
import type { RunContext } from "../run-context.ts";

/**
 * What scales a service now; undefined where nothing does.
 *
 * @throws AwsCallError
 */
export async function currentScaling(
  { cluster, serviceName }: { readonly cluster: string; readonly serviceName: string },
  context: Pick<RunContext, "connect">,
): Promise<CurrentScaling | undefined> {
  const { scaling, plans } = await scalingPorts(context);
  const target = (await scaling.describeTargets(cluster, [serviceName])).get(serviceName);
  if (target === undefined) return undefined;
  return { target, plan: await plans.plan(cluster, serviceName) };
}

/** Both ports of Application Auto Scaling, loaded where they are needed. */
export async function scalingPorts({ connect }: Pick<RunContext, "connect">) {
  const [{ autoScalingPort }, { scalingPlansPort }] = await Promise.all([
    import("../../aws/auto-scaling.ts"),
    import("../../aws/scaling-plans.ts"),
  ]);
  return { scaling: connect(autoScalingPort), plans: connect(scalingPlansPort) };
}
