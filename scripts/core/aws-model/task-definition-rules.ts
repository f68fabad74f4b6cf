/**
 * What ECS asks of a task definition beyond its model. Each rule is one that RegisterTaskDefinition refuses with a
 * ClientException, or that the page below documents.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
import { parseImageReference } from "../image-reference.ts";
import { checkFargate } from "./fargate-rules.ts";
import { checkName, duplicates, numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type Filled, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/** The rules for a whole task definition. */
export function checkTaskDefinition(document: Filled): readonly Violation[] {
  const task = fieldsOf(document);
  const containers = elementsOf(task["containerDefinitions"]).map(fieldsOf);
  return [
    ...checkName(task["family"], ["family"]),
    ...checkContainers(task, containers),
    ...containers.flatMap((container, index) =>
      checkContainer(task, container, ["containerDefinitions", index]),
    ),
    ...checkReferences(task, containers),
    ...checkFargate(task, containers),
  ];
}

function checkContainers(task: FilledObject, containers: readonly FilledObject[]): Violation[] {
  const path = ["containerDefinitions"];
  const listed = Array.isArray(task["containerDefinitions"]);
  if (containers.length === 0)
    return listed ? [wrong(path, "A task definition needs at least one container.")] : [];
  const found = duplicates(containers, "name").map(({ index, value }) =>
    wrong([...path, index, "name"], `Two containers are named ${quoted(value)}; names have to differ.`),
  );
  if (containers.every((container) => container["essential"] === false)) {
    found.push(
      wrong(path, "No container is essential.", 'Leave out "essential": false on at least one of them.'),
    );
  }
  return found;
}

function checkContainer(task: FilledObject, container: FilledObject, path: JsonPath): Violation[] {
  return [
    ...["name", "image"]
      .filter((field) => !Object.hasOwn(container, field))
      .map((field) => wrong([...path, field], `The field "${field}" is missing; every container needs it.`)),
    ...checkName(container["name"], [...path, "name"]),
    ...checkImage(container, [...path, "image"]),
    ...checkMemory(task, container, path),
    ...checkPorts(textAt(task, "networkMode"), container, [...path, "portMappings"]),
    ...checkVariables(container, path),
  ];
}

function checkImage(container: FilledObject, path: JsonPath): Violation[] {
  const image = textAt(container, "image");
  if (image === undefined) return [];
  const parsed = parseImageReference(image);
  return parsed.ok ? [] : [wrong(path, parsed.message)];
}

function checkMemory(task: FilledObject, container: FilledObject, path: JsonPath): Violation[] {
  const name = quoted(textAt(container, "name") ?? "");
  const given = ["memory", "memoryReservation"].some((field) => Object.hasOwn(container, field));
  if (!given && !Object.hasOwn(task, "memory")) {
    const hint = "Set memory or memoryReservation (MiB) on it, or memory on the task.";
    return [wrong([...path, "memory"], `The container ${name} has no memory limit.`, hint)];
  }
  const hard = numberAt(container, "memory");
  const soft = numberAt(container, "memoryReservation");
  if (hard === undefined || soft === undefined || hard > soft) return [];
  const message = `memoryReservation (${soft}) has to be less than memory (${hard}).`;
  return [wrong([...path, "memoryReservation"], message)];
}

function checkPorts(networkMode: string | undefined, container: FilledObject, path: JsonPath): Violation[] {
  if (networkMode !== "awsvpc" && networkMode !== "host") return [];
  return elementsOf(container["portMappings"]).flatMap((element, index) => {
    const mapping = fieldsOf(element);
    const [host, own] = [numberAt(mapping, "hostPort"), numberAt(mapping, "containerPort")];
    if (host === undefined || own === undefined || host === own) return [];
    const message = `With networkMode ${networkMode} the host port (${host}) has to be the container port (${own}).`;
    return [wrong([...path, index, "hostPort"], message, "Leave hostPort out.")];
  });
}

function checkVariables(container: FilledObject, path: JsonPath): Violation[] {
  const variables = new Set(
    elementsOf(container["environment"]).map((element) => textAt(fieldsOf(element), "name")),
  );
  return elementsOf(container["secrets"]).flatMap((element, index) => {
    const name = textAt(fieldsOf(element), "name");
    if (name === undefined || !variables.has(name)) return [];
    return [
      wrong(
        [...path, "secrets", index, "name"],
        `${quoted(name)} is both an environment variable and a secret.`,
      ),
    ];
  });
}

/** Names of containers and volumes that other parts of the task definition refer to. */
function checkReferences(task: FilledObject, containers: readonly FilledObject[]): Violation[] {
  const containerNames = knownNames(containers);
  const volumeNames = knownNames(elementsOf(task["volumes"]).map(fieldsOf));
  return containers.flatMap((container, index) => {
    const path = ["containerDefinitions", index];
    return [
      ...checkKnown(container, path, "dependsOn", "containerName", "container", containerNames),
      ...checkKnown(container, path, "volumesFrom", "sourceContainer", "container", containerNames),
      ...checkKnown(container, path, "mountPoints", "sourceVolume", "volume", volumeNames),
    ];
  });
}

/** The names given; undefined when one of them is not known yet, since then no reference can be called wrong. */
function knownNames(named: readonly FilledObject[]): readonly string[] | undefined {
  const names = named.map((element) => textAt(element, "name"));
  return names.every((name) => name !== undefined) ? names : undefined;
}

function checkKnown(
  container: FilledObject,
  path: JsonPath,
  list: string,
  field: string,
  kind: string,
  known: readonly string[] | undefined,
): Violation[] {
  if (known === undefined) return [];
  return elementsOf(container[list]).flatMap((element, index) => {
    const name = textAt(fieldsOf(element), field);
    if (name === undefined || known.includes(name)) return [];
    const hint = known.length === 0 ? `It has no ${kind} at all.` : `It has ${known.join(", ")}.`;
    return [
      wrong([...path, list, index, field], `The task definition has no ${kind} ${quoted(name)}.`, hint),
    ];
  });
}
