/**
 * What Fargate asks of a task definition.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
import { fargateCpuUnits, fargateMemoryMiB, parseCpuUnits, parseMemoryMiB } from "./fargate-sizes.ts";
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type FilledObject } from "./values.ts";
import { quoted, type Violation } from "./violation.ts";

/** The rules for task definitions whose `requiresCompatibilities` name FARGATE; none for others. */
export function checkFargate(task: FilledObject, containers: readonly FilledObject[]): readonly Violation[] {
  if (!elementsOf(task["requiresCompatibilities"]).includes("FARGATE")) return [];
  return [
    ...checkNetworkMode(task),
    ...checkSize(task),
    ...checkExecutionRole(task, containers),
    ...checkStorage(task),
    ...containers.flatMap(checkContainer),
  ];
}

function checkNetworkMode(task: FilledObject): Violation[] {
  const mode = textAt(task, "networkMode");
  if (mode === "awsvpc" || (mode === undefined && Object.hasOwn(task, "networkMode"))) return [];
  const given = mode === undefined ? "none is given" : `${quoted(mode)} is given`;
  return [wrong(["networkMode"], `Fargate runs networkMode "awsvpc" only; ${given}.`)];
}

function checkSize(task: FilledObject): Violation[] {
  const missing = ["cpu", "memory"].filter((field) => !Object.hasOwn(task, field));
  if (missing.length > 0) {
    return missing.map((field) =>
      wrong([field], `The field "${field}" is missing; Fargate needs it on the task.`),
    );
  }
  const [cpu, memory] = [textAt(task, "cpu"), textAt(task, "memory")];
  if (cpu === undefined) return [];
  const units = parseCpuUnits(cpu);
  const sizes = units === undefined ? undefined : fargateMemoryMiB(units);
  if (sizes === undefined) {
    return [
      wrong(
        ["cpu"],
        `Fargate has no cpu size ${quoted(cpu)}.`,
        `It has ${fargateCpuUnits.join(", ")} (units).`,
      ),
    ];
  }
  if (memory === undefined) return [];
  const memoryMiB = parseMemoryMiB(memory);
  if (memoryMiB !== undefined && sizes.includes(memoryMiB)) return [];
  const hint = `It has ${sizes.join(", ")} (MiB).`;
  return [wrong(["memory"], `Fargate has no memory size ${quoted(memory)} with cpu ${quoted(cpu)}.`, hint)];
}

/** Fargate itself pulls from ECR and writes to CloudWatch, in the execution role's name. */
function checkExecutionRole(task: FilledObject, containers: readonly FilledObject[]): Violation[] {
  if (Object.hasOwn(task, "executionRoleArn")) return [];
  const path = ["executionRoleArn"];
  if (containers.some((container) => fieldsOf(container["logConfiguration"])["logDriver"] === "awslogs")) {
    return [wrong(path, "Fargate needs an execution role to write logs with awslogs.")];
  }
  if (containers.some((container) => /^\d{12}\.dkr\.ecr\./.test(textAt(container, "image") ?? ""))) {
    return [wrong(path, "Fargate needs an execution role to pull images from ECR.")];
  }
  return [];
}

function checkStorage(task: FilledObject): Violation[] {
  const size = numberAt(fieldsOf(task["ephemeralStorage"]), "sizeInGiB");
  if (size === undefined || (size >= 21 && size <= 200)) return [];
  return [
    wrong(["ephemeralStorage", "sizeInGiB"], `${size} GiB is out of range.`, "Fargate has 21 to 200 GiB."),
  ];
}

function checkContainer(container: FilledObject, index: number): Violation[] {
  const path = ["containerDefinitions", index];
  const found: Violation[] = [];
  if (container["privileged"] === true) {
    found.push(wrong([...path, "privileged"], "Fargate runs no privileged containers.", "Leave it out."));
  }
  if (elementsOf(container["links"]).length > 0) {
    found.push(
      wrong([...path, "links"], "Links do not exist on Fargate.", "Containers of a task share localhost."),
    );
  }
  const stopTimeout = numberAt(container, "stopTimeout");
  if (stopTimeout !== undefined && stopTimeout > 120) {
    found.push(
      wrong(
        [...path, "stopTimeout"],
        `${stopTimeout} is out of range.`,
        "Fargate waits 120 seconds at most.",
      ),
    );
  }
  return found;
}
