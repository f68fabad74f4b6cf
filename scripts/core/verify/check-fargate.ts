import { checkFargate } from "../aws-model/fargate-rules.ts";
import { elementsOf, fieldsOf, type Filled } from "../aws-model/values.ts";
import { formatPath } from "../aws-model/violation.ts";
import type { Check } from "../check.ts";
import type { RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok } from "./facts.ts";
import { runsOnFargate } from "./platforms.ts";

/** Whether a service on Fargate has a task definition that Fargate runs: its size above all. */
export function checkFargateSize(subject: RolloutSubject): readonly Check[] {
  if (!runsOnFargate(subject)) return [];
  const name = "Fargate cpu and memory";
  const { taskDefinition } = subject;
  const compatibilities = taskDefinition.requiresCompatibilities ?? [];
  // The rules read a template's values: plain JSON, which a definition is when its dates are texts.
  const plain = JSON.parse(
    JSON.stringify({ ...taskDefinition, requiresCompatibilities: ["FARGATE"] }),
  ) as Filled;
  const task = fieldsOf(plain);
  const found = checkFargate(task, elementsOf(task["containerDefinitions"]).map(fieldsOf));
  if (compatibilities.length > 0 && !compatibilities.includes("FARGATE")) {
    return [
      failed(
        name,
        `the task definition is for ${compatibilities.join(", ")} only.`,
        'Add "FARGATE" to requiresCompatibilities.',
      ),
    ];
  }
  if (found.length === 0)
    return [ok(name, `${taskDefinition.cpu ?? "?"} CPU units and ${taskDefinition.memory ?? "?"} MiB.`)];
  return found.map(({ path, message, hint }) =>
    failed(name, `${formatPath(path)}: ${message}`, hint ?? "Correct the task definition."),
  );
}
