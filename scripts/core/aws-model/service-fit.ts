/**
 * Whether a service fits the task definition that it is to run: what CreateService and UpdateService find out only
 * after a revision has been registered.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
 */
import type { ShapeName } from "./model.ts";
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/**
 * Checks a filled service template against the filled task definition. The paths are those of the service's template.
 *
 * @param shape - what the service template describes; an update need not repeat the network
 */
export function checkServiceFits(
  service: FilledObject,
  shape: ShapeName,
  taskDefinition: FilledObject,
): readonly Violation[] {
  return [
    ...checkNetwork(service, shape, textAt(taskDefinition, "networkMode")),
    ...["loadBalancers", "serviceRegistries"].flatMap((list) =>
      elementsOf(service[list]).flatMap((element, index) =>
        checkPort(
          fieldsOf(element),
          [list, index],
          elementsOf(taskDefinition["containerDefinitions"]).map(fieldsOf),
        ),
      ),
    ),
  ];
}

function checkNetwork(service: FilledObject, shape: ShapeName, networkMode: string | undefined): Violation[] {
  const given = Object.hasOwn(service, "networkConfiguration");
  const path = ["networkConfiguration"];
  if (networkMode === "awsvpc" && !given && shape !== "UpdateService") {
    return [wrong(path, "Tasks with networkMode awsvpc need a networkConfiguration.", "Give it subnets.")];
  }
  if (given && networkMode !== undefined && networkMode !== "awsvpc") {
    return [
      wrong(path, `Tasks with networkMode ${networkMode} take no networkConfiguration.`, "Leave it out."),
    ];
  }
  return [];
}

function checkPort(target: FilledObject, path: JsonPath, containers: readonly FilledObject[]): Violation[] {
  const name = textAt(target, "containerName");
  const names = containers.map((container) => textAt(container, "name"));
  if (name === undefined || names.includes(undefined)) return [];
  const container = containers[names.indexOf(name)];
  if (container === undefined) {
    const hint = `It has ${names.join(", ")}.`;
    return [wrong([...path, "containerName"], `The task definition has no container ${quoted(name)}.`, hint)];
  }
  const port = numberAt(target, "containerPort");
  const mappings = elementsOf(container["portMappings"]).map(fieldsOf);
  const ports = mappings.flatMap((mapping) => numberAt(mapping, "containerPort") ?? []);
  const ranged = mappings.some((mapping) => Object.hasOwn(mapping, "containerPortRange"));
  if (port === undefined || ranged || ports.includes(port)) return [];
  const hint = ports.length === 0 ? "It maps no port at all." : `It maps ${ports.join(", ")}.`;
  return [wrong([...path, "containerPort"], `The container ${quoted(name)} maps no port ${port}.`, hint)];
}
