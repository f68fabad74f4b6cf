import type { Service } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { replacedBy, replacedTag, resumptionOf, runTag } from "../../../scripts/core/deployment/resume.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";

const old = deployment("ecs-svc/1");
const event = (id: string, message: string): { id: string; message: string } => ({
  id,
  message: `(service nginx) ${message}`,
});
const before = service({ events: [event("e1", "has reached a steady state.")] });
const tags = [
  { key: runTag, value: "killed" },
  { key: replacedTag, value: replacedBy(before) ?? "" },
];
const desired = revisionArn("nginx:2");
const resumed = (now: Partial<Service>, run = "killed") =>
  resumptionOf([run, "and one before"], { ...before, tags, ...now }, desired);
const fresh = deployment("ecs-svc/2", { taskDefinition: desired, rolloutState: "IN_PROGRESS" });

describe("what a killed run left of a service", () => {
  test("is nothing when it was killed before UpdateService", () => {
    expect(resumed({})).toBeUndefined();
  });

  test("is nothing when another run changed the service since", () => {
    expect(resumed({ deployments: [fresh] }, "another")).toBeUndefined();
  });

  test.each(["IN_PROGRESS", "COMPLETED", "FAILED"] as const)(
    "is its deployment, %s, to be watched",
    (rolloutState) => {
      const now = {
        deployments: [
          { ...fresh, rolloutState },
          { ...old, status: "ACTIVE" },
        ],
      };
      expect(resumed(now)).toEqual({ kind: "started", deploymentId: "ecs-svc/2" });
    },
  );

  test("is its failed deployment when the circuit breaker has brought the old one back under its own id", () => {
    const events = [
      event("e3", "(deployment ecs-svc/1) deployment completed."),
      event("e2", "(deployment ecs-svc/2) deployment failed: tasks failed to start."),
      ...(before.events ?? []),
    ];
    expect(resumed({ events })).toEqual({ kind: "started", deploymentId: "ecs-svc/2" });
  });

  test("is nothing of its own when the failure in the log is older than the run", () => {
    const earlier = [
      event("e1", "(deployment ecs-svc/1) deployment completed."),
      event("e0", "(deployment ecs-svc/0) deployment failed: tasks failed to start."),
    ];
    expect(resumed({ events: earlier })).toBeUndefined();
  });

  test("is a rollback of its own when the old revision stands in a new deployment", () => {
    const events = [
      event("e2", "(deployment ecs-svc/2) deployment failed: tasks failed to start."),
      ...(before.events ?? []),
    ];
    const now = { events, deployments: [deployment("ecs-svc/3", { rolloutState: "IN_PROGRESS" })] };
    expect(resumed(now)).toEqual({
      kind: "puttingBack",
      deploymentId: "ecs-svc/3",
      failedDeploymentId: "ecs-svc/2",
    });
  });

  test("is a rollback of its own, too, where nothing called its deployment failed", () => {
    const now = { deployments: [deployment("ecs-svc/3", { rolloutState: "IN_PROGRESS" })] };
    expect(resumed(now)).toEqual({ kind: "puttingBack", deploymentId: "ecs-svc/3" });
  });

  test("is nothing when somebody without a trail has brought a revision of their own since", () => {
    const theirs = deployment("ecs-svc/3", { taskDefinition: revisionArn("nginx:7") });
    expect(resumed({ deployments: [theirs] })).toBeUndefined();
  });

  test("is found again when the run that took it up was killed too", () => {
    const now = { ...before, tags, deployments: [fresh] };
    expect(resumptionOf(["second", "killed"], now, desired)).toEqual({
      kind: "started",
      deploymentId: "ecs-svc/2",
    });
  });
});

test("what a run writes down of a service fits a tag", () => {
  const value = replacedBy(
    service({
      deployments: [
        deployment(`ecs-svc/${"9".repeat(19)}`, { taskDefinition: revisionArn(`${"f".repeat(180)}:1`) }),
      ],
    }),
  );
  expect(value?.length).toBeLessThanOrEqual(256);
  expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
});
