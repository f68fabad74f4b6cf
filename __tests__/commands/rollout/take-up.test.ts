import { describe, expect, test } from "@jest/globals";

import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import { resumptionFor } from "../../../scripts/commands/rollout/take-up.ts";
import { existingRevision, planUpdate } from "../../../scripts/core/deployment/plan.ts";
import { registeredRevisionMarker } from "../../../scripts/core/deployment/registered-revision.ts";
import { replacedBy, replacedTag, runTag } from "../../../scripts/core/deployment/resume.ts";
import { definition, deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";

const purpose = "update nginx to nginx:1.27";
const record = { run: "killed", owner: "ana", purpose, since: "2026-01-01T00:00:00Z", heartbeat: "lock" };
const before = service({ events: [{ id: "e1", message: "(service nginx) has reached a steady state." }] });
const tags = [
  { key: runTag, value: "killed" },
  { key: replacedTag, value: replacedBy(before) ?? "" },
];
/** What the killed run left: its deployment of nginx:1.27, which is revision 2. */
const left = service({
  ...before,
  tags,
  taskDefinition: revisionArn("nginx:2"),
  deployments: [
    deployment("ecs-svc/2", { taskDefinition: revisionArn("nginx:2"), rolloutState: "IN_PROGRESS" }),
    deployment("ecs-svc/1", { status: "ACTIVE" }),
  ],
});
/** The same once the circuit breaker has brought revision 1 back. */
const rolledBack = service({
  ...before,
  tags,
  events: [
    { id: "e2", message: "(service nginx) (deployment ecs-svc/2) deployment failed: tasks failed to start." },
    ...(before.events ?? []),
  ],
});

interface Wanted {
  readonly cpu?: number;
  readonly desiredCount?: number;
  readonly image?: string;
}

/** The same command as the killed run's, with templates that may have been changed since. */
function planned(now: typeof left, { cpu = 0, desiredCount = 2, image = "nginx:1.27" }: Wanted): Planned {
  const [container] = definition(image).containerDefinitions ?? [];
  const taskDefinition = { ...definition(image), containerDefinitions: [{ ...container, cpu }] };
  const revision = registered("nginx:1.27", 2);
  const observed = { service: now, currentRevision: revision, latestRevision: revision };
  const plan = planUpdate(observed, {
    serviceName: "nginx",
    cluster: "test",
    taskDefinition,
    service: { service: "nginx", taskDefinition: registeredRevisionMarker, desiredCount },
  });
  const job = {
    name: "nginx",
    serviceName: "nginx",
    cluster: "test",
    dependsOn: [],
    purpose: `update nginx to ${image}`,
    plan: () => plan,
    desiredArn: () => existingRevision(taskDefinition, observed),
    brings: () => taskDefinition,
    images: () => [image],
    trail: () => [],
  };
  return { job, observed, plan };
}

describe("the same command after a run that was killed", () => {
  test("takes its deployment up", () => {
    expect(resumptionFor(planned(left, {}), record)).toEqual({ kind: "started", deploymentId: "ecs-svc/2" });
  });

  test("takes its failure up after ECS has rolled it back", () => {
    expect(resumptionFor(planned(rolledBack, {}), record)).toEqual({
      kind: "started",
      deploymentId: "ecs-svc/2",
    });
  });

  test("brings a definition that was changed since, whatever became of the one before", () => {
    expect(resumptionFor(planned(left, { cpu: 128 }), record)).toBeUndefined();
    expect(resumptionFor(planned(rolledBack, { cpu: 128 }), record)).toBeUndefined();
  });

  test("brings settings that were changed since", () => {
    expect(resumptionFor(planned(left, { desiredCount: 3 }), record)).toBeUndefined();
  });

  test("brings another image", () => {
    expect(resumptionFor(planned(left, { image: "nginx:1.28" }), record)).toBeUndefined();
  });
});
