import { describe, expect, test } from "@jest/globals";

import { assembleStatus, type StatusFacts } from "../../scripts/core/status/assemble.ts";
import { tellingEvents } from "../../scripts/core/status/events.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { statusText } from "../../scripts/terminal/status-text.ts";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 3, 0, seconds));
const definitionArn = "arn:aws:ecs:us-east-1:1:task-definition/web:7";
const targetGroup = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web-blue/0123";

const typed = (verb: string): string => `./deploy ${verb} web`;

const facts: StatusFacts = {
  cluster: "test",
  service: {
    serviceName: "web",
    status: "ACTIVE",
    launchType: "FARGATE",
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 1,
    taskDefinition: definitionArn,
    createdAt: at(0),
    deployments: [
      {
        id: "ecs-svc/1",
        status: "PRIMARY",
        taskDefinition: definitionArn,
        rolloutState: "IN_PROGRESS",
        rolloutStateReason: "ECS deployment ecs-svc/1 in progress.",
        desiredCount: 2,
        runningCount: 1,
        pendingCount: 1,
        failedTasks: 3,
        createdAt: at(10),
      },
    ],
    loadBalancers: [{ targetGroupArn: targetGroup }],
    tags: [
      { key: "slipway:commit", value: "abc123" },
      { key: "team", value: "x" },
    ],
    events: [{ id: "1", createdAt: at(50), message: "(service web) was unable to place a task." }],
  },
  revisions: [
    {
      taskDefinition: {
        taskDefinitionArn: definitionArn,
        containerDefinitions: [{ name: "app", image: "app:1.4.0" }],
        registeredAt: at(5),
        registeredBy: "arn:aws:iam::1:user/ana",
      },
      tags: [{ key: "slipway:version", value: "1.4.0" }],
    },
  ],
  tasks: [
    {
      taskArn: "arn:aws:ecs:us-east-1:1:task/test/aaaaaaaaaaaa",
      taskDefinitionArn: definitionArn,
      lastStatus: "RUNNING",
      healthStatus: "HEALTHY",
      containerInstanceArn: "host-arn",
      availabilityZone: "us-east-1a",
      startedAt: at(20),
      containers: [{ name: "app", image: "app:1.4.0", imageDigest: "sha256:0123456789abcdef" }],
    },
    {
      taskArn: "arn:aws:ecs:us-east-1:1:task/test/bbbbbbbbbbbb",
      taskDefinitionArn: definitionArn,
      lastStatus: "RUNNING",
      healthStatus: "UNHEALTHY",
      launchType: "FARGATE",
      startedAt: at(30),
    },
  ],
  stopped: [
    {
      taskArn: "arn:aws:ecs:us-east-1:1:task/test/cccccccccccc",
      taskDefinitionArn: definitionArn,
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAt: at(40),
      containers: [{ name: "app", exitCode: 137 }],
    },
    { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity", stoppedAt: at(45) },
  ],
  hosts: [{ containerInstanceArn: "host-arn", ec2InstanceId: "i-0abc" }],
  targets: new Map([
    [
      targetGroup,
      [
        { Target: { Id: "10.0.0.1", Port: 80 }, TargetHealth: { State: "healthy" } },
        {
          Target: { Id: "10.0.0.2", Port: 80 },
          TargetHealth: { State: "unhealthy", Reason: "Target.Timeout", Description: "Request timed out" },
        },
      ],
    ],
  ]),
  autoscaling: {
    minCapacity: 1,
    maxCapacity: 4,
    suspension: { dynamicScalingIn: true, dynamicScalingOut: false, scheduledScaling: false },
    policies: ["cpu"],
    scheduledActions: ["day", "night"],
  },
  lock: { run: "r1", owner: "ana@build-7", purpose: "update web", since: at(1).toISOString() },
  unread: ["Target group x could not be read (denied)"],
};

function text(columns: number, of: StatusFacts = facts): string {
  const paint = paintFor({ isTTY: false }, false, {});
  return statusText(assembleStatus(of, typed), {
    region: "us-east-1",
    now: at(100).getTime(),
    paint,
    columns,
  });
}

describe("the document of a status", () => {
  test("holds every fact, in words of its own where AWS's are arns", () => {
    expect(assembleStatus(facts, typed)).toMatchObject({
      service: "web",
      capacity: ["FARGATE"],
      desired: 2,
      running: 1,
      pending: 1,
      revisions: [
        { revision: "web:7", trail: { version: "1.4.0" }, registeredBy: "arn:aws:iam::1:user/ana" },
      ],
      trail: { commit: "abc123" },
      deployments: [{ id: "ecs-svc/1", revision: "web:7", failed: 3 }],
      tasks: [
        { id: "aaaaaaaaaaaa", host: "i-0abc", containers: [{ digest: "sha256:0123456789abcdef" }] },
        { id: "bbbbbbbbbbbb", health: "UNHEALTHY" },
      ],
      targetGroups: [{ name: "web-blue", targets: [{ state: "healthy" }, { reason: "Target.Timeout" }] }],
      autoscaling: { maxCapacity: 4 },
      lock: { owner: "ana@build-7" },
      unread: ["Target group x could not be read (denied)"],
    });
  });

  test("leaves out tasks that ECS stopped since it was asked to", () => {
    expect(assembleStatus(facts, typed).stopped).toEqual([
      {
        id: "cccccccccccc",
        revision: "web:7",
        stoppedAt: at(40).toISOString(),
        reason: "Essential container in task exited",
        exitCodes: [{ container: "app", exitCode: 137 }],
      },
    ]);
  });
});

describe("tasks that died", () => {
  test("are those, too, that ECS stopped for their health", () => {
    const words = [
      "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:r:1:targetgroup/web/1)",
      "Task failed container health checks",
      "Scaling activity initiated by (deployment ecs-svc/1)",
      "Host is being drained.",
    ];
    const stopped = words.map((stoppedReason) => ({
      stopCode: "ServiceSchedulerInitiated" as const,
      stoppedReason,
    }));
    const told = assembleStatus({ ...facts, stopped }, typed).stopped.map(({ reason }) => reason);
    expect(told).toEqual(words.slice(0, 2));
  });
});

describe("the text of a status", () => {
  test("says by whom and when only where the trail knows", () => {
    const by = (at: string, who: string): string | undefined => {
      const tags = [
        { key: "slipway:deployed-at", value: at },
        { key: "slipway:deployed-by", value: who },
      ];
      const told = text(200, { ...facts, service: { ...facts.service, tags } });
      return /^ +deployed +(.*)$/m.exec(told)?.[1];
    };
    expect(by("2026-01-01T02:59:00.123Z", "ana")).toBe("ana, at 2026-01-01 02:59:00Z");
    expect(by("2026-01-01T02:59:00.123Z", "unknown")).toBe("at 2026-01-01 02:59:00Z");
    expect(by("unknown", "unknown")).toBeUndefined();
  });

  test("tells what is ill, with its reason, before what is well", () => {
    const told = text(200);
    expect(told.indexOf("bbbbbbbb RUNNING UNHEALTHY")).toBeLessThan(told.indexOf("aaaaaaaa RUNNING HEALTHY"));
    expect(told.indexOf("bbbbbbbb RUNNING UNHEALTHY")).toBeGreaterThan(0);
    expect(told).toContain("web-blue: 1 healthy, 1 unhealthy");
    expect(told).toContain("10.0.0.2:80 unhealthy Target.Timeout, Request timed out");
    expect(told).toContain("Essential container in task exited (app exited with 137)");
    expect(told).toContain("1 to 4 tasks, by cpu, suspended: scale-in; on schedule day, night");
    expect(told).toContain("held by ana@build-7");
    expect(told).toContain("(1m 30s ago)");
    expect(told).toContain("was unable to place a task.");
  });

  test.each([30, 60, 100])("fits into %i columns", (columns) => {
    const longest = Math.max(
      ...text(columns)
        .split("\n")
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(columns);
  });

  test("shows the first tasks of hundreds and says where the rest is", () => {
    const [task] = facts.tasks;
    const tasks = Array.from({ length: 300 }, (_, index) => ({
      ...task,
      taskArn: `task/test/${index}-abcdefgh`,
    }));
    const told = text(200, { ...facts, tasks });
    expect(told.split("\n").filter((line) => line.includes("RUNNING HEALTHY"))).toHaveLength(20);
    expect(told).toContain("and 280 more tasks; --output json has all");
  });

  test("carries no escape sequence out of AWS's words", () => {
    const events = [{ id: "1", message: "(service web) \u001B[31mred\u001B[0m\u0007 alarm" }];
    expect(text(100, { ...facts, service: { ...facts.service, events } })).toContain("red alarm");
    expect(text(100, { ...facts, service: { ...facts.service, events } })).not.toContain("\u001B");
  });
});

describe("events", () => {
  test("are those that say something, without the service's name and without repetitions", () => {
    const events = [
      "(service web) has reached a steady state.",
      "(service web) was unable to place a task.",
      "(service web) was unable to place a task.",
      "(service web) has started 2 tasks: (task a) (task b).",
      "(service web) (deployment ecs-svc/1) deployment failed: tasks failed to start.",
    ].map((message) => ({ message }));
    expect(tellingEvents(events, "web", 8)).toEqual([
      { message: "was unable to place a task." },
      { message: "(deployment ecs-svc/1) deployment failed: tasks failed to start." },
    ]);
    expect(tellingEvents(events, "web", 1)).toHaveLength(1);
  });
});
