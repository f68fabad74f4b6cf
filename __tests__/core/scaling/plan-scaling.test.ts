import { describe, expect, test } from "@jest/globals";

import {
  planScaling,
  scalingDifferences,
  type CurrentScaling,
} from "../../../scripts/core/scaling/plan-scaling.ts";
import { firstCount, wantedAutoscaling } from "../../../scripts/core/scaling/wanted.ts";

const running = { dynamicScalingIn: false, dynamicScalingOut: false, scheduledScaling: false };
const cpu = (value = 50) => ({
  PolicyName: "cpu",
  PolicyType: "TargetTrackingScaling" as const,
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: value,
    PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" as const },
  },
});
const action = (name: string, minimum: number) => ({
  ScheduledActionName: name,
  Schedule: "cron(0 8 ? * MON-FRI *)",
  ScalableTargetAction: { MinCapacity: minimum },
});
const address = {
  ServiceNamespace: "ecs" as const,
  ResourceId: "service/test/web",
  ScalableDimension: "ecs:service:DesiredCount" as const,
  CreationTime: new Date(0),
};

/** What AWS tells, with all that it adds. */
function current({
  limits = [2, 10],
  suspension = running,
  policies = [cpu()],
  actions = [],
}: {
  limits?: readonly [number, number];
  suspension?: typeof running;
  policies?: readonly ReturnType<typeof cpu>[];
  actions?: readonly ReturnType<typeof action>[];
} = {}): CurrentScaling {
  const [minCapacity, maxCapacity] = limits;
  return {
    target: { minCapacity, maxCapacity, suspension },
    plan: {
      policies: policies.map((one) => ({
        ...address,
        ...one,
        PolicyARN: "arn",
        Alarms: [{ AlarmName: "a", AlarmARN: "b" }],
        TargetTrackingScalingPolicyConfiguration: {
          ...one.TargetTrackingScalingPolicyConfiguration,
          DisableScaleIn: false,
        },
      })),
      scheduledActions: actions.map((one) => ({
        ...address,
        ...one,
        ScheduledActionARN: "arn",
        Timezone: "UTC",
      })),
    },
  };
}

const wanted = (settings: object) => wantedAutoscaling({ MinCapacity: 2, MaxCapacity: 10, ...settings });

describe("the plan of a service's scaling", () => {
  test("makes everything where nothing scales the service", () => {
    const settings = { ScalingPolicies: [cpu()], ScheduledActions: [action("day", 4)] };
    expect(planScaling(wanted(settings), undefined)).toMatchObject({
      kind: "setAutoscaling",
      work: "setAutoscaling",
      target: { minCapacity: 2, maxCapacity: 10 },
      putPolicies: [cpu()],
      putActions: [action("day", 4)],
      deletePolicies: [],
      deleteActions: [],
    });
  });

  test("has nothing to do where AWS says the same in its own words", () => {
    const settings = {
      ScalingPolicies: [
        {
          ...cpu(),
          TargetTrackingScalingPolicyConfiguration: {
            ...cpu().TargetTrackingScalingPolicyConfiguration,
            ScaleInCooldown: 300,
          },
        },
      ],
      ScheduledActions: [action("day", 4)],
      SuspendedState: { DynamicScalingInSuspended: false },
    };
    expect(planScaling(wanted(settings), current({ actions: [action("day", 4)] }))).toBeUndefined();
  });

  test("puts what is changed, and deletes what a list does not have any more, whoever made it", () => {
    const there = current({
      policies: [cpu(), { ...cpu(), PolicyName: "by hand" }],
      actions: [action("day", 4), action("night", 2)],
    });
    const settings = { MaxCapacity: 12, ScalingPolicies: [cpu(60)], ScheduledActions: [action("day", 4)] };
    expect(planScaling(wanted(settings), there)).toMatchObject({
      target: { minCapacity: 2, maxCapacity: 12 },
      putPolicies: [cpu(60)],
      deletePolicies: ["by hand"],
      putActions: [],
      deleteActions: ["night"],
    });
    expect(scalingDifferences(wanted(settings), there).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "changed MaxCapacity",
      "changed ScalingPolicies[cpu].TargetTrackingScalingPolicyConfiguration.TargetValue",
      "removed ScalingPolicies[by hand]",
      "removed ScheduledActions[night]",
    ]);
  });

  test("leaves alone what the template leaves out", () => {
    const suspension = { ...running, dynamicScalingIn: true };
    const there = current({ suspension, actions: [action("day", 4)] });
    expect(planScaling(wanted({}), there)).toBeUndefined();
    expect(planScaling(wanted({ MaxCapacity: 11 }), there)).toMatchObject({
      target: { minCapacity: 2, maxCapacity: 11 },
      deletePolicies: [],
      deleteActions: [],
    });
  });

  test("makes a policy anew whose type is another one", () => {
    const step = {
      PolicyName: "cpu",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: { AdjustmentType: "ChangeInCapacity", StepAdjustments: [] },
    };
    expect(planScaling(wanted({ ScalingPolicies: [step] }), current())).toMatchObject({
      deletePolicies: ["cpu"],
      putPolicies: [step],
    });
  });

  test("suspends what the template says, and nothing else of the target changes", () => {
    const SuspendedState = { DynamicScalingInSuspended: true };
    expect(planScaling(wanted({ SuspendedState }), current())).toMatchObject({
      target: { suspension: { dynamicScalingIn: true, dynamicScalingOut: false, scheduledScaling: false } },
      putPolicies: [],
    });
  });

  test("takes everything away for {}, once", () => {
    expect(planScaling(wantedAutoscaling({}), current())).toMatchObject({ kind: "removeAutoscaling" });
    expect(planScaling(wantedAutoscaling({}), undefined)).toBeUndefined();
  });
});

describe("capacities that a scheduled action has set", () => {
  const actions = [action("day", 6), action("night", 2)];

  test("stay while the template has that action as it was", () => {
    const there = current({ limits: [6, 10], actions });
    expect(planScaling(wanted({ ScheduledActions: actions }), there)).toBeUndefined();
    expect(planScaling(wanted({}), there)).toBeUndefined();
  });

  test("stay when the other one changes", () => {
    const there = current({ limits: [6, 10], actions });
    const step = planScaling(wanted({ MaxCapacity: 20, ScheduledActions: actions }), there);
    expect(step).toMatchObject({ target: { minCapacity: 6, maxCapacity: 20 } });
  });

  test("give way when that action is changed or gone", () => {
    const there = current({ limits: [6, 10], actions });
    expect(
      planScaling(wanted({ ScheduledActions: [action("day", 5), action("night", 2)] }), there),
    ).toMatchObject({
      target: { minCapacity: 2 },
    });
    expect(planScaling(wanted({ ScheduledActions: [] }), there)).toMatchObject({
      target: { minCapacity: 2 },
    });
  });

  test("are none where no action has set them", () => {
    expect(
      planScaling(wanted({ ScheduledActions: actions }), current({ limits: [3, 10], actions })),
    ).toMatchObject({
      target: { minCapacity: 2, maxCapacity: 10 },
    });
  });
});

test("a service whose template leaves the count out starts with the least, and with one task at least", () => {
  const count = (MinCapacity: number, MaxCapacity: number) =>
    firstCount(wantedAutoscaling({ MinCapacity, MaxCapacity }));
  expect([count(2, 10), count(0, 10), count(0, 0)]).toEqual([2, 1, 0]);
  expect(firstCount(wantedAutoscaling({}))).toBeUndefined();
});

test("times of a template are dates for the API", () => {
  const StartTime = "2026-01-31T08:00:00+01:00";
  expect(wanted({ ScheduledActions: [{ ...action("day", 4), StartTime }] })).toMatchObject({
    settings: { ScheduledActions: [{ StartTime: new Date(StartTime) }] },
  });
});
