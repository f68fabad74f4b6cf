import type { Task } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { diagnose } from "../../scripts/core/diagnosis/diagnose.ts";
import type { Evidence } from "../../scripts/core/diagnosis/evidence.ts";
import { event, evidence, exited, groupArn, logOf, since, stopped } from "../helpers/evidence.ts";

const kindsOf = (found: Evidence): readonly string[] => diagnose(found).map(({ kind }) => kind);
const failedElb = () =>
  stopped(
    {
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: `Task failed ELB health checks in (target-group ${groupArn})`,
    },
    { exitCode: 143 },
  );
const complaint = (task: Task, reason: string): string =>
  `(task ${task.taskArn?.split("/").at(-1) ?? ""}) (port 8080) is unhealthy in (target-group ${groupArn}) due to (reason ${reason}).`;

describe("the true cause", () => {
  test("is the crash, where the load balancer's complaint follows from it", () => {
    const [first, second, third] = [failedElb(), failedElb(), exited(1)];
    const found = evidence({
      tasks: [first, second, third],
      described: { events: [event(complaint(first, "Health checks failed"))] },
    });
    expect(kindsOf(found)).toEqual(["crashed", "targetRefuses"]);
  });

  test("is the wrong answer of most tasks, where a single one crashed", () => {
    const tasks = [failedElb(), failedElb(), failedElb(), exited(1)];
    const events = tasks
      .slice(0, 3)
      .map((task) => event(complaint(task, "Health checks failed with these codes: [404]")));
    const [first] = diagnose(evidence({ tasks, described: { events } }));
    expect(first).toMatchObject({
      kind: "targetAnswersWrong",
      tasks: 3,
      cause:
        "Container app answers HTTP GET /health on port 8080 with 404, while the health check of target group shop wants 200-299.",
      remedy: expect.stringContaining("Let the application answer /health"),
    });
  });

  test("is the crash of a container beside the one that is checked", () => {
    const task = stopped(
      { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Task failed container health checks" },
      { exitCode: 143 },
      { name: "proxy", exitCode: 2 },
    );
    const revision = {
      containerDefinitions: [
        { name: "app", healthCheck: { command: ["CMD", "check"] } },
        { name: "proxy", essential: false },
      ],
    };
    expect(diagnose(evidence({ tasks: [task], revision }))[0]).toMatchObject({
      kind: "crashed",
      cause: expect.stringContaining("Container proxy"),
    });
  });

  test("is none of the tasks that a rollback stopped", () => {
    const scaledIn = stopped({
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
    });
    expect(kindsOf(evidence({ tasks: [scaledIn, scaledIn, exited(1)] }))).toEqual(["crashed"]);
  });

  test("is no container that ECS stopped after another had ended", () => {
    const task = stopped(
      { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
      { name: "proxy", exitCode: 137 },
      { name: "app", exitCode: 0 },
      { name: "agent", exitCode: 143 },
    );
    expect(diagnose(evidence({ tasks: [task] }))[0]).toMatchObject({
      kind: "exitedCleanly",
      cause: expect.stringContaining("Container app"),
    });
  });

  test("is what was killed for its memory, of several that ended with 137", () => {
    const task = stopped(
      { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" },
      { name: "proxy", exitCode: 137 },
      { exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    );
    const revision = { memory: "512", containerDefinitions: [{ name: "proxy" }, { name: "app" }] };
    expect(diagnose(evidence({ tasks: [task], revision }))[0]).toMatchObject({
      kind: "outOfMemory",
      cause: "Container app used more memory than it has and was killed: the task's memory is 512 MiB.",
    });
  });

  test("is a failed check, not memory, where the container was only killed after it", () => {
    const task = stopped(
      {
        stopCode: "ServiceSchedulerInitiated",
        stoppedReason: `Task failed ELB health checks in (target-group ${groupArn})`,
      },
      { exitCode: 137 },
    );
    const found = evidence({
      tasks: [task],
      described: { events: [event(complaint(task, "Request timed out"))] },
    });
    expect(diagnose(found)[0]).toMatchObject({
      kind: "targetTimesOut",
      cause: "Container app does not answer HTTP GET /health on port 8080 within 6 s (target group shop).",
    });
  });

  test.each([
    [126, "its command is not executable"],
    [127, "its command was not found in the image"],
    [139, "a segmentation fault"],
    [137, "killed by SIGKILL"],
    [143, "ended by SIGTERM"],
    [136, "ended by signal 8"],
    [42, "a code of the application's own"],
  ])("is exit code %i said in words", (code, words) => {
    expect(diagnose(evidence({ tasks: [exited(code)] }))[0]).toMatchObject({
      kind: "crashed",
      cause: expect.stringContaining(`exited with code ${code} (${words}`),
    });
  });

  test("is an alarm before what the tasks died of, since it ended the deployment", () => {
    const found = evidence({
      tasks: [exited(1)],
      reason: "ECS deployment alarms: alarm detected.",
      serviceDeployment: {
        alarms: { status: "TRIGGERED", triggeredAlarmNames: ["errors"], alarmNames: ["errors", "latency"] },
      },
    });
    expect(kindsOf(found)).toEqual(["alarm", "crashed"]);
  });

  test.each([
    [
      "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-east-1:1:function:judge returned FAILED status.",
      "hook",
      "Lifecycle hook judge at stage POST_SCALE_UP answered FAILED.",
    ],
    [
      "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to invoke hook target arn:aws:lambda:us-east-1:1:function:judge due to AccessDenied.",
      "hook",
      "Lifecycle hook judge at stage POST_SCALE_UP could not be called: AccessDenied.",
    ],
    [
      "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:us-east-1:1:function:judge due to: HookStatus must not be null.",
      "hook",
      "Lifecycle hook judge at stage POST_SCALE_UP gave no answer that ECS understands: HookStatus must not be null.",
    ],
    [
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.",
      "hook",
      "Nobody let the deployment go on at the pause of POST_TEST_TRAFFIC_SHIFT before its time was over.",
    ],
    [
      "Service deployment rolled back because of a rollback action on the POST_SCALE_UP pause hook.",
      "hook",
      "Somebody answered the pause at POST_SCALE_UP with a rollback.",
    ],
    [
      "Service deployment rolled back because of invalid networking configuration. productionListenerRule R should have exactly one target group serving traffic but found 2 target groups which are serving traffic",
      "trafficShift",
      expect.stringContaining("found 2 target groups"),
    ],
    [
      "Service deployment rolled back because a rollback was requested.",
      "stoppedByHand",
      expect.stringContaining("Somebody stopped the deployment"),
    ],
  ])("is read from ECS's reason: %s", (reason, kind, cause) => {
    expect(diagnose(evidence({ reason }))[0]).toMatchObject({ kind, cause });
  });

  test("is what the kernel says in the log, not the exit code", () => {
    const task = exited(1);
    const logs = logOf(task, "exec /usr/local/bin/entrypoint.sh: exec format error");
    expect(diagnose(evidence({ tasks: [task], logs }))[0]).toMatchObject({ kind: "imagePlatform" });
  });
});

describe("one cause", () => {
  test("has all tasks that died of it, whatever their ids, and the newest one's log", () => {
    const tasks = [exited(1), exited(1), exited(1)];
    const [first] = diagnose(
      evidence({ tasks, logs: logOf(tasks[2] ?? {}, "Error: $& no $' database", "    at main.js:1") }),
    );
    expect(first).toMatchObject({
      tasks: 3,
      cause: expect.stringContaining('it last said "Error: $& no $\' database".'),
      evidence: expect.arrayContaining(["app: exit code 1", "app | at main.js:1"]),
    });
  });

  test("says that a log would tell more, where there is none", () => {
    const revision = { containerDefinitions: [{ name: "app" }] };
    expect(diagnose(evidence({ tasks: [exited(1)], revision }))[0]?.remedy).toMatch(/^Give it a log first/);
  });

  test("shows at most fifteen lines of a log of thousands", () => {
    const task = exited(1);
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    const [first] = diagnose(evidence({ tasks: [task], logs: logOf(task, ...lines) }));
    expect(first?.evidence.filter((line) => line.startsWith("app | "))).toHaveLength(15);
    expect(first?.evidence.at(-1)).toBe("app | line 4999");
  });
});

describe("tasks that have not stopped", () => {
  const running = (container: object, task: object = {}) =>
    stopped({ lastStatus: "RUNNING", desiredStatus: "RUNNING", ...task }, container);

  test("are explained by their own target's health, not by a neighbour's", () => {
    const mine = running({ networkInterfaces: [{ privateIpv4Address: "10.0.0.5" }] });
    const target = (Id: string, Description: string) => ({
      Target: { Id, Port: 8080 },
      TargetHealth: {
        State: "unhealthy" as const,
        Reason: "Target.ResponseCodeMismatch" as const,
        Description,
      },
    });
    const targetHealth = new Map([
      [
        groupArn,
        [
          target("10.0.0.9", "Health checks failed with these codes: [500]"),
          target("10.0.0.5", "Health checks failed with these codes: [302]"),
        ],
      ],
    ]);
    expect(diagnose(evidence({ tasks: [mine], targetHealth }))).toMatchObject([
      { kind: "targetAnswersWrong", cause: expect.stringContaining("with 302"), tasks: 1 },
    ]);
  });

  test("are found on a host by its instance and port", () => {
    const task = running(
      { networkBindings: [{ hostPort: 32_768 }] },
      { launchType: "EC2", containerInstanceArn: "arn:host/a" },
    );
    const unhealthy = {
      State: "unhealthy" as const,
      Reason: "Target.Timeout" as const,
      Description: "Request timed out",
    };
    const at = (Id: string) =>
      new Map([[groupArn, [{ Target: { Id, Port: 32_768 }, TargetHealth: unhealthy }]]]);
    const hosts = [{ containerInstanceArn: "arn:host/a", ec2InstanceId: "i-a" }];
    expect(kindsOf(evidence({ tasks: [task], hosts, targetHealth: at("i-a") }))).toEqual(["targetTimesOut"]);
    expect(kindsOf(evidence({ tasks: [task], hosts, targetHealth: at("i-b") }))).toEqual(["other"]);
  });

  test("are told to wait for a host that managed scaling has not brought", () => {
    const { startedAt: _, ...waiting } = running(
      {},
      { lastStatus: "PROVISIONING", launchType: "EC2", capacityProviderName: "spot-hosts" },
    );
    expect(diagnose(evidence({ tasks: [waiting] }))[0]).toMatchObject({
      kind: "noHosts",
      cause: expect.stringContaining("spot-hosts"),
    });
  });

  test("and that nothing is wrong with are counted, with the advice to wait", () => {
    const [first, ...others] = diagnose(
      evidence({ tasks: [running({}), running({}, { lastStatus: "PENDING" })] }),
    );
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      kind: "other",
      cause: expect.stringContaining("1 task still starting, 1 task running"),
      remedy: expect.stringContaining("--timeout"),
    });
  });

  test("are not said to keep a rollout that waits for old targets to drain", () => {
    const target = (State: "healthy" | "draining") => ({ TargetHealth: { State } });
    const targetHealth = new Map([[groupArn, [target("healthy"), target("draining"), target("draining")]]]);
    const [first] = diagnose(evidence({ tasks: [running({})], targetHealth }));
    expect(first).toMatchObject({
      kind: "other",
      cause: expect.stringContaining("1 task running, 2 old targets still draining"),
      remedy: expect.stringContaining("deregistration delay"),
    });
  });
});

describe("what is not known", () => {
  test("is said, when ECS gives no reason and has forgotten the tasks", () => {
    expect(
      diagnose(evidence({ reason: "ECS deployment circuit breaker: tasks failed to start." })),
    ).toMatchObject([{ kind: "other", cause: expect.stringContaining("tasks failed to start") }]);
  });

  test("is not that ECS has forgotten the tasks, where it has only not started any yet", () => {
    const deployments = [{ id: "ecs-svc/2", rolloutState: "IN_PROGRESS" as const, failedTasks: 0 }];
    const [first] = diagnose(evidence({ deploymentId: "ecs-svc/2", described: { deployments } }));
    expect(first?.cause).toBe("ECS has not started a task of the deployment yet, and says nothing of why.");
    expect(first?.remedy).toContain("--timeout");
  });

  test("is told once for one refusal, with all that could not be read for it", () => {
    const why = "ecs:ListTasks: AccessDeniedException: no";
    const unreadable = [
      { what: "The log of container app", why },
      { what: "The log of container proxy", why },
      { what: "The tasks of the deployment", why: "other" },
    ];
    const found = diagnose(evidence({ tasks: [exited(1)], unreadable }));
    expect(found.map(({ kind }) => kind)).toEqual(["crashed", "unreadable", "unreadable"]);
    expect(found[1]?.cause).toBe(
      `The log of container app, The log of container proxy could not be read (${why}).`,
    );
  });

  test("keeps AWS's words for a reason that is new to us", () => {
    const task = stopped({
      stopCode: "TaskFailedToStart",
      stoppedReason: "BrandNewError: flux capacitor",
      startedAt: since,
    });
    expect(diagnose(evidence({ tasks: [task] }))[0]).toMatchObject({
      kind: "other",
      cause: "Tasks stopped: BrandNewError: flux capacitor.",
    });
  });
});
