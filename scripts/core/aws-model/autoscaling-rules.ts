/**
 * What Application Auto Scaling asks of a service's scaling beyond its model.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScheduledAction.html
 */
import { duplicates, numberAt, textAt, wrong } from "./rule-helpers.ts";
import { checkPolicy } from "./scaling-policy-rules.ts";
import { isTimeZone, scheduleProblem } from "./schedule.ts";
import { elementsOf, fieldsOf, isFields, type Filled, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/** @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-quotas.html */
const limits = { ScalingPolicies: 50, ScheduledActions: 200 } as const;

/** The rules for an autoscaling template. An empty one is good: it says that nothing scales the service. */
export function checkAutoscaling(document: Filled): readonly Violation[] {
  if (!isFields(document) || Object.keys(document).length === 0) return [];
  const policies = elementsOf(document["ScalingPolicies"]).map(fieldsOf);
  const actions = elementsOf(document["ScheduledActions"]).map(fieldsOf);
  return [
    ...checkCapacities(document, []),
    ...checkPresence(document),
    ...Object.entries(limits).flatMap(([field, most]) => checkLength(document, field, most)),
    ...checkTwins(document, "ScalingPolicies", "PolicyName"),
    ...checkTwins(document, "ScheduledActions", "ScheduledActionName"),
    ...policies.flatMap((policy, index) => checkPolicy(policy, ["ScalingPolicies", index])),
    ...actions.flatMap((action, index) =>
      checkAction(action, ["ScheduledActions", index], reachOf(document, actions)),
    ),
  ];
}

function checkPresence(document: FilledObject): Violation[] {
  return ["MinCapacity", "MaxCapacity"]
    .filter((field) => !Object.hasOwn(document, field))
    .map((field) =>
      wrong(
        [field],
        `The field "${field}" is missing; a scalable target needs it.`,
        "Only {} has none: it takes the service out of the hands of autoscaling.",
      ),
    );
}

function checkCapacities(object: FilledObject, path: JsonPath): Violation[] {
  const [least, most] = [numberAt(object, "MinCapacity"), numberAt(object, "MaxCapacity")];
  if (least === undefined || most === undefined || least <= most) return [];
  return [wrong([...path, "MinCapacity"], `MinCapacity ${least} is above MaxCapacity ${most}.`)];
}

function checkLength(document: FilledObject, field: string, most: number): Violation[] {
  const { length } = elementsOf(document[field]);
  return length <= most ? [] : [wrong([field], `${length} are given; AWS takes ${most} at most.`)];
}

function checkTwins(document: FilledObject, list: string, field: string): Violation[] {
  return duplicates(elementsOf(document[list]), field).map(({ index, value }) =>
    wrong(
      [list, index, field],
      `The name ${quoted(value)} is given twice.`,
      "The second would replace the first.",
    ),
  );
}

/** The capacities that are in force when an action sets only one of the two. */
interface Reach {
  readonly least?: number;
  readonly most?: number;
}

/** Unknown where another action may have set it. */
function reachOf(document: FilledObject, actions: readonly FilledObject[]): Reach {
  const sets = (field: string): boolean =>
    actions.some((action) => Object.hasOwn(fieldsOf(action["ScalableTargetAction"]), field));
  const [least, most] = [numberAt(document, "MinCapacity"), numberAt(document, "MaxCapacity")];
  return {
    ...(least === undefined || sets("MinCapacity") ? {} : { least }),
    ...(most === undefined || sets("MaxCapacity") ? {} : { most }),
  };
}

function checkAction(action: FilledObject, path: JsonPath, reach: Reach): Violation[] {
  return [
    ...checkActionName(action, path),
    ...checkSchedule(action, path),
    ...checkTimes(action, path),
    ...checkEffect(action, path, reach),
  ];
}

function checkActionName(action: FilledObject, path: JsonPath): Violation[] {
  const name = textAt(action, "ScheduledActionName");
  // eslint-disable-next-line no-control-regex -- what the API's own pattern excludes
  if (name === undefined || /^(?! )[^\u0000-\u001f\u007f-\u009f:/|]{1,256}(?<! )$/.test(name)) return [];
  const hint = "It takes 1 to 256 characters without : / | and without spaces at its ends.";
  return [wrong([...path, "ScheduledActionName"], `${quoted(name)} is not a scheduled action's name.`, hint)];
}

function checkSchedule(action: FilledObject, path: JsonPath): Violation[] {
  const found: Violation[] = [];
  const schedule = textAt(action, "Schedule");
  if (!Object.hasOwn(action, "Schedule")) {
    const message = 'The field "Schedule" is missing; a scheduled action needs it.';
    found.push(wrong([...path, "Schedule"], message, "As in cron(0 8 ? * MON-FRI *)."));
  }
  const problem = schedule === undefined ? undefined : scheduleProblem(schedule);
  if (problem !== undefined) found.push(wrong([...path, "Schedule"], problem.message, problem.hint));
  const zone = textAt(action, "Timezone");
  if (zone !== undefined && !isTimeZone(zone)) {
    const message = `${quoted(zone)} is not a time zone.`;
    found.push(
      wrong([...path, "Timezone"], message, "It takes a name as in Europe/Berlin; without it, it is UTC."),
    );
  }
  return found;
}

function checkTimes(action: FilledObject, path: JsonPath): Violation[] {
  const [start, end] = ["StartTime", "EndTime"].map((field) => Date.parse(textAt(action, field) ?? ""));
  if (start === undefined || end === undefined || !(start >= end)) return [];
  return [wrong([...path, "EndTime"], "EndTime is not after StartTime, so that the action never runs.")];
}

function checkEffect(action: FilledObject, path: JsonPath, { least, most }: Reach): Violation[] {
  const inner = [...path, "ScalableTargetAction"];
  const effect = fieldsOf(action["ScalableTargetAction"]);
  const [min, max] = [numberAt(effect, "MinCapacity"), numberAt(effect, "MaxCapacity")];
  if (!Object.hasOwn(effect, "MinCapacity") && !Object.hasOwn(effect, "MaxCapacity")) {
    return [wrong(inner, "A scheduled action sets MinCapacity, MaxCapacity or both; this one sets neither.")];
  }
  if (min !== undefined && max === undefined && most !== undefined && min > most) {
    const message = `It sets MinCapacity ${min}, and the target's MaxCapacity is ${most}.`;
    return [wrong([...inner, "MinCapacity"], message, "Let it set MaxCapacity too.")];
  }
  if (max !== undefined && min === undefined && least !== undefined && max < least) {
    const message = `It sets MaxCapacity ${max}, and the target's MinCapacity is ${least}.`;
    return [wrong([...inner, "MaxCapacity"], message, "Let it set MinCapacity too.")];
  }
  return checkCapacities(effect, inner);
}
