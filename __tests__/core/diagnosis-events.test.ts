import type { Service } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { diagnose } from "../../scripts/core/diagnosis/diagnose.ts";
import { event, evidence, exited, groupArn } from "../helpers/evidence.ts";

const noHost = "was unable to place a task because no container instance met all of its requirements.";
const closest = `${noHost} The closest matching (container-instance 0a1b)`;
const guide = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

const host = (memory: number, cpu: number) => ({
  status: "ACTIVE",
  containerInstanceArn: "arn:aws:ecs:us-east-1:123456789012:container-instance/test/0a1b",
  ec2InstanceId: "i-0a1b",
  remainingResources: [
    { name: "CPU", integerValue: cpu },
    { name: "MEMORY", integerValue: memory },
  ],
  registeredResources: [
    { name: "CPU", integerValue: 2048 },
    { name: "MEMORY", integerValue: 1024 },
  ],
});
const onHosts = {
  hosts: [host(200, 1000), host(100, 64), { ...host(900, 2000), status: "DRAINING" }],
  revision: {
    containerDefinitions: [
      {
        name: "app",
        memory: 1024,
        memoryReservation: 512,
        cpu: 1500,
        portMappings: [{ containerPort: 80, hostPort: 80 }],
      },
    ],
  },
};

/** As AWS's own list of event messages has them, or as seen in public logs. */
const placed: readonly (readonly [string, string, string])[] = [
  [
    "noHosts",
    `${noHost} Reason: No Container Instances were found in your cluster. ${guide}`,
    "Cluster test has no container instance",
  ],
  [
    "noMemory",
    `${closest} has insufficient memory available. ${guide}`,
    "a task needs 512 MiB, the freest of 2 hosts has 200 MiB left (1024 when it is empty)",
  ],
  [
    "noCpu",
    `${closest} has insufficient CPU units available. ${guide}`,
    "a task needs 1500 units, the freest of 2 hosts has 1000 units left",
  ],
  [
    "portInUse",
    `${closest} is already using a port required by your task. ${guide}`,
    "needs host port 80, which is taken on each of the 2 hosts",
  ],
  [
    "placementConstraint",
    `${closest} is missing an attribute required by your task. ${guide}`,
    "None of 2 hosts meets what the task definition asks for",
  ],
  [
    "placementConstraint",
    `${closest} encountered error "DistinctInstance placement constraint unsatisfied.". ${guide}`,
    "distinctInstance",
  ],
  ["noNetworkInterface", `${closest} encountered error "RESOURCE:ENI". ${guide}`, "free network interface"],
  [
    "noHosts",
    `${closest} encountered error "AGENT". ${guide}`,
    "The ECS agent of host i-0a1b is not connected",
  ],
  [
    "quota",
    "was unable to place a task. Reason: You've reached the limit on the number of tasks you can run concurrently",
    "limit on the number of tasks",
  ],
  [
    "quota",
    "was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently",
    "limit on the number of vCPUs",
  ],
  [
    "quota",
    "was unable to place a task. Reason: The requested MEMORY configuration is above your limit.",
    "above your limit",
  ],
  [
    "noCapacity",
    "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
    "no capacity",
  ],
  [
    "imageNotFound",
    "was unable to place a task. Reason: CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref shop:1.2: not found.",
    "no image",
  ],
  ["other", "was unable to place a task. Reason: Internal error.", "Internal error."],
  [
    "roleUnusable",
    "failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/shop' that was provided for this task.).",
    "cannot assume role shop",
  ],
  ["throttled", "operations are being throttled. Will try again later.", "throttled"],
  [
    "targetAnswersWrong",
    `(instance i-0a1b) (port 32875) is unhealthy in (target-group ${groupArn}) due to (reason Health checks failed with these codes: [400])`,
    "with 400",
  ],
  [
    "targetRefuses",
    `(port 8080) is unhealthy in (target-group ${groupArn}) due to (reason Health checks failed).`,
    "on port 8080: nothing answers",
  ],
  ["containerHealthCheck", "(task 0123) failed container health checks.", "health check"],
];

describe("a service's events", () => {
  test.each(placed)("tell %s: %s", (kind, message, part) => {
    expect(diagnose(evidence({ ...onHosts, described: { events: [event(message)] } }))).toMatchObject([
      {
        kind,
        tasks: 0,
        cause: expect.stringContaining(part),
        evidence: [expect.stringContaining("(service shop)")],
      },
    ]);
  });

  test("tell with which percentages nothing may start or stop", () => {
    const message =
      "was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.";
    const deploymentConfiguration = { minimumHealthyPercent: 75, maximumPercent: 125 };
    const described = { desiredCount: 3, deploymentConfiguration, events: [event(message)] };
    expect(diagnose(evidence({ described }))[0]).toMatchObject({
      kind: "stuckByConfiguration",
      cause: expect.stringContaining(
        "of 3 wanted at least 3 must be healthy (minimumHealthyPercent 75) and at most 3 may run",
      ),
    });
  });

  test("about an image name the role that pulls it, also where capacity providers choose Fargate", () => {
    const message = "was unable to place a task. Reason: CannotPullContainerError: no basic auth credentials";
    const whoPulls = (...providers: readonly string[]): string | undefined => {
      const capacityProviderStrategy = providers.map((capacityProvider) => ({ capacityProvider }));
      const described: Service = { capacityProviderStrategy, events: [event(message)] };
      const containerDefinitions = [
        { name: "app", image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1" },
      ];
      const executionRoleArn = "arn:aws:iam::123456789012:role/shop_execution";
      const found = evidence({ revision: { executionRoleArn, containerDefinitions } });
      return diagnose({ ...found, described })[0]?.cause;
    };
    expect(whoPulls("FARGATE_SPOT", "FARGATE")).toContain("execution role shop_execution");
    expect(whoPulls("hosts", "FARGATE")).toContain("the instance role");
    expect(whoPulls()).toContain("the instance role");
  });

  test.each([
    "has started 1 tasks: (task 0123).",
    "has reached a steady state.",
    "is unable to consistently start tasks successfully.",
    "(deployment ecs-svc/2) deployment failed: tasks failed to start.",
    `registered 1 targets in (target-group ${groupArn})`,
  ])("that only report are no cause: %s", (message) => {
    const [first] = diagnose(evidence({ described: { events: [event(message)] } }));
    expect(first?.kind).toBe("other");
  });

  test("from before the deployment are not its story", () => {
    const described = { events: [event("operations are being throttled. Will try again later.", -60)] };
    expect(diagnose(evidence({ described }))[0]?.kind).toBe("other");
  });

  test("about placement are, while ECS holds them back and not one task was placed", () => {
    const described = { events: [event(`${closest} has insufficient memory available. ${guide}`, -3_600)] };
    expect(diagnose(evidence({ ...onHosts, described }))[0]?.kind).toBe("noMemory");
    expect(diagnose(evidence({ ...onHosts, described, tasks: [exited(1)] })).map(({ kind }) => kind)).toEqual(
      ["crashed"],
    );
  });

  test("that follow from a crash are left out", () => {
    const message = `(task 99) (port 8080) is unhealthy in (target-group ${groupArn}) due to (reason Health checks failed).`;
    const found = diagnose(evidence({ tasks: [exited(1)], described: { events: [event(message)] } }));
    expect(found.map(({ kind }) => kind)).toEqual(["crashed"]);
  });
});
