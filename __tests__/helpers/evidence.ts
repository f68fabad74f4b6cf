import type { Container, Service, Task } from "@aws-sdk/client-ecs";

import { logKey, type Evidence } from "../../scripts/core/diagnosis/evidence.ts";

export const groupArn =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/shop/0123456789abcdef";
export const since = new Date("2026-01-01T12:00:00Z");

let made = 0;

/** A stopped task of the deployment, with one container `app` unless told otherwise; a later one is newer. */
export function stopped(task: Task, ...containers: readonly Container[]): Task {
  made += 1;
  const taskId = made.toString(16).padStart(32, "0");
  return {
    taskArn: `arn:aws:ecs:us-east-1:123456789012:task/test/${taskId}`,
    launchType: "FARGATE",
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    startedAt: since,
    stoppedAt: new Date(since.getTime() + made * 1_000),
    containers: (containers.length === 0 ? [{}] : containers).map((container) => ({
      name: "app",
      image: "shop:1.2",
      lastStatus: "STOPPED",
      ...container,
    })),
    ...task,
  };
}

/** A task whose essential container ended by itself. */
export function exited(exitCode: number, container: Container = {}): Task {
  return stopped(
    { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
    { exitCode, ...container },
  );
}

/** Evidence of a service with one container `app` that logs, and with one target group. */
export function evidence(
  parts: Partial<Omit<Evidence, "described">> & { readonly described?: Service } = {},
): Evidence {
  const { described, ...others } = parts;
  return {
    service: "shop",
    cluster: "test",
    deploymentId: "ecs-svc/2",
    since,
    described: {
      launchType: "FARGATE",
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: groupArn, containerName: "app", containerPort: 8080 }],
      ...described,
    },
    revision: {
      containerDefinitions: [
        { name: "app", image: "shop:1.2", essential: true, logConfiguration: { logDriver: "awslogs" } },
      ],
    },
    tasks: [],
    targetGroups: [
      {
        TargetGroupArn: groupArn,
        TargetGroupName: "shop",
        HealthCheckProtocol: "HTTP",
        HealthCheckPath: "/health",
        HealthCheckPort: "traffic-port",
        HealthCheckTimeoutSeconds: 6,
        Matcher: { HttpCode: "200-299" },
      },
    ],
    targetHealth: new Map(),
    logs: new Map(),
    unreadable: [],
    ...others,
  };
}

/** Lines of the log of a task's container. */
export function logOf(task: Task, ...messages: readonly string[]): Evidence["logs"] {
  const lines = messages.map((message, at) => ({ at, stream: "shop", message }));
  return new Map([[logKey(task.taskArn ?? "", "app"), lines]]);
}

/** An event of the service, some seconds after the deployment began. */
export function event(message: string, seconds = 60): { message: string; createdAt: Date } {
  return { message: `(service shop) ${message}`, createdAt: new Date(since.getTime() + seconds * 1_000) };
}
