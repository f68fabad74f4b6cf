/**
 * Which of AWS's sample events each rule lets through, and what is sent for them:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { matches } from "../../scripts/local/events/pattern.ts";
import { transformed } from "../../scripts/local/events/transform.ts";
import { eventRules } from "../../stacks/constructs/event-rules.ts";
import { sampleEvent, type AwsEvent } from "../helpers/aws-events.ts";

const account = { partition: "aws", id: "111122223333" };
const web = { containerPort: 80, networkMode: "awsvpc" };

function rulesOf(name: string, region: string, services: Record<string, unknown> = { web }) {
  const network = { cidr: "10.1.0.0/16", zones: 2 };
  const environment = {
    region,
    network,
    cluster: { ec2: null },
    services,
    loadBalancers: { external: {} },
    domain: { name: "example.com" },
  };
  const parsed = parseEnvironments(JSON.stringify({ environments: { [name]: environment } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return [...parsed.environments.values()].flatMap((one) => eventRules(one, account));
}

const rules = rulesOf("default", "us-west-2");

/** The rules that an event passes, and the line of each. */
function told(event: AwsEvent, among = rules): Record<string, string> {
  const passed = among.filter(({ pattern }) => matches(JSON.parse(JSON.stringify(pattern)) as never, event));
  return Object.fromEntries(
    passed.map(({ id, paths, message }) => {
      const transformer = { InputPathsMap: paths, InputTemplate: JSON.stringify(message) };
      return [id, String(JSON.parse(transformed(event, transformer)))];
    }),
  );
}

const cluster = { clusterArn: "arn:aws:ecs:us-west-2:111122223333:cluster/default" };
const stopped = { ...cluster, lastStatus: "STOPPED", desiredStatus: "STOPPED", group: "service:web" };
const task = (detail: Parameters<typeof sampleEvent>[1]) =>
  sampleEvent("task-state-change", { ...stopped, ...detail });
const exited = (exitCode: number, ...others: number[]) => ({
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  containers: [exitCode, ...others].map((code, index) => ({ name: `c${index}`, exitCode: code })),
});

describe("a task of a service is told of", () => {
  const failed: readonly (readonly [title: string, detail: Parameters<typeof task>[0]])[] = [
    ["when an essential container ended, whatever its exit code", exited(0)],
    [
      "when it did not start",
      {
        stopCode: "TaskFailedToStart",
        stoppedReason: "CannotPullContainerError: pull image manifest has been retried 5 time(s)",
      },
    ],
    [
      "when the load balancer found it unhealthy",
      {
        stopCode: "ServiceSchedulerInitiated",
        stoppedReason: "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:…)",
      },
    ],
    [
      "when its own health check failed",
      { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Task failed container health checks" },
    ],
  ];
  test.each(failed)("%s", (_title, detail) => {
    expect(Object.keys(told(task(detail)))).toEqual(["task-failed"]);
  });

  const fine: readonly (readonly [title: string, event: AwsEvent])[] = [
    [
      "when a deployment or a scale-in stopped it",
      task({
        stopCode: "ServiceSchedulerInitiated",
        stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1234567890123456789)",
      }),
    ],
    ["when someone stopped it", task({ stopCode: "UserInitiated", stoppedReason: "Task stopped by user" })],
    [
      "when Spot took its host back",
      task({ stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." }),
    ],
    ["before it has stopped", task({ ...exited(1), lastStatus: "DEPROVISIONING" })],
    [
      "when it is of another cluster, even one whose name begins in the same way",
      task({ ...exited(1), clusterArn: "arn:aws:ecs:us-west-2:111122223333:cluster/default-2" }),
    ],
    ["while it runs, as in AWS's own sample", sampleEvent("task-state-change")],
  ];
  test.each(fine)("not %s", (_title, event) => {
    expect(told(event)).toEqual({});
  });

  test("in one line that says which service, where to look and why", () => {
    expect(told(task(exited(1)))["task-failed"]).toBe(
      "default: a task of service:web failed: Essential container in task exited " +
        "(task arn:aws:ecs:us-west-2:111122223333:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad). " +
        "See: ./deploy status service:web --env default",
    );
  });

  test("with a reason that has quotes and line breaks in it", () => {
    const stoppedReason = 'exec: "run.sh": not found\nin $PATH';
    const lines = told(task({ stopCode: "TaskFailedToStart", stoppedReason }));
    expect(lines["task-failed"]).toContain(`failed: ${stoppedReason} (task`);
  });
});

describe("a one-off task is told of", () => {
  const group = "family:migrate";

  test("when it ended with an error or did not start", () => {
    expect(Object.keys(told(task({ ...exited(1), group })))).toEqual(["one-off-task-failed"]);
    expect(Object.keys(told(task({ stopCode: "TaskFailedToStart", group, containers: [] })))).toEqual([
      "one-off-task-failed",
    ]);
  });

  test("not when it has done its work", () => {
    expect(told(task({ ...exited(0, 0), group }))).toEqual({});
  });
});

describe("a deployment is told of", () => {
  test("when ECS gave it up, with a command that takes the service as the event has it", () => {
    const service = "arn:aws:ecs:us-west-2:111122223333:service/default/servicetest";
    expect(told(sampleEvent("deployment-state-change"))).toEqual({
      "deployment-failed": `default: a deployment failed: ECS deployment circuit breaker: task failed to start. See: ./deploy status ${service} --env default`,
    });
  });

  test("not while it goes on or when it has completed", () => {
    for (const eventName of ["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"]) {
      expect(told(sampleEvent("deployment-state-change", { eventName, eventType: "INFO" }))).toEqual({});
    }
  });

  test("not when it is of another cluster, which only the service's ARN tells", () => {
    const resources = ["arn:aws:ecs:us-west-2:111122223333:service/default-2/servicetest"];
    expect(told(sampleEvent("deployment-state-change", {}, { resources }))).toEqual({});
  });

  test("when CodeDeploy gave it up or it was stopped, where the environment has such services", () => {
    const blueGreen = { by: "codeDeploy", priority: 40_010 };
    const among = rulesOf("my", "us-east-1", { web: { ...web, blueGreen } });
    const event = (state: string, application = "my") =>
      sampleEvent("codedeploy-state-change", { state, application, deploymentGroup: "web" });
    expect(told(event("FAILURE"), among)).toEqual({
      "codedeploy-failed":
        "my: CodeDeploy deployment d-123456789 ended with FAILURE. See: ./deploy status web --env my",
    });
    expect(Object.keys(told(event("STOP"), among))).toEqual(["codedeploy-failed"]);
    for (const state of ["START", "READY", "SUCCESS"]) expect(told(event(state), among)).toEqual({});
    expect(told(event("FAILURE", "other"), among)).toEqual({});
    expect(rules.map(({ id }) => id)).not.toContain("codedeploy-failed");
  });
});

describe("a service is told of", () => {
  test("when it cannot place or start its tasks", () => {
    expect(told(sampleEvent("service-action"))).toEqual({
      "service-impaired": expect.stringMatching(
        /^default: SERVICE_TASK_PLACEMENT_FAILURE RESOURCE:FARGATE\. See: .*servicetest --env default$/,
      ),
    });
    expect(
      Object.keys(told(sampleEvent("service-action", { eventName: "SERVICE_TASK_START_IMPAIRED" }))),
    ).toEqual(["service-impaired"]);
  });

  test("not when it is steady", () => {
    expect(told(sampleEvent("service-action", { eventName: "SERVICE_STEADY_STATE" }))).toEqual({});
  });
});
