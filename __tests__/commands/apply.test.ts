import { describe, expect, jest, test } from "@jest/globals";

import { apply, PartlyApplied } from "../../scripts/commands/apply.ts";
import { planUpdate, registeredRevisionMarker } from "../../scripts/core/deployment/plan.ts";
import { AwsCallError } from "../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../scripts/core/events.ts";
import type { EcsPort } from "../../scripts/core/ports.ts";
import { definition, deployment, registered, revisionArn, service } from "../helpers/ecs-json.ts";
import { fakeEcs } from "../helpers/fake-ecs.ts";

const plan = planUpdate(
  { service: service(), currentRevision: registered() },
  {
    serviceName: "nginx",
    cluster: "test",
    taskDefinition: definition("nginx:1.27"),
    service: { service: "nginx", taskDefinition: registeredRevisionMarker, desiredCount: 3 },
  },
);
const registers: EcsPort["registerTaskDefinition"] = () =>
  Promise.resolve({ taskDefinitionArn: revisionArn("nginx:2") });

describe("applying a plan", () => {
  test("calls UpdateService once, with the revision just registered", async () => {
    const updateService = jest.fn<EcsPort["updateService"]>(() =>
      Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] })),
    );
    const applied = await apply(
      plan,
      fakeEcs({ registerTaskDefinition: registers, updateService }),
      () => undefined,
    );
    expect(updateService.mock.calls).toEqual([
      [{ cluster: "test", service: "nginx", desiredCount: 3, taskDefinition: revisionArn("nginx:2") }],
    ]);
    expect(applied).toEqual({ deploymentId: "ecs-svc/2", revisionArn: revisionArn("nginx:2") });
  });

  test("tells what it did in the order in which it did it", async () => {
    const events: DeploymentEventBody[] = [];
    const updateService = () => Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] }));
    await apply(plan, fakeEcs({ registerTaskDefinition: registers, updateService }), (event) =>
      events.push(event),
    );
    expect(events).toEqual([
      { type: "revisionRegistered", service: "nginx", revision: "nginx:2" },
      { type: "deploymentStarted", service: "nginx", deploymentId: "ecs-svc/2", revision: "nginx:2" },
    ]);
  });

  test("says what had been changed when AWS refuses a later step", async () => {
    const updateService = () =>
      Promise.reject(new AwsCallError("AccessDeniedException", "ecs:UpdateService: no"));
    const applied = apply(
      plan,
      fakeEcs({ registerTaskDefinition: registers, updateService }),
      () => undefined,
    );
    await expect(applied).rejects.toThrow(PartlyApplied);
    await expect(applied).rejects.toMatchObject({
      message: "ecs:UpdateService: no",
      changed: ["revision nginx:2 was registered"],
    });
  });
});
