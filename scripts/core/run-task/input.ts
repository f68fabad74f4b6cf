import type {
  CreateServiceRequest,
  RunTaskRequest,
  Service,
  ServiceVolumeConfiguration,
  Tag,
} from "@aws-sdk/client-ecs";

/** Where and how a service's tasks run, which a one-off task takes over. */
export type Placement = Pick<
  RunTaskRequest,
  | "launchType"
  | "capacityProviderStrategy"
  | "platformVersion"
  | "networkConfiguration"
  | "placementConstraints"
  | "placementStrategy"
  | "enableExecuteCommand"
  | "enableECSManagedTags"
  | "volumeConfigurations"
>;

/** The placement of a service as it runs, or as its template asks for. */
export function placementOf(service: Service | CreateServiceRequest): Placement {
  // Under CODE_DEPLOY and EXTERNAL the task sets know it, not the service.
  const taskSets = "taskSets" in service ? (service.taskSets ?? []) : [];
  const taskSet = taskSets.find(({ status }) => status === "PRIMARY") ?? taskSets[0];
  const deployment = "deployments" in service ? service.deployments?.[0] : undefined;
  const strategy = nonEmpty(service.capacityProviderStrategy) ?? nonEmpty(taskSet?.capacityProviderStrategy);
  const launchType = service.launchType ?? taskSet?.launchType;
  const platformVersion = service.platformVersion ?? taskSet?.platformVersion;
  const networkConfiguration = service.networkConfiguration ?? taskSet?.networkConfiguration;
  const constraints = nonEmpty(service.placementConstraints);
  const spread = nonEmpty(service.placementStrategy);
  const volumes = nonEmpty(
    "volumeConfigurations" in service ? service.volumeConfigurations : deployment?.volumeConfigurations,
  );
  return {
    // AWS takes one of the two.
    ...(strategy !== undefined ? { capacityProviderStrategy: strategy } : {}),
    ...(strategy === undefined && launchType !== undefined ? { launchType } : {}),
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
    ...(constraints === undefined ? {} : { placementConstraints: constraints }),
    ...(spread === undefined ? {} : { placementStrategy: spread }),
    ...(service.enableExecuteCommand === true ? { enableExecuteCommand: true } : {}),
    ...(service.enableECSManagedTags === true ? { enableECSManagedTags: true } : {}),
    ...(volumes === undefined ? {} : { volumeConfigurations: volumes.map(ofTask) }),
  };
}

function ofTask({ name, managedEBSVolume }: ServiceVolumeConfiguration) {
  return { name, ...(managedEBSVolume === undefined ? {} : { managedEBSVolume }) };
}

function nonEmpty<Item>(list: Item[] | undefined): Item[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

/** What one run asks for. */
export interface OneOff {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly placement: Placement;
  /** The run's id. */
  readonly run: string;
  readonly tags: readonly Tag[];
  /** The container that is about something, where there is one. */
  readonly container?: string;
  /** What runs in it instead of its own command. */
  readonly command: readonly string[];
  readonly setEnv: readonly (readonly [string, string])[];
  /** Of the task, in units and MiB. */
  readonly cpu?: string;
  readonly memory?: string;
  readonly count: number;
}

/** RunTask starts at most so many. */
const tasksPerCall = 10;

/**
 * The inputs of RunTask: one for each ten tasks, each with a token of its own, so that it can be sent again when its
 * answer was lost.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export function runTaskInputs(wanted: OneOff): readonly RunTaskRequest[] {
  const { cluster, taskDefinition, placement, run, tags, container, command, setEnv, cpu, memory } = wanted;
  const replacesSome = command.length > 0 || setEnv.length > 0;
  const overrides = {
    ...(container !== undefined && replacesSome
      ? {
          containerOverrides: [
            {
              name: container,
              ...(command.length === 0 ? {} : { command: [...command] }),
              ...(setEnv.length === 0
                ? {}
                : { environment: setEnv.map(([name, value]) => ({ name, value })) }),
            },
          ],
        }
      : {}),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  };
  const inputs: RunTaskRequest[] = [];
  for (let left = wanted.count; left > 0; left -= tasksPerCall) {
    inputs.push({
      cluster,
      taskDefinition,
      count: Math.min(left, tasksPerCall),
      ...placement,
      ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
      startedBy: `slipway/${run}`,
      clientToken: `${run}-${inputs.length}`,
      ...(tags.length === 0 ? {} : { tags: [...tags] }),
    });
  }
  return inputs;
}
