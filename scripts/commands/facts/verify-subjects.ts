import type { Service } from "@aws-sdk/client-ecs";

import type { RolloutSubject } from "../../core/capacity/rollout.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { BothInputs } from "../templates/both-inputs.ts";
import type { RunContext } from "../run-context.ts";
import { namesImage, withRunningImage } from "../templates/running-image.ts";

/**
 * What `./deploy verify` looks at: each service as its templates ask for it, beside what runs.
 *
 * @returns in the order of the inputs
 * @throws AwsCallError when AWS cannot be reached or knows no such credentials
 */
export async function verifySubjects(
  inputs: readonly BothInputs[],
  context: RunContext,
): Promise<readonly RolloutSubject[]> {
  const running = await runningServices(inputs, context);
  const scaled = await autoscaled(inputs, running, context);
  return Promise.all(inputs.map(async (one, index) => subjectOf(one, running[index], scaled, context)));
}

/** The services as they run, in the order of the inputs. A cluster that does not exist has none. */
async function runningServices(
  inputs: readonly BothInputs[],
  { ecs }: RunContext,
): Promise<readonly (Service | undefined)[]> {
  const clusters = [...new Set(inputs.map(({ cluster }) => cluster))];
  const found = new Map<string, Service>();
  await Promise.all(
    clusters.map(async (cluster) => {
      const names = inputs.filter((one) => one.cluster === cluster).map(({ serviceName }) => serviceName);
      try {
        for (const service of await ecs.describeServices(cluster, names)) {
          found.set(`${cluster}/${service.serviceName ?? ""}`, service);
        }
      } catch (error) {
        const noPermission = error instanceof AwsCallError && error.code === "AccessDeniedException";
        // The check of the cluster says it, with what to do.
        if (!(error instanceof RefusedError) && !noPermission) throw error;
      }
    }),
  );
  return inputs.map(({ cluster, serviceName }) => found.get(`${cluster}/${serviceName}`));
}

/** Services whose count belongs to autoscaling: then the template's is nobody's wish. Unread, nobody's does. */
async function autoscaled(
  inputs: readonly BothInputs[],
  running: readonly (Service | undefined)[],
  { connect }: RunContext,
): Promise<ReadonlySet<BothInputs>> {
  const counted = inputs.filter(
    ({ update }, index) => update?.desiredCount !== undefined && running[index]?.status === "ACTIVE",
  );
  const found = new Set<BothInputs>();
  if (counted.length === 0) return found;
  const { autoScalingPort } = await import("../../aws/auto-scaling.ts");
  const port = connect(autoScalingPort);
  for (const cluster of new Set(counted.map((one) => one.cluster))) {
    const ofCluster = counted.filter((one) => one.cluster === cluster);
    try {
      const targets = await port.describeTargets(
        cluster,
        ofCluster.map(({ serviceName }) => serviceName),
      );
      for (const one of ofCluster) if (targets.has(one.serviceName)) found.add(one);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
    }
  }
  return found;
}

async function subjectOf(
  input: BothInputs,
  running: Service | undefined,
  scaled: ReadonlySet<BothInputs>,
  { ecs }: RunContext,
): Promise<RolloutSubject> {
  const exists = running?.status === "ACTIVE";
  const arn = exists && namesImage(input) ? running.taskDefinition : undefined;
  const revision = arn === undefined ? undefined : await ecs.describeTaskDefinition(arn);
  const { serviceName, cluster, taskDefinition, create, update } = withRunningImage(
    input,
    revision?.taskDefinition,
  );
  const wanted = exists ? (update ?? create ?? {}) : (create ?? update ?? {});
  const count = running?.desiredCount;
  const service = scaled.has(input) && count !== undefined ? { ...wanted, desiredCount: count } : wanted;
  return { serviceName, cluster, taskDefinition, service, ...(running === undefined ? {} : { running }) };
}
