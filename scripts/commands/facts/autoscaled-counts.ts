import { AwsCallError } from "../../core/errors.ts";
import { keyOf, type ServiceName } from "../rollout/job.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Services whose desired count Application Auto Scaling owns, by `cluster/service`: then the template's is nobody's wish.
 * Where it can't be read there are none, and a warning says so.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html
 */
export async function autoscaledCounts(
  services: readonly ServiceName[],
  { connect, emit }: Pick<RunContext, "connect" | "emit">,
): Promise<ReadonlySet<string>> {
  if (services.length === 0) return new Set();
  const { autoScalingPort } = await import("../../aws/auto-scaling.ts");
  const port = connect(autoScalingPort);
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  try {
    const keys = await Promise.all(
      clusters.map(async (cluster) => {
        const names = services.filter((one) => one.cluster === cluster).map(({ serviceName }) => serviceName);
        const targets = await port.describeTargets(cluster, names);
        return [...targets.keys()].map((serviceName) => keyOf({ cluster, serviceName }));
      }),
    );
    return new Set(keys.flat());
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const message = `Whether autoscaling owns the desired count could not be read, so the template's counts (${error.message})`;
    emit({ type: "warning", message });
    return new Set();
  }
}
