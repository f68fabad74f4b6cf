/**
 * What ECS asks of the lifecycle hooks of a service's deployments.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html
 */
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type Filled, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

const mostOfAType = 10;
const longestPauseMinutes = 20_160;
const longestFunctionMinutes = 1_440;
/** The stages at which a deployment can't be paused. */
const shifts: ReadonlySet<Filled> = new Set(["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]);
const functionArn = /^arn:[^:]+:lambda:[^:]*:\d*:function:/;

export function checkHooks(hooks: readonly Filled[]): readonly Violation[] {
  const path = ["deploymentConfiguration", "lifecycleHooks"];
  const pauses = hooks.filter((hook) => textAt(fieldsOf(hook), "targetType") === "PAUSE");
  const counts = [
    ["PAUSE", pauses.length],
    ["AWS_LAMBDA", hooks.length - pauses.length],
  ] as const;
  const tooMany = counts.flatMap(([type, count]) =>
    count <= mostOfAType
      ? []
      : [
          wrong(
            path,
            `${count} hooks of targetType ${type} are given; a service takes ${mostOfAType} of each type.`,
          ),
        ],
  );
  return [...tooMany, ...hooks.flatMap((hook, index) => checkHook(fieldsOf(hook), [...path, index]))];
}

function checkHook(hook: FilledObject, path: JsonPath): readonly Violation[] {
  const stages = elementsOf(hook["lifecycleStages"]);
  const found: Violation[] = [];
  if (stages.length === 0) {
    found.push(wrong([...path, "lifecycleStages"], "A lifecycle hook needs at least one stage."));
  }
  const isPause = textAt(hook, "targetType") === "PAUSE";
  found.push(...(isPause ? checkPause(hook, stages, path) : checkFunction(hook, path)));
  const most = isPause ? longestPauseMinutes : longestFunctionMinutes;
  const minutes = numberAt(fieldsOf(hook["timeoutConfiguration"]), "timeoutInMinutes");
  if (minutes !== undefined && (minutes < 1 || minutes > most)) {
    const message = `${minutes} is not a time limit of such a hook.`;
    const allowed = `It takes 1 to ${most} minutes.`;
    found.push(wrong([...path, "timeoutConfiguration", "timeoutInMinutes"], message, allowed));
  }
  return found;
}

function checkPause(hook: FilledObject, stages: readonly Filled[], path: JsonPath): readonly Violation[] {
  const atShifts = stages.flatMap((stage, index) =>
    typeof stage === "string" && shifts.has(stage)
      ? [
          wrong(
            [...path, "lifecycleStages", index],
            `A deployment cannot be paused at ${stage}.`,
            "Pause before it (PRE_SCALE_UP to POST_TEST_TRAFFIC_SHIFT, PRE_PRODUCTION_TRAFFIC_SHIFT) or after it.",
          ),
        ]
      : [],
  );
  const target = Object.hasOwn(hook, "hookTargetArn")
    ? [wrong([...path, "hookTargetArn"], "A PAUSE hook calls nothing.", "Leave hookTargetArn out.")]
    : [];
  return [...atShifts, ...target];
}

function checkFunction(hook: FilledObject, path: JsonPath): readonly Violation[] {
  const missing = ["hookTargetArn", "roleArn"]
    .filter((field) => !Object.hasOwn(hook, field))
    .map((field) =>
      wrong([...path, field], `The field "${field}" is missing; a hook that calls a function needs it.`),
    );
  const target = textAt(hook, "hookTargetArn");
  if (target === undefined || functionArn.test(target)) return missing;
  const message = `${quoted(target)} is not the ARN of a Lambda function.`;
  return [...missing, wrong([...path, "hookTargetArn"], message)];
}
