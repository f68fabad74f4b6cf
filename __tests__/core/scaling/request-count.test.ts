import { describe, expect, test } from "@jest/globals";

import {
  movesBetweenGroups,
  requestMetrics,
  resourceLabel,
  withLabel,
  withoutLabel,
} from "../../../scripts/core/scaling/request-count.ts";

const balancer = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1a2b";
const group = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/3c4d";
const label = "app/web/1a2b/targetgroup/shop/3c4d";
const at = new Date(0);
const document = {
  ScalingPolicies: [
    { a: { PredefinedMetricType: "ALBRequestCountPerTarget" } },
    { a: { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel: "mine" } },
    { a: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" } },
  ],
  at,
};

describe("the label of a target group's requests", () => {
  test("is made of the load balancer and the target group, where it is one for HTTP", () => {
    expect(resourceLabel(balancer, group)).toBe(label);
    expect(resourceLabel(balancer.replace("/app/", "/net/"), group)).toBeUndefined();
  });

  test("is filled in where it is missing, and nowhere else", () => {
    expect(requestMetrics(document).map(({ path, isLabelled }) => [path.join("."), isLabelled])).toEqual([
      ["ScalingPolicies.0.a", false],
      ["ScalingPolicies.1.a", true],
    ]);
    expect(withLabel(document, label)).toEqual({
      ScalingPolicies: [
        { a: { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel: label } },
        ...document.ScalingPolicies.slice(1),
      ],
      at,
    });
  });

  test("is left out of a template where it is the service's own", () => {
    expect(withoutLabel(withLabel(document, label), label)).toEqual(document);
  });
});

test("traffic moves between groups under CodeDeploy, and where ECS has an alternate one to move it to", () => {
  const loadBalancers = [
    { targetGroupArn: group, advancedConfiguration: { alternateTargetGroupArn: group } },
  ];
  expect(movesBetweenGroups({ deploymentController: { type: "CODE_DEPLOY" } })).toBe(true);
  expect(movesBetweenGroups({ deploymentConfiguration: { strategy: "LINEAR" }, loadBalancers })).toBe(true);
  expect(movesBetweenGroups({ deploymentConfiguration: { strategy: "ROLLING" }, loadBalancers })).toBe(false);
  expect(movesBetweenGroups({})).toBe(false);
});
