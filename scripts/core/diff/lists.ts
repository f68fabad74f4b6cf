/**
 * Lists of ECS and its autoscaling whose order means nothing, and how their elements are told apart. Every other list is ordered: a
 * command's words, placement strategies, DNS servers, environment files.
 */

type Element = Readonly<Record<string, unknown>>;

/** What an element is called among the others of its list; undefined for one without a name. */
type NameOf = (element: Element) => string | undefined;

const by =
  (...members: readonly string[]): NameOf =>
  (element) => {
    const parts = members.flatMap((member) => textOf(element[member]) ?? []);
    return parts.length === 0 ? undefined : parts.join("/");
  };

/** By member name; in these inputs a name stands for the same kind of list wherever it is. */
const named: Readonly<Record<string, NameOf>> = {
  Dimensions: by("Name"),
  Metrics: by("Id"),
  ScalingPolicies: by("PolicyName"),
  ScheduledActions: by("ScheduledActionName"),
  capacityProviderStrategy: by("capacityProvider"),
  clientAliases: by("port"),
  containerDefinitions: by("name"),
  dependsOn: by("containerName"),
  devices: by("hostPath"),
  environment: by("name"),
  extraHosts: by("hostname"),
  gatewayConnectors: by("portName"),
  inferenceAccelerators: by("deviceName"),
  lifecycleHooks: by("targetType", "hookTargetArn", "lifecycleStages"),
  loadBalancers: (element) => by("targetGroupArn")(element) ?? by("loadBalancerName")(element),
  metricConfigurations: by("resolutionSeconds"),
  mountPoints: by("containerPath"),
  placementConstraints: by("type", "expression"),
  portMappings: (element) =>
    [textOf(element["containerPort"]) ?? textOf(element["containerPortRange"]), textOf(element["protocol"])]
      .filter((part) => part !== undefined)
      .join("/"),
  properties: by("name"),
  resourceRequirements: by("type"),
  secretOptions: by("name"),
  secrets: by("name"),
  serviceRegistries: by("registryArn"),
  services: by("portName"),
  systemControls: by("namespace"),
  tagSpecifications: by("resourceType"),
  tags: by("key"),
  tmpfs: by("containerPath"),
  ulimits: by("name"),
  volumeConfigurations: by("name"),
  volumes: by("name"),
  volumesFrom: by("sourceContainer"),
  vpcLatticeConfigurations: by("targetGroupArn", "portName"),
};

/** Lists of plain values that are sets. */
const sets: ReadonlySet<string> = new Set([
  "accessTypes",
  "add",
  "alarmNames",
  "dockerSecurityOptions",
  "drop",
  "ignoredExitCodes",
  "lifecycleStages",
  "links",
  "metricNames",
  "permissions",
  "requiresCompatibilities",
  "securityGroups",
  "subnets",
]);

/** What an element comes to once its name is known, where that is a single value. */
const valueMembers: Readonly<Record<string, string>> = {
  environment: "value",
  properties: "value",
  secretOptions: "valueFrom",
  secrets: "valueFrom",
  systemControls: "value",
  tags: "value",
};

/** Members that map names of the user's own to texts. */
const maps: ReadonlySet<string> = new Set(["dockerLabels", "driverOpts", "labels", "options"]);

/** Whether a member's keys are the user's own and not the API's. */
export function isMap(member: string): boolean {
  return maps.has(member);
}

/**
 * The elements of a list without order, by name; a name that is there twice keeps its places in their order. Undefined
 * where the order of the list has a meaning.
 *
 * @param member the name of the field that the list stands in
 */
export function elementsByName(
  member: string,
  list: readonly unknown[],
): ReadonlyMap<string, unknown> | undefined {
  if (sets.has(member)) return new Map(list.map((value) => [shortened(String(value)), value]));
  const nameOf = named[member];
  if (nameOf === undefined) return undefined;
  const elements = new Map<string, unknown>();
  for (const element of list) {
    const name = shortened((isElement(element) ? nameOf(element) : undefined) ?? "");
    let free = name;
    for (let count = 2; elements.has(free); count += 1) free = `${name}#${count}`;
    elements.set(free, element);
  }
  return elements;
}

/** An element as it is shown beside its name: the value of an environment variable, all of a container. */
export function shownElement(member: string, element: unknown): unknown {
  const valueMember = valueMembers[member];
  // A variable or tag without a value has an empty one.
  return valueMember === undefined || !isElement(element) ? element : (element[valueMember] ?? "");
}

/** An ARN without its account and Region: what is left tells the resources of one service apart. */
function shortened(name: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/s.exec(name)?.[1] ?? name;
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(String).sort().join(",");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
