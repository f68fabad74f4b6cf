import type { RegisterTaskDefinitionRequest, Service, TaskDefinition } from "@aws-sdk/client-ecs";

import { imagesOf, isSameDefinition, revisionName } from "../../core/deployment/task-definition.ts";
import { InvalidInputError, RefusedError } from "../../core/errors.ts";
import { placementOf, type Placement } from "../../core/run-task/input.ts";
import { withTrail } from "../../core/trail.ts";
import { addressService, type ServiceAddress } from "../addresses.ts";
import { oneService } from "../one-service.ts";
import { bothInputs, type StagedInputs } from "../templates/both-inputs.ts";
import { registerOnce } from "../rollout/once.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { trailOf } from "../rollout/trail-of.ts";

/** What a one-off task runs, and where. */
export interface OneOffSubject {
  readonly serviceName: string;
  readonly cluster: string;
  readonly placement: Placement;
  readonly definition: Pick<TaskDefinition, "containerDefinitions">;
  /** The revision that exists; absent where the templates ask for one that has to be registered first. */
  readonly revisionArn?: string;
  /** The input that registers it. */
  readonly register?: RegisterTaskDefinitionRequest;
  /** Makes sure that the revision exists, and gives its ARN. */
  revision(): Promise<string>;
}

/**
 * Finds out what `./deploy run` runs. Without CONTAINER_VERSION that is the revision that the service runs. With it,
 * it is what the templates make of the image: the running revision or the newest one where they mean the same, else a
 * new one, which the update that comes after then finds and uses.
 *
 * @throws RefusedError when there is neither a service nor a template to take the network from
 */
export async function oneOffSubject(
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<OneOffSubject> {
  const { ecs, known } = context;
  if (known.image === undefined) {
    const { service, serviceName, cluster } = await oneService(command, context, edge.workingFolder);
    const arn = service.taskDefinition ?? service.taskSets?.[0]?.taskDefinition;
    const running = arn === undefined ? undefined : await ecs.describeTaskDefinition(arn);
    if (arn === undefined || running === undefined) {
      throw new RefusedError(
        `Service ${serviceName} in cluster ${cluster} has no task definition to run. Set CONTAINER_VERSION to run one of the templates.`,
      );
    }
    return {
      serviceName,
      cluster,
      placement: placementOf(service),
      definition: running.taskDefinition,
      revisionArn: arn,
      revision: () => Promise.resolve(arn),
    };
  }

  const address = await addressService(command, context, edge.workingFolder);
  const { serviceName, cluster } = address;
  const [templates] = await bothInputs({ ...command, services: [address.name] }, context, edge.workingFolder);
  if (templates === undefined) {
    throw new InvalidInputError(
      `CONTAINER_VERSION is set, but there are no templates to make a revision of; unset it to run what runs.`,
    );
  }
  const { taskDefinition: wanted, create, update, staged } = templates;
  const service = await serviceOf(address, staged, context);
  const exists = service?.status === "ACTIVE";
  const source = exists ? service : (create ?? update);
  if (source === undefined)
    throw new RefusedError(`Service ${serviceName} does not exist in cluster ${cluster}.`);
  const newest = await ecs.describeTaskDefinition(wanted.family ?? "");
  const runningArn = exists ? service.taskDefinition : undefined;
  const running = runningArn === undefined ? undefined : await ecs.describeTaskDefinition(runningArn);
  const same = [running, newest].find(
    (one) => one?.taskDefinition.status === "ACTIVE" && isSameDefinition(wanted, one),
  );
  const existing = same?.taskDefinition.taskDefinitionArn;
  const base = { serviceName, cluster, placement: placementOf(source), definition: wanted };
  if (existing !== undefined) {
    return { ...base, revisionArn: existing, revision: () => Promise.resolve(existing) };
  }
  const { tags } = withTrail(wanted.tags, trailOf(imagesOf(wanted), context, edge));
  const register = { ...wanted, tags: [...tags] };
  return {
    ...base,
    register,
    revision: async () => {
      const { taskDefinitionArn = "" } = await registerOnce(register, newest, { ecs, clock: edge.clock });
      context.emit({
        type: "revisionRegistered",
        service: serviceName,
        revision: revisionName(taskDefinitionArn),
      });
      return taskDefinitionArn;
    },
  };
}

/** The service that the task runs beside; of an application whose deployments are services of their own, one of them. */
async function serviceOf(
  { serviceName, cluster }: ServiceAddress,
  staged: StagedInputs | undefined,
  context: RunContext,
): Promise<Service | undefined> {
  if (staged === undefined) return (await context.ecs.describeServices(cluster, [serviceName]))[0];
  const { serviceBeside } = await import("../staged/service-beside.ts");
  return serviceBeside(staged, context);
}
