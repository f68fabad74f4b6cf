import { describe, expect, test } from "@jest/globals";

import { parseQuery, QueryError } from "../../scripts/local/ecs/cluster-query.ts";
import type { HostRecord } from "../../scripts/local/ecs/state.ts";

const host: HostRecord = {
  id: "0123",
  arn: "arn:aws:ecs:us-east-1:123456789012:container-instance/test/0123",
  clusterName: "test",
  ec2InstanceId: "i-1",
  instanceType: "t3.small",
  availabilityZone: "us-east-1a",
  subnetId: "subnet-1",
  address: "10.0.0.4",
  imageId: "ami-1",
  autoScalingGroup: "hosts",
  capacityProvider: null,
  status: "ACTIVE",
  attributes: { stack: "prod", generation: "9", bare: null },
  cpu: 2048,
  memoryMiB: 2048,
  registeredAt: Date.UTC(2026, 0, 15),
  taskArns: [],
  nextDynamicPort: 32768,
};

const holds = (expression: string) =>
  parseQuery(expression)({ host, groups: ["service:web", "database"], runningTasks: 2 });

describe("an expression of the cluster query language", () => {
  test.each([
    "attribute:ecs.instance-type == t3.small",
    "attribute:ecs.instance-type equals t3.small",
    "attribute:ecs.instance-type =~ t3.*",
    "attribute:ecs.instance-type !~ m5.*",
    "attribute:ecs.instance-type matches t[23].small",
    "(attribute:ecs.instance-type =~ t3.(small|micro)) and runningTasksCount == 2",
    "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]",
    "attribute:ecs.availability-zone not_in [us-east-1c]",
    "attribute:ecs.availability-zone !in [us-east-1c,us-east-1d]",
    "attribute:stack exists",
    "attribute:bare exists",
    "attribute:missing !exists",
    "attribute:missing not_exists",
    "attribute:missing != x",
    "attribute:generation > 10 or attribute:generation < 10",
    "attribute:generation less_than 10",
    "attribute:ecs.capability.task-eni exists",
    "runningTasksCount < 10",
    "runningTasksCount >= 2 and runningTasksCount <= 2",
    "task:group == database",
    "not (task:group == service:api)",
    "!(task:group == service:api) && ec2InstanceId in ['i-2', i-1]",
    "registeredAt < 2026-01-18T20:00:00.000Z",
    "agentVersion >= 1.7.1",
    "agentConnected == true",
    "(attribute:stack == prod and runningTasksCount == 1) or ec2InstanceId == i-1",
  ])("%s holds of a host that it describes", (expression) => {
    expect(holds(expression)).toBe(true);
  });

  test.each([
    "attribute:ecs.instance-type == t3",
    "attribute:ecs.instance-type =~ t3",
    "attribute:missing exists",
    "attribute:bare == x",
    "attribute:generation > 10",
    "task:group == service:api",
    "agentVersion < 1.7.1",
    "attribute:stack == prod and runningTasksCount > 2",
  ])("%s does not hold of one that it does not", (expression) => {
    expect(holds(expression)).toBe(false);
  });

  test.each([
    "",
    "attribute:stack",
    "attribute:stack ==",
    "attribute:stack is prod",
    "color == red",
    "(attribute:stack == prod",
    "attribute:stack == prod)",
    "attribute:stack in prod",
    "attribute:stack in [prod",
    "attribute:stack =~ [",
    "attribute:stack == prod and",
    "attribute:stack == prod attribute:stack == prod",
    `attribute:stack == ${"x".repeat(2000)}`,
  ])("%j is refused", (expression) => {
    expect(() => parseQuery(expression)).toThrow(QueryError);
  });
});
