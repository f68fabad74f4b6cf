import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";

import { autoScalingModel } from "../../scripts/core/aws-model/auto-scaling-model.generated.ts";
import { checkAutoscalingFits } from "../../scripts/core/aws-model/autoscaling-fit.ts";
import { ecsModel } from "../../scripts/core/aws-model/ecs-model.generated.ts";
import { scheduleProblem } from "../../scripts/core/aws-model/schedule.ts";
import { formatPath } from "../../scripts/core/aws-model/violation.ts";
import { autoScalingModelSource } from "../../scripts/generate/auto-scaling-model.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { filled } from "../helpers/fill-text.ts";

const at = (field: string) => `{"MinCapacity": 2, "MaxCapacity": 10, ${field}}`;
const policy = (fields: string) => at(`"ScalingPolicies": [{"PolicyName": "cpu", ${fields}}]`);
const tracking = (fields: string) =>
  policy(`"PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": {${fields}}`);
const predefined = (type: string, more = "") =>
  `"PredefinedMetricSpecification": {"PredefinedMetricType": "${type}"${more}}`;
const steps = (fields: string) =>
  policy(
    `"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": {"AdjustmentType": "ChangeInCapacity", ${fields}}`,
  );
const action = (fields: string) => at(`"ScheduledActions": [{"ScheduledActionName": "day", ${fields}}]`);
const inForce = `"ScalableTargetAction": {"MinCapacity": 4}`;

test("the committed table is the one of the installed AWS SDK (else: npm run generate)", () => {
  const file = path.join(projectRoot(), "scripts/core/aws-model/auto-scaling-model.generated.ts");
  expect(readFileSync(file, "utf8")).toBe(autoScalingModelSource());
});

test("no structure and no enum of the table is called as one of ECS", () => {
  const names = (table: typeof ecsModel) => [...Object.keys(table.structures), ...Object.keys(table.enums)];
  expect(names(autoScalingModel).filter((name) => names(ecsModel).includes(name))).toEqual([]);
});

describe("a template for autoscaling", () => {
  test.each([
    ["says that nothing scales the service", "{}"],
    ["sets the range alone", `{"MinCapacity": 0, "MaxCapacity": 3}`],
    ["follows the CPU", tracking(`"TargetValue": 50.5, ${predefined("ECSServiceAverageCPUUtilization")}`)],
    [
      "follows the requests, of the service's own target group",
      tracking(`"TargetValue": 1000, ${predefined("ALBRequestCountPerTarget")}`),
    ],
    [
      "adds metrics",
      tracking(
        `"TargetValue": 10, "CustomizedMetricSpecification": {"Metrics": [{"Id": "sum", "Expression": "a + b", "ReturnData": true}]}`,
      ),
    ],
    [
      "goes by steps in any order",
      steps(
        `"StepAdjustments": [{"ScalingAdjustment": 2, "MetricIntervalLowerBound": 20}, {"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20}]`,
      ),
    ],
    [
      "goes by the clock of a place",
      action(
        `"Schedule": "cron(0 8 ? * MON-FRI *)", "Timezone": "Europe/Berlin", "StartTime": "2026-01-31T08:00:00+01:00", ${inForce}`,
      ),
    ],
  ])("%s", (_, text) => {
    expect(filled("Autoscaling", text)).toEqual(JSON.parse(text));
  });

  test.each([
    [
      "a capacity that is missing",
      `{"MinCapacity": 2}`,
      /\$\.MaxCapacity: The field "MaxCapacity" is missing/,
    ],
    [
      "a range that is empty",
      `{"MinCapacity": 5, "MaxCapacity": 4}`,
      /1:17 \$\.MinCapacity: MinCapacity 5 is above MaxCapacity 4/,
    ],
    [
      "a field that is written otherwise",
      at(`"ScalingPolices": []`),
      /\$\.ScalingPolices: .*Did you mean "ScalingPolicies"\?/,
    ],
    [
      "what Slipway fills in",
      at(`"ResourceId": "service/a/b"`),
      /\$\.ResourceId: .*Slipway fills it in: leave it out/,
    ],
    [
      "what Slipway fills in, deeper",
      policy(`"ServiceNamespace": "ecs", "PolicyType": "PredictiveScaling"`),
      /ScalingPolicies\[0\]\.ServiceNamespace: .*fills it in/,
    ],
    ["what AWS reports", at(`"CreationTime": "now"`), /\$\.CreationTime: .*cannot be set: leave it out/],
    [
      "a policy without a type",
      policy(`"StepScalingPolicyConfiguration": {}`),
      /\$\.ScalingPolicies\[0\]\.PolicyType: .*Write "PolicyType": "StepScaling"/,
    ],
    [
      "a policy without its configuration",
      policy(`"PolicyType": "TargetTrackingScaling"`),
      /needs "TargetTrackingScalingPolicyConfiguration"/,
    ],
    [
      "a policy with another's configuration",
      policy(`"PolicyType": "StepScaling", "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1}`),
      /A policy of type StepScaling has no Target/,
    ],
    ["no metric", tracking(`"TargetValue": 50`), /follows one metric; 0 are given/],
    [
      "a metric of another service",
      tracking(`"TargetValue": 50, ${predefined("DynamoDBReadCapacityUtilization")}`),
      /is no metric of a service of ECS.*ECSServiceAverageCPUUtilization/,
    ],
    [
      "a label where none is",
      tracking(
        `"TargetValue": 50, ${predefined("ECSServiceAverageCPUUtilization", `, "ResourceLabel": "x"`)}`,
      ),
      /takes no ResourceLabel/,
    ],
    [
      "a label of another form",
      tracking(
        `"TargetValue": 50, ${predefined("ALBRequestCountPerTarget", `, "ResourceLabel": "targetgroup/x/1"`)}`,
      ),
      /is not a resource label.*leave it out/,
    ],
    [
      "a target of nothing",
      tracking(`"TargetValue": 0, ${predefined("ECSServiceAverageCPUUtilization")}`),
      /0 is no target value/,
    ],
    [
      "a metric without a name",
      tracking(`"TargetValue": 5, "CustomizedMetricSpecification": {"Namespace": "A", "Statistic": "Sum"}`),
      /"MetricName" is missing/,
    ],
    [
      "steps with a gap",
      steps(
        `"StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10}, {"ScalingAdjustment": 2, "MetricIntervalLowerBound": 20}]`,
      ),
      /one ends at 10, the next begins at 20/,
    ],
    [
      "a name that is there twice",
      at(
        `"ScheduledActions": [{"ScheduledActionName": "a", "Schedule": "rate(1 hour)", ${inForce}}, {"ScheduledActionName": "a", "Schedule": "rate(2 hours)", ${inForce}}]`,
      ),
      /\$\.ScheduledActions\[1\]\.ScheduledActionName: The name "a" is given twice/,
    ],
    ["an action without a schedule", action(inForce), /"Schedule" is missing/],
    ["an action without effect", action(`"Schedule": "rate(1 hour)"`), /sets neither/],
    [
      "an action above the target",
      action(`"Schedule": "rate(1 hour)", "ScalableTargetAction": {"MinCapacity": 11}`),
      /sets MinCapacity 11, and the target's MaxCapacity is 10/,
    ],
    [
      "a place that has no clock",
      action(`"Schedule": "rate(1 hour)", "Timezone": "Berlin", ${inForce}`),
      /"Berlin" is not a time zone/,
    ],
    [
      "a time without its offset",
      action(`"Schedule": "rate(1 hour)", "StartTime": "2026-01-31T08:00:00", ${inForce}`),
      /\$\.ScheduledActions\[0\]\.StartTime: Expected a time \(ISO 8601\)/,
    ],
    [
      "an end before the start",
      action(
        `"Schedule": "rate(1 hour)", "StartTime": "2026-02-01T00:00:00Z", "EndTime": "2026-01-01T00:00:00Z", ${inForce}`,
      ),
      /EndTime is not after StartTime/,
    ],
    [
      "a value that is no number",
      `{"MinCapacity": "@@LEAST@@", "MaxCapacity": 3}`,
      /\$\.MinCapacity: @@LEAST@@: "two" is not a whole number/,
    ],
  ])("refuses %s", (_, text, expected) => {
    expect(String(filled("Autoscaling", text, { LEAST: "two" }))).toMatch(expected);
  });

  test("tells all mistakes at once, each with its place", () => {
    const text = `{\n "MinCapacity": 9,\n "MaxCapacity": 1,\n "ScheduledActions": [{"ScheduledActionName": "a:b"}]\n}`;
    expect(filled("Autoscaling", text)).toEqual([
      expect.stringMatching(/^t\.json:2:17 \$\.MinCapacity/),
      expect.stringMatching(/^t\.json:4:23 \$\.ScheduledActions\[0\]\.ScalableTargetAction: /),
      expect.stringMatching(/^t\.json:4:23 \$\.ScheduledActions\[0\]\.Schedule: /),
      expect.stringMatching(/^t\.json:4:47 \$\.ScheduledActions\[0\]\.ScheduledActionName: /),
    ]);
  });
});

describe("a schedule", () => {
  test.each([
    "cron(0 8 ? * MON-FRI *)",
    "cron(*/15 0-6,22 1 JAN,jul ? 2026-2030)",
    "cron(0 12 L * ? *)",
    "cron(0 12 ? * 6#3 *)",
    "rate(1 minute)",
    "rate(12 hours)",
    "at(2028-02-29T23:59:59)",
  ])("may be %s", (schedule) => {
    expect(scheduleProblem(schedule)).toBeUndefined();
  });

  test.each([
    ["0 8 * * *", /is not a schedule.*cron\(…\), rate\(…\) or at\(…\)/],
    ["cron(0 8 * * *)", /has 5 fields/],
    ["cron(0 8 * * MON-FRI *)", /says nothing, or twice, of the day/],
    ["cron(0 25 ? * MON *)", /"25" is no value of the field hours/],
    ["cron(0 8 ? * MONDAY *)", /"MONDAY" is no value of the field day of week/],
    ["cron(0/0 8 ? * MON *)", /"0\/0" is no value of the field minutes/],
    ["rate(0 hours)", /is not a rate/],
    ["rate(1 hours)", /Write rate\(1 hour\)/],
    ["rate(5 minute)", /Write rate\(5 minutes\)/],
    ["rate(1 week)", /is not a rate/],
    ["at(2026-02-30T00:00:00)", /does not exist/],
    ["at(2026-01-31T08:00:00Z)", /is not a time/],
  ])("is not %s", (schedule, expected) => {
    const { message = "", hint = "" } = scheduleProblem(schedule) ?? {};
    expect(`${message} ${hint}`).toMatch(expected);
  });
});

describe("a template for autoscaling, beside its service", () => {
  const range = { MinCapacity: 2, MaxCapacity: 10 };
  const requests = {
    ...range,
    ScalingPolicies: [
      {
        TargetTrackingScalingPolicyConfiguration: {
          PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" },
        },
      },
    ],
  };
  const found = (autoscaling: object, service: object) => {
    const { autoscaling: own, service: other } = checkAutoscalingFits({ ...autoscaling }, { ...service });
    return [...own, ...other].map(({ path: place, message }) => `${formatPath(place)} ${message}`);
  };

  test("leaves the count to autoscaling, or has it within the range", () => {
    expect(found(range, {})).toEqual([]);
    expect(found(range, { desiredCount: 2 })).toEqual([]);
    expect(found({}, { desiredCount: 50 })).toEqual([]);
    expect(found(range, { desiredCount: 1 })).toEqual([
      "$.desiredCount desiredCount 1 is out of the range in which the service is scaled, 2 to 10.",
    ]);
  });

  test("is for no daemon and for no foreign controller", () => {
    expect(found(range, { schedulingStrategy: "DAEMON" })).toEqual([expect.stringContaining("DAEMON")]);
    expect(found(range, { deploymentController: { type: "EXTERNAL" } })).toEqual([
      expect.stringContaining("EXTERNAL"),
    ]);
  });

  test.each([
    { deploymentController: { type: "CODE_DEPLOY" } },
    {
      deploymentConfiguration: { strategy: "CANARY" },
      loadBalancers: [{ advancedConfiguration: { alternateTargetGroupArn: "arn" } }],
    },
  ])("follows no single target group where the traffic moves between two: %j", (service) => {
    expect(found(range, service)).toEqual([]);
    expect(found(requests, service)).toEqual([
      expect.stringMatching(/PredefinedMetricType ALBRequestCountPerTarget follows one target group/),
    ]);
  });

  test("follows its target group where it has one for good", () => {
    expect(found(requests, { deploymentConfiguration: { strategy: "ROLLING" } })).toEqual([]);
  });
});

test("the templates in docs/deploy.md are right", () => {
  const text = readFileSync(path.join(projectRoot(), "docs/deploy.md"), "utf8");
  const section = text.slice(text.indexOf("### Autoscaling by template"));
  const blocks = [...section.matchAll(/^```jsonc\n(.*?)^```/gms)].map(([, block = ""]) => block);
  expect(blocks).toHaveLength(2);
  for (const block of blocks) {
    expect(filled("Autoscaling", block, { MOST_TASKS: "10" })).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 10,
    });
  }
});
