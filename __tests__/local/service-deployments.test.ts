import { describe, expect, test } from "@jest/globals";

import {
  describeServiceDeployments,
  describeServiceRevisions,
  listServiceDeployments,
  stopServiceDeployment,
} from "../../scripts/local/ecs/api/service-deployments.ts";
import { World, targetGroupArn } from "../helpers/local-world.ts";

const breaker = (rollback: boolean) => ({ deploymentCircuitBreaker: { enable: true, rollback } });

function list(world: World, input: Partial<Parameters<typeof listServiceDeployments>[1]> = {}) {
  return world.call((call) => listServiceDeployments(call, { cluster: "test", service: "web", ...input }));
}

function newest(world: World) {
  const [brief] = list(world).serviceDeployments;
  const { serviceDeployments } = world.call((call) =>
    describeServiceDeployments(call, { serviceDeploymentArns: [brief?.serviceDeploymentArn ?? ""] }),
  );
  const [found] = serviceDeployments;
  if (!found) throw new Error("There is no service deployment.");
  return found;
}

const statuses = (world: World) => list(world).serviceDeployments.map(({ status }) => status);

describe("the service deployment of a rolling update", () => {
  test("is PENDING, then IN_PROGRESS, then SUCCESSFUL, with the tasks there were at its end", () => {
    const world = new World();
    world.create("nginx:1", { deploymentConfiguration: breaker(true) });
    expect(newest(world)).toMatchObject({ status: "PENDING", sourceServiceRevisions: [] });
    world.pass(10);
    expect(newest(world)).toMatchObject({
      status: "IN_PROGRESS",
      deploymentCircuitBreaker: { status: "MONITORING", failureCount: 0, threshold: 3 },
    });
    world.passUntil(() => world.isSteady());
    const { deployments = [] } = world.describe();
    const done = newest(world);
    expect(done).toMatchObject({
      serviceDeploymentArn: expect.stringMatching(
        /^arn:aws:ecs:us-east-1:123456789012:service-deployment\/test\/web\/[\w-]{21}$/,
      ),
      clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/test",
      status: "SUCCESSFUL",
      targetServiceRevision: {
        arn: `arn:aws:ecs:us-east-1:123456789012:service-revision/test/web/${(deployments[0]?.id ?? "").replace("ecs-svc/", "")}`,
        requestedTaskCount: 2,
        runningTaskCount: 2,
        pendingTaskCount: 0,
      },
      deploymentCircuitBreaker: { status: "MONITORING_COMPLETE", failureCount: 0, threshold: 3 },
      alarms: { status: "DISABLED" },
    });
    world.change({ desiredCount: 3 });
    world.passUntil(() => world.isSteady() && world.running().length === 3);
    expect(newest(world).targetServiceRevision?.runningTaskCount).toBe(2);
    expect(statuses(world)).toEqual(["SUCCESSFUL"]);
  });

  test("that the circuit breaker rolls back says so, and the revision it went back to", () => {
    const world = new World();
    world.create("nginx:1", { deploymentConfiguration: breaker(true) });
    world.passUntil(() => world.isSteady());
    const good = newest(world).targetServiceRevision?.arn;
    world.update("nginx:crash");
    world.passUntil(() => newest(world).status === "ROLLBACK_IN_PROGRESS");
    const reason = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    expect(newest(world)).toMatchObject({
      statusReason: reason,
      rollback: { reason, serviceRevisionArn: good },
      sourceServiceRevisions: [{ arn: good, runningTaskCount: 2 }],
      deploymentCircuitBreaker: { status: "TRIGGERED", threshold: 3 },
    });
    world.passUntil(() => world.isSteady());
    expect(statuses(world)).toEqual(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
    expect(world.describe().currentServiceRevisions).toMatchObject([{ arn: good, runningTaskCount: 2 }]);
  });

  test("that fails with nothing to go back to is ROLLBACK_FAILED; without rollback it is STOPPED", () => {
    const world = new World();
    world.create("nginx:crash", { deploymentConfiguration: breaker(true) });
    world.passUntil(() => statuses(world)[0] === "ROLLBACK_FAILED");
    expect(newest(world).statusReason).toBe("No rollback candidate was found to run the rollback.");
    const other = new World();
    other.create("nginx:1", { deploymentConfiguration: breaker(false) });
    other.passUntil(() => other.isSteady());
    other.update("nginx:crash");
    other.passUntil(() => statuses(other)[0] === "STOPPED");
    expect(other.running("nginx:1")).toHaveLength(2);
  });

  test("that a newer one supersedes is STOPPED", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    world.update("nginx:2");
    world.pass(20);
    world.update("nginx:3");
    expect(statuses(world)).toEqual(["PENDING", "STOPPED", "SUCCESSFUL"]);
    world.passUntil(() => world.isSteady());
    expect(statuses(world)).toEqual(["SUCCESSFUL", "STOPPED", "SUCCESSFUL"]);
    expect(list(world).serviceDeployments[1]).toMatchObject({ finishedAt: expect.anything() });
  });

  test("goes back to the revision before it when somebody stops it", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const serving = world.running().map(({ id }) => id);
    world.update("nginx:unhealthy");
    world.pass(120);
    const arn = newest(world).serviceDeploymentArn;
    world.call((call) => stopServiceDeployment(call, { serviceDeploymentArn: arn, stopType: "ROLLBACK" }));
    expect(newest(world).status).toBe("ROLLBACK_REQUESTED");
    world.passUntil(() => world.isSteady());
    expect(newest(world)).toMatchObject({ serviceDeploymentArn: arn, status: "ROLLBACK_SUCCESSFUL" });
    expect(world.running().map(({ id }) => id)).toEqual(serving);
  });

  test("that is the first one cannot be rolled back", () => {
    const world = new World();
    world.create("nginx:unhealthy");
    world.pass(60);
    const arn = newest(world).serviceDeploymentArn;
    world.call((call) => stopServiceDeployment(call, { serviceDeploymentArn: arn }));
    world.pass(30);
    expect(newest(world).status).toBe("ROLLBACK_FAILED");
  });
});

describe("StopServiceDeployment", () => {
  test("refuses what is not there, what is over, and ABORT", () => {
    const world = new World();
    world.create("nginx:1");
    const arn = newest(world).serviceDeploymentArn;
    const stop = (serviceDeploymentArn: string | undefined, stopType?: "ABORT") =>
      world.call((call) => stopServiceDeployment(call, { serviceDeploymentArn, stopType }));
    expect(() => stop("arn:none")).toThrow(
      expect.objectContaining({ type: "ServiceDeploymentNotFoundException" }),
    );
    expect(() => stop(arn, "ABORT")).toThrow("Invalid stopType.");
    world.passUntil(() => world.isSteady());
    expect(() => stop(arn)).toThrow(expect.objectContaining({ type: "ConflictException" }));
  });
});

describe("ListServiceDeployments", () => {
  test("gives the newest first, by status, by time, and page by page", () => {
    const world = new World();
    world.create("nginx:1");
    const times: number[] = [world.now];
    for (let round = 0; round < 4; round += 1) {
      world.pass(10);
      times.push(world.now);
      world.change({ forceNewDeployment: true });
    }
    world.passUntil(() => world.isSteady());
    expect(statuses(world)).toEqual(["SUCCESSFUL", "STOPPED", "STOPPED", "STOPPED", "STOPPED"]);
    expect(list(world, { status: ["SUCCESSFUL"] }).serviceDeployments).toHaveLength(1);
    expect(list(world, { createdAt: { after: new Date(times[3] ?? 0) } }).serviceDeployments).toHaveLength(2);
    expect(list(world, { createdAt: { before: new Date(times[1] ?? 0) } }).serviceDeployments).toHaveLength(
      2,
    );
    const page = list(world, { maxResults: 3 });
    expect(page.serviceDeployments).toHaveLength(3);
    const rest = list(world, { maxResults: 3, nextToken: page.nextToken });
    expect(rest.serviceDeployments).toHaveLength(2);
    expect(rest.nextToken).toBeUndefined();
    expect(() => list(world, { service: "none" })).toThrow("Service not found.");
    expect(() => list(world, { maxResults: 101 })).toThrow("maxResults");
  });
});

describe("DescribeServiceRevisions", () => {
  test("tells what the service was made of then, whatever it is now", () => {
    const world = new World();
    world.create("nginx:1");
    world.passUntil(() => world.isSteady());
    const arn = newest(world).targetServiceRevision?.arn ?? "";
    world.update("nginx:2");
    const { serviceRevisions, failures } = world.call((call) =>
      describeServiceRevisions(call, { serviceRevisionArns: [arn, "arn:none"] }),
    );
    expect(serviceRevisions).toMatchObject([
      {
        serviceRevisionArn: arn,
        serviceArn: world.service.arn,
        taskDefinition: expect.stringMatching(/web:1$/),
        launchType: "EC2",
        containerImages: [{ containerName: "web", image: "nginx:1" }],
        loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
        resolvedConfiguration: { loadBalancers: [{ targetGroupArn }] },
      },
    ]);
    expect(failures).toEqual([{ arn: "arn:none", reason: "MISSING" }]);
  });

  test("and DescribeServiceDeployments take from 1 to 20 ARNs", () => {
    const world = new World();
    const arns = Array.from({ length: 21 }, (_, index) => `arn:${index}`);
    for (const serviceRevisionArns of [[], arns]) {
      expect(() => world.call((call) => describeServiceRevisions(call, { serviceRevisionArns }))).toThrow(
        expect.objectContaining({ type: "InvalidParameterException" }),
      );
    }
    expect(() =>
      world.call((call) => describeServiceDeployments(call, { serviceDeploymentArns: arns })),
    ).toThrow("serviceDeploymentArns can have at most 20 items.");
  });
});

describe("a rollback that fails as well", () => {
  test("ends as ROLLBACK_FAILED", () => {
    const world = new World();
    world.create("nginx:1", {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    world.passUntil(() => world.isSteady());
    world.change({ forceNewDeployment: true });
    world.setHosts(0);
    world.passUntil(() => world.service.deployments[0]?.rolloutState === "FAILED");
    world.pass(60);
    const [arn = ""] = world.service.serviceDeployments ?? [];
    expect(world.state.ecs.serviceDeployments[arn]?.status).toBe("ROLLBACK_FAILED");
  });
});
