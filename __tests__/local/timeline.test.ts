import { describe, expect, test } from "@jest/globals";

import { internalFailure } from "../../scripts/local/gateway/error-answer.ts";
import { tellCall } from "../../scripts/local/timeline/call.ts";
import { changesBetween } from "../../scripts/local/timeline/changes.ts";
import { shiftTraffic } from "../../scripts/local/elb/shift.ts";
import { targetGroupArn, World } from "../helpers/local-world.ts";

/** Everything that a world's course tells, step by step. */
function told(world: World, seconds: number) {
  const changes = [];
  for (let passed = 0; passed < seconds; passed += 10) {
    const before = world.state;
    world.pass(10);
    changes.push(...changesBetween(before, world.state));
  }
  return changes;
}

describe("the timeline", () => {
  test("tells a service, its deployment, tasks and events as they come about", () => {
    const world = new World();
    const before = world.state;
    world.create("nginx:1");
    const created = changesBetween(before, world.state).map(({ type }) => type);
    expect(created).toEqual(expect.arrayContaining(["service", "deployment"]));

    const changes = told(world, 240);
    const statuses = changes.filter(({ type }) => type === "task").map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(["PENDING", "ACTIVATING", "RUNNING"]));
    const messages = changes
      .filter(({ type }) => type === "service-event")
      .map(({ message }) => String(message));
    expect(messages[0]).toContain("has started");
    expect(messages.at(-1)).toContain("has reached a steady state");
    expect(changes.filter(({ type }) => type === "deployment").at(-1)).toMatchObject({
      rollout: "COMPLETED",
    });
  });

  test("tells nothing while nothing happens", () => {
    const world = new World();
    world.create("nginx:1");
    told(world, 200);
    expect(told(world, 600)).toEqual([]);
  });

  test("tells what a shift of traffic leaves of the weights", () => {
    const world = new World();
    const before = world.state;
    world.call((transaction) => {
      shiftTraffic(transaction, "listener", [{ arn: targetGroupArn, weight: 90 }]);
    });
    expect(changesBetween(before, world.state)).toEqual([
      expect.objectContaining({ type: "traffic", rule: "default", weights: { web: 90 } }),
    ]);
  });

  test("tells why a task stopped", () => {
    const world = new World();
    world.create("nginx:crash");
    const stopped = told(world, 120).filter(({ type, status }) => type === "task" && status === "STOPPED");
    expect(stopped[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      reason: "Essential container in task exited",
    });
  });
});

describe("a call in the timeline", () => {
  const call = {
    method: "POST",
    url: "/service/GraniteServiceVersion20100801/operation/DescribeAlarms",
    headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" },
    service: "monitoring",
    region: "us-east-1",
    accessKeyId: "local",
    operation: "DescribeAlarms",
    form: new URLSearchParams(),
  };
  // {"AlarmNames": ["web"]}
  const body = Buffer.from("\xa1\x6aAlarmNames\x81\x63web", "latin1");

  test("tells what it is about and how it failed in CBOR as well", () => {
    const told = tellCall({ ...call, body }, internalFailure({ ...call, body }), 1.25);
    expect(told).toMatchObject({
      operation: "DescribeAlarms",
      about: { AlarmNames: ["web"] },
      status: 500,
      error: "InternalServerError",
      ms: 1.3,
    });
  });

  test("is told without what it is about where its body cannot be read", () => {
    const broken = body.subarray(0, 8);
    const answer = { statusCode: 400, headers: { "content-type": "application/cbor" }, body: broken };
    const told = tellCall({ ...call, body: broken }, answer, 0);
    expect(told).toMatchObject({ about: {}, status: 400 });
    expect(told).not.toHaveProperty("error");
  });
});
