import type { ContainerInstance, Service, Task } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { preflight, type PreflightSubject } from "../../../scripts/commands/rollout/preflight.ts";
import type { RunContext } from "../../../scripts/commands/run-context.ts";
import { AwsCallError, RefusedError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";

/** One host, whose port 8080 the service's one task holds. */
const host: ContainerInstance = {
  containerInstanceArn: "arn:aws:ecs:us-east-1:123456789012:container-instance/test/h1",
  ec2InstanceId: "i-1",
  status: "ACTIVE",
  agentConnected: true,
  runningTasksCount: 1,
  attributes: [{ name: "ecs.instance-type", value: "t3.small" }],
  registeredResources: resources(2048, 2000, ["22"]),
  remainingResources: resources(2048, 1900, ["22", "8080"]),
};

const task: Task = {
  taskArn: "arn:aws:ecs:us-east-1:123456789012:task/test/t1",
  group: "service:web",
  containerInstanceArn: host.containerInstanceArn,
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  cpu: "0",
  memory: "100",
  containers: [{ name: "web", networkBindings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] }],
};

const running: Service = {
  serviceName: "web",
  status: "ACTIVE",
  taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
  launchType: "EC2",
  desiredCount: 1,
  runningCount: 1,
  deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
};

const subject: PreflightSubject = {
  name: "web",
  serviceName: "web",
  cluster: "test",
  taskDefinition: {
    family: "web",
    containerDefinitions: [
      { name: "web", image: "web:2", memory: 100, portMappings: [{ containerPort: 80, hostPort: 8080 }] },
    ],
  },
  service: {},
  running,
};

function resources(cpu: number, memory: number, ports: string[]): ContainerInstance["remainingResources"] {
  return [
    { name: "CPU", integerValue: cpu },
    { name: "MEMORY", integerValue: memory },
    { name: "PORTS", stringSetValue: ports },
  ];
}

type Answer = (...asked: readonly unknown[]) => unknown;

/** A run whose ports answer by the names of their methods; what is not answered is denied. */
function contextWith(answers: Readonly<Record<string, Answer>>): {
  context: RunContext;
  events: DeploymentEventBody[];
  calls: string[];
} {
  const events: DeploymentEventBody[] = [];
  const calls: string[] = [];
  const port = new Proxy(
    {},
    {
      get: (_, name: string) => {
        // It is handed on by promises, which must not take it for one.
        if (name === "then") return undefined;
        return (...asked: readonly unknown[]) => {
          calls.push(name);
          const answer = answers[name];
          return answer !== undefined
            ? Promise.resolve(answer(...asked))
            : Promise.reject(new AwsCallError("AccessDeniedException", `${name} is denied`));
        };
      },
    },
  );
  // The preflight takes nothing else of a run.
  const context = {
    region: "us-east-1",
    connect: () => port,
    ecs: port,
    emit: (event: DeploymentEventBody) => events.push(event),
  } as unknown as RunContext;
  return { context, events, calls };
}

/** The service's tasks by the status that is asked for. */
const tasksBy =
  (desiredStatus: string, tasks: readonly Task[]): Answer =>
  (_cluster, _service, asked) =>
    asked === desiredStatus ? tasks : [];

const onOneHost = {
  hosts: () => [host],
  ofService: tasksBy("RUNNING", [task]),
  describeTaskDefinition: () => undefined,
};

describe("the preflight of a run", () => {
  test("refuses a rollout that would get stuck, with the remedy, and tells it as an event", async () => {
    const { context, events } = contextWith(onOneHost);
    const refused = preflight([subject], context, { force: false });
    await expect(refused).rejects.toThrow(RefusedError);
    await expect(refused).rejects.toThrow(
      /web: .*would get stuck: 0 of 1 .*\n {2}What would get it through: .*hostPort 0/,
    );
    expect(events).toMatchObject([{ type: "checked", service: "web", check: { status: "failed" } }]);
  });

  test("goes on by force, with a warning", async () => {
    const { context, events } = contextWith(onOneHost);
    await preflight([subject], context, { force: true });
    expect(events.map(({ type }) => type)).toEqual(["checked", "warning"]);
  });

  test("lets a run go on that may not read anything, and says what was not looked at", async () => {
    const { context, events } = contextWith({});
    await preflight([subject], context, { force: false });
    expect(events).toMatchObject([
      { type: "checked", check: { status: "skipped", reason: expect.stringContaining("hosts is denied") } },
    ]);
  });

  test("asks nothing for a service on Fargate with an image from elsewhere", async () => {
    const { context, events, calls } = contextWith({});
    const service = { launchType: "FARGATE" as const, desiredCount: 3 };
    await preflight([{ ...subject, running: { ...running, launchType: "FARGATE" }, service }], context, {
      force: false,
    });
    expect({ calls, events }).toEqual({ calls: [], events: [] });
  });

  test("reads the hosts of a cluster once for many services, and all its tasks where that takes fewer calls", async () => {
    const many = Array.from({ length: 20 }, (_, index): PreflightSubject => {
      const serviceName = `web-${index}`;
      return {
        ...subject,
        serviceName,
        taskDefinition: {
          family: "web",
          containerDefinitions: [{ name: "web", image: "web:2", memory: 10 }],
        },
      };
    });
    const { context, calls } = contextWith({ ...onOneHost, tasksOnHosts: () => [task] });
    await preflight(many, context, { force: false });
    expect(calls.toSorted()).toEqual(["hosts", "tasksOnHosts"]);
  });

  test("does not take a task that is stopping for one that stands in the way", async () => {
    const stopping = { ...task, desiredStatus: "STOPPED", lastStatus: "DEACTIVATING" };
    const { context, events } = contextWith({ ...onOneHost, ofService: tasksBy("STOPPED", [stopping]) });
    await preflight([subject], context, { force: false });
    expect(events).toEqual([]);
  });
});
