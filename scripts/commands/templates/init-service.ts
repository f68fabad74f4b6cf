import type { Service } from "@aws-sdk/client-ecs";

import { nearestName } from "../../core/aws-model/nearest.ts";
import { revisionName, type RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { AwsCallError, RefusedError } from "../../core/errors.ts";
import type { RunContext } from "../run-context.ts";
import { wholeService } from "./whole-service.ts";

/**
 * An active service with the revision that it runs.
 *
 * @throws RefusedError naming what the cluster has, or why there is nothing to make templates from
 */
export async function running(
  name: string,
  cluster: string,
  context: RunContext,
): Promise<{ readonly service: Service; readonly revision: RegisteredRevision }> {
  const [service] = await context.ecs.describeServices(cluster, [name]);
  if (service?.status !== "ACTIVE") throw await noService(name, cluster, service, context);
  const arn = service.taskDefinition;
  const revision = arn === undefined ? undefined : await context.ecs.describeTaskDefinition(arn);
  if (revision === undefined) {
    throw new RefusedError(
      arn === undefined
        ? `Service ${name} in cluster ${cluster} has no task definition of its own: its ${service.deploymentController?.type ?? "EXTERNAL"} controller keeps one in each task set.`
        : `Revision ${revisionName(arn)}, which service ${name} runs, was deleted: there is nothing to make a template from.`,
    );
  }
  return { service: await wholeService(service, context), revision };
}

const namedAtMost = 10;

async function noService(
  name: string,
  cluster: string,
  service: Service | undefined,
  { connect }: RunContext,
): Promise<RefusedError> {
  const gone =
    service?.status === undefined ? "" : ` (one of this name was deleted and is ${service.status})`;
  const { ecsServicesPort } = await import("../../aws/ecs-services.ts");
  const names = await connect(ecsServicesPort)
    .list(cluster)
    .catch((error: unknown) => {
      // That the service is not there is known all the same.
      if (error instanceof AwsCallError) return undefined;
      throw error;
    });
  const near = nearestName(name, names ?? []);
  const more = (names?.length ?? 0) > namedAtMost ? ` and ${(names?.length ?? 0) - namedAtMost} more` : "";
  const others =
    names === undefined
      ? ""
      : names.length === 0
        ? " The cluster has no service at all."
        : ` The cluster has ${names.slice(0, namedAtMost).join(", ")}${more}.`;
  return new RefusedError(
    `There is no service ${name} in cluster ${cluster}${gone}.${near === undefined ? "" : ` Did you mean ${near}?`}${others} Another cluster: --cluster <name>.`,
  );
}
