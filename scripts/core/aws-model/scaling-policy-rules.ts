/**
 * What Application Auto Scaling asks of a scaling policy of an ECS service beyond its model.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
 */
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/** The configuration that each type of policy has. */
const configurations = {
  TargetTrackingScaling: "TargetTrackingScalingPolicyConfiguration",
  StepScaling: "StepScalingPolicyConfiguration",
  PredictiveScaling: "PredictiveScalingPolicyConfiguration",
} as const;

/** Of all that the API predefines, what it measures of a service of ECS. */
const serviceMetrics = [
  "ECSServiceAverageCPUUtilization",
  "ECSServiceAverageMemoryUtilization",
  "ALBRequestCountPerTarget",
];

/** As in `app/web/1a2b/targetgroup/web/3c4d`. */
const label = /^app\/[^/]+\/[0-9a-f]+\/targetgroup\/[^/]+\/[0-9a-f]+$/;

/** The rules for one policy. */
export function checkPolicy(policy: FilledObject, path: JsonPath): readonly Violation[] {
  return [
    ...checkName(policy, path),
    ...checkConfiguration(policy, path),
    ...checkTracking(fieldsOf(policy[configurations.TargetTrackingScaling]), [
      ...path,
      configurations.TargetTrackingScaling,
    ]),
    ...(Object.hasOwn(policy, configurations.StepScaling)
      ? checkSteps(fieldsOf(policy[configurations.StepScaling]), [...path, configurations.StepScaling])
      : []),
  ];
}

function checkName(policy: FilledObject, path: JsonPath): Violation[] {
  const name = textAt(policy, "PolicyName");
  if (name === undefined || /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]{1,256}$/u.test(name)) return [];
  return [
    wrong(
      [...path, "PolicyName"],
      `${quoted(name)} is not a policy's name.`,
      "It takes 1 to 256 characters that can be printed.",
    ),
  ];
}

/** AWS takes a policy without a type for step scaling, whatever its configuration. */
function checkConfiguration(policy: FilledObject, path: JsonPath): Violation[] {
  const type = textAt(policy, "PolicyType");
  const given = Object.values(configurations).filter((field) => Object.hasOwn(policy, field));
  if (type === undefined) {
    if (Object.hasOwn(policy, "PolicyType")) return [];
    const fitting = Object.entries(configurations).find(([, field]) => field === given[0])?.[0];
    const hint = `Write "PolicyType": "${fitting ?? "TargetTrackingScaling"}".`;
    return [
      wrong([...path, "PolicyType"], 'The field "PolicyType" is missing; a policy needs a type.', hint),
    ];
  }
  if (!isType(type)) return [];
  const needed = configurations[type];
  const missing = given.includes(needed)
    ? []
    : [wrong([...path, needed], `A policy of type ${type} needs "${needed}".`)];
  return [
    ...missing,
    ...given
      .filter((field) => field !== needed)
      .map((field) =>
        wrong([...path, field], `A policy of type ${type} has no ${field}.`, `It has ${needed}.`),
      ),
  ];
}

function isType(type: string): type is keyof typeof configurations {
  return Object.hasOwn(configurations, type);
}

function checkTracking(configuration: FilledObject, path: JsonPath): Violation[] {
  if (Object.keys(configuration).length === 0) return [];
  const specifications = ["PredefinedMetricSpecification", "CustomizedMetricSpecification"];
  const given = specifications.filter((field) => Object.hasOwn(configuration, field));
  const one =
    given.length === 1
      ? []
      : [
          wrong(
            path,
            `Target tracking follows one metric; ${given.length} are given.`,
            `Give one of ${specifications.join(" and ")}.`,
          ),
        ];
  const target = numberAt(configuration, "TargetValue");
  const value =
    target === undefined || target > 0
      ? []
      : [wrong([...path, "TargetValue"], `${target} is no target value.`, "It takes a number above 0.")];
  const predefined = fieldsOf(configuration["PredefinedMetricSpecification"]);
  return [
    ...one,
    ...value,
    ...checkPredefined(predefined, [...path, "PredefinedMetricSpecification"]),
    ...checkCustomized(configuration, [...path, "CustomizedMetricSpecification"]),
  ];
}

function checkPredefined(metric: FilledObject, path: JsonPath): Violation[] {
  const type = textAt(metric, "PredefinedMetricType");
  if (type === undefined) return [];
  if (!serviceMetrics.includes(type)) {
    const message = `${quoted(type)} is no metric of a service of ECS.`;
    const hint = `It takes ${serviceMetrics.join(", ")}.`;
    return [wrong([...path, "PredefinedMetricType"], message, hint)];
  }
  const given = textAt(metric, "ResourceLabel");
  if (given === undefined) return [];
  if (type !== "ALBRequestCountPerTarget") {
    return [wrong([...path, "ResourceLabel"], `${type} takes no ResourceLabel.`, "Leave it out.")];
  }
  if (label.test(given)) return [];
  return [
    wrong(
      [...path, "ResourceLabel"],
      `${quoted(given)} is not a resource label.`,
      "It takes app/<load balancer>/<id>/targetgroup/<target group>/<id>; leave it out, and it is the service's own.",
    ),
  ];
}

/** A metric is named, or calculated from several. */
function checkCustomized(configuration: FilledObject, path: JsonPath): Violation[] {
  if (!Object.hasOwn(configuration, "CustomizedMetricSpecification")) return [];
  const metric = fieldsOf(configuration["CustomizedMetricSpecification"]);
  const single = ["MetricName", "Namespace", "Statistic"];
  if (Object.hasOwn(metric, "Metrics")) {
    return [...single, "Dimensions", "Unit"]
      .filter((field) => Object.hasOwn(metric, field))
      .map((field) =>
        wrong([...path, field], `${field} and Metrics exclude each other.`, "Keep one of them."),
      );
  }
  const missing = single.filter((field) => !Object.hasOwn(metric, field));
  return missing.map((field) =>
    wrong([...path, field], `The field "${field}" is missing; a metric without Metrics needs it.`),
  );
}

function checkSteps(configuration: FilledObject, path: JsonPath): Violation[] {
  const type = textAt(configuration, "AdjustmentType");
  const missing = ["AdjustmentType", "StepAdjustments"]
    .filter((field) => !Object.hasOwn(configuration, field))
    .map((field) => wrong([...path, field], `The field "${field}" is missing; step scaling needs it.`));
  const magnitude =
    Object.hasOwn(configuration, "MinAdjustmentMagnitude") &&
    type !== undefined &&
    type !== "PercentChangeInCapacity"
      ? [wrong([...path, "MinAdjustmentMagnitude"], `AdjustmentType ${type} takes none.`, "Leave it out.")]
      : [];
  return [
    ...missing,
    ...magnitude,
    ...checkIntervals(elementsOf(configuration["StepAdjustments"]).map(fieldsOf), [
      ...path,
      "StepAdjustments",
    ]),
  ];
}

/** Steps go from one bound to the next, with no gap and no overlap; only the outermost may be open. */
function checkIntervals(steps: readonly FilledObject[], path: JsonPath): Violation[] {
  const bounds = steps.map((step, index) => ({
    index,
    lower: numberAt(step, "MetricIntervalLowerBound") ?? Number.NEGATIVE_INFINITY,
    upper: numberAt(step, "MetricIntervalUpperBound") ?? Number.POSITIVE_INFINITY,
  }));
  const empty = bounds.filter(({ lower, upper }) => lower >= upper);
  if (empty.length > 0) {
    return empty.map(({ index, lower, upper }) =>
      wrong(
        [...path, index],
        `The step from ${lower} to ${upper} is empty.`,
        "Its lower bound is below its upper.",
      ),
    );
  }
  const sorted = bounds.toSorted((left, right) => left.lower - right.lower);
  return sorted.slice(1).flatMap(({ index, lower }, before) => {
    const previous = sorted[before]?.upper;
    return previous === lower
      ? []
      : [
          wrong(
            [...path, index],
            `The steps do not follow each other: one ends at ${String(previous)}, the next begins at ${lower}.`,
            "Each begins where the one before ends; only the first may lack its lower bound, only the last its upper.",
          ),
        ];
  });
}
