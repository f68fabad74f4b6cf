import type { Service } from "@aws-sdk/client-ecs";

import type { RolloutSubject } from "../../core/capacity/rollout.ts";
import { isDenied, RefusedError } from "../../core/errors.ts";
import { keyOf } from "../rollout/job.ts";
import type { BothInputs } from "../templates/both-inputs.ts";
import type { RunContext } from "../run-context.ts";
import { autoscaledCounts } from "./autoscaled-counts.ts";
import { namesImage, withRunningImage } from "../templates/running-image.ts";

/** A service as its templates ask for it, beside what runs. */
export interface VerifySubject extends RolloutSubject {
  /** Why it is not known whether it runs, in AWS's words. */
  readonly unread?: string;
}

/**
 * What `./deploy verify` looks at.
 *
 * @returns in the order of the inputs
 * @throws AwsCallError when AWS cannot be reached or knows no such credentials, or when the image that runs is asked
 * for and may not be read
 */
export async function verifySubjects(
  inputs: readonly BothInputs[],
  context: RunContext,
): Promise<readonly VerifySubject[]> {
  const { running, unread } = await runningServices(inputs, context);
  const counted = inputs.filter(
    ({ update }, index) => update?.desiredCount !== undefined && running[index]?.status === "ACTIVE",
  );
  const scaled = await autoscaledCounts(counted, context);
  return Promise.all(
    inputs.map(async (one, index) => {
      const subject = await subjectOf(one, running[index], scaled, context);
      const why = unread.get(one.cluster);
      return why === undefined ? subject : { ...subject, unread: why };
    }),
  );
}

interface Running {
  /** In the order of the inputs. */
  readonly running: readonly (Service | undefined)[];
  /** Clusters whose services may not be described, and why. */
  readonly unread: ReadonlyMap<string, string>;
}

/** The services as they run. A cluster that does not exist has none. */
async function runningServices(inputs: readonly BothInputs[], { ecs }: RunContext): Promise<Running> {
  const unread = new Map<string, string>();
  const clusters = [...new Set(inputs.map(({ cluster }) => cluster))];
  const found = new Map<string, Service>();
  await Promise.all(
    clusters.map(async (cluster) => {
      const ofCluster = inputs.filter((one) => one.cluster === cluster);
      const names = ofCluster.map(({ serviceName }) => serviceName);
      try {
        for (const service of await ecs.describeServices(cluster, names)) {
          found.set(keyOf({ cluster, serviceName: service.serviceName ?? "" }), service);
        }
      } catch (error) {
        // Without what runs nobody knows what its image is.
        if (isDenied(error) && !ofCluster.some(namesImage)) {
          unread.set(cluster, error.message.split("\n")[0] ?? error.message);
        }
        // That there is no such cluster says its own check, with what to do.
        else if (!(error instanceof RefusedError)) throw error;
      }
    }),
  );
  return {
    running: inputs.map((one) => found.get(keyOf(one))),
    unread,
  };
}

async function subjectOf(
  input: BothInputs,
  running: Service | undefined,
  scaled: ReadonlySet<string>,
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
  const service =
    scaled.has(keyOf(input)) && count !== undefined ? { ...wanted, desiredCount: count } : wanted;
  return { serviceName, cluster, taskDefinition, service, ...(running === undefined ? {} : { running }) };
}
