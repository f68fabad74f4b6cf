import { describe, expect, jest, test } from "@jest/globals";

import { apply, PartlyApplied, type ApplyEdge } from "../../../scripts/commands/rollout/apply.ts";
import { planUpdate } from "../../../scripts/core/deployment/plan.ts";
import { registeredRevisionMarker } from "../../../scripts/core/deployment/registered-revision.ts";
import { AwsCallError, RefusedError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";
import type { EcsPort } from "../../../scripts/core/ports.ts";
import { definition, deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

const observed = { service: service(), currentRevision: registered(), latestRevision: registered() };
const edge = (ecs: Partial<EcsPort>, emit: ApplyEdge["emit"] = () => undefined): ApplyEdge => ({
  ecs: fakeEcs(ecs),
  clock: jumpingClock(),
  emit,
  trail: [],
  inTurn: (work) => work(),
  mayWrite: () => undefined,
  native: {
    continueOnce: () => Promise.reject(new Error("not expected here")),
    stopOnce: () => Promise.reject(new Error("not expected here")),
  },
  beforeStop: () => Promise.resolve(),
  beforeUpdate: () => Promise.resolve(),
});
const plan = planUpdate(observed, {
  serviceName: "nginx",
  cluster: "test",
  taskDefinition: definition("nginx:1.27"),
  service: { service: "nginx", taskDefinition: registeredRevisionMarker, desiredCount: 3 },
});
const registers: EcsPort["registerTaskDefinition"] = () =>
  Promise.resolve({ taskDefinitionArn: revisionArn("nginx:2") });

describe("applying a plan", () => {
  test("calls UpdateService once, with the revision just registered", async () => {
    const updateService = jest.fn<EcsPort["updateService"]>(() =>
      Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] })),
    );
    const applied = await apply(plan, observed, edge({ registerTaskDefinition: registers, updateService }));
    expect(updateService.mock.calls).toEqual([
      [{ cluster: "test", service: "nginx", desiredCount: 3, taskDefinition: revisionArn("nginx:2") }],
    ]);
    expect(applied).toEqual({ deploymentId: "ecs-svc/2", revisionArn: revisionArn("nginx:2") });
  });

  test("tells what it did in the order in which it did it", async () => {
    const events: DeploymentEventBody[] = [];
    const updateService = () => Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] }));
    await apply(
      plan,
      observed,
      edge({ registerTaskDefinition: registers, updateService }, (event) => events.push(event)),
    );
    expect(events).toEqual([
      { type: "revisionRegistered", service: "nginx", revision: "nginx:2" },
      { type: "deploymentStarted", service: "nginx", deploymentId: "ecs-svc/2", revision: "nginx:2" },
    ]);
  });

  test("says what had been changed when AWS refuses a later step", async () => {
    const updateService = () =>
      Promise.reject(new AwsCallError("AccessDeniedException", "ecs:UpdateService: no"));
    const applied = apply(plan, observed, edge({ registerTaskDefinition: registers, updateService }));
    await expect(applied).rejects.toThrow(PartlyApplied);
    await expect(applied).rejects.toMatchObject({
      message: "ecs:UpdateService: no",
      changed: ["revision nginx:2 was registered"],
    });
  });

  const lostAnswer = () =>
    Promise.reject(new AwsCallError("InternalServerError", "500", { effectUnknown: true }));

  test("takes a revision that came about although its answer was lost, and registers no second one", async () => {
    const registerTaskDefinition = jest.fn<EcsPort["registerTaskDefinition"]>(lostAnswer);
    const applied = await apply(
      plan,
      observed,
      edge({
        registerTaskDefinition,
        describeTaskDefinition: () => Promise.resolve(registered("nginx:1.27", 2)),
        updateService: () => Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] })),
      }),
    );
    expect(registerTaskDefinition).toHaveBeenCalledTimes(1);
    expect(applied).toMatchObject({ revisionArn: revisionArn("nginx:2") });
  });

  test("registers again when the lost answer had no effect", async () => {
    const registerTaskDefinition = jest
      .fn<EcsPort["registerTaskDefinition"]>(registers)
      .mockImplementationOnce(lostAnswer);
    await apply(
      plan,
      observed,
      edge({
        registerTaskDefinition,
        describeTaskDefinition: () => Promise.resolve(registered()),
        updateService: () => Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] })),
      }),
    );
    expect(registerTaskDefinition).toHaveBeenCalledTimes(2);
  });

  test("registers again when ECS is at another revision of the same family", async () => {
    const busy = new AwsCallError(
      "ClientException",
      "ecs:RegisterTaskDefinition: ClientException: Too many concurrent attempts to create a new revision of the specified family.",
    );
    const registerTaskDefinition = jest
      .fn<EcsPort["registerTaskDefinition"]>(registers)
      .mockImplementationOnce(() => Promise.reject(busy));
    const updateService = () => Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] }));
    const applied = await apply(plan, observed, edge({ registerTaskDefinition, updateService }));
    expect(registerTaskDefinition).toHaveBeenCalledTimes(2);
    expect(applied).toMatchObject({ revisionArn: revisionArn("nginx:2") });
  });

  test("looks once more after the last try, since that may have come about as well", async () => {
    const updateService = jest.fn<EcsPort["updateService"]>(lostAnswer);
    const moved = service({
      deployments: [deployment("ecs-svc/2", { taskDefinition: revisionArn("nginx:2") })],
    });
    const tries = 8;
    const describeServices = () =>
      Promise.resolve([updateService.mock.calls.length < tries ? service() : moved]);
    const applied = await apply(
      plan,
      observed,
      edge({ registerTaskDefinition: registers, updateService, describeServices }),
    );
    expect(updateService).toHaveBeenCalledTimes(tries);
    expect(applied).toMatchObject({ deploymentId: "ecs-svc/2" });
  });

  test("takes an update that came about although its answer was lost, and updates no second time", async () => {
    const updateService = jest.fn<EcsPort["updateService"]>(lostAnswer);
    const moved = deployment("ecs-svc/2", { taskDefinition: revisionArn("nginx:2") });
    const applied = await apply(
      plan,
      observed,
      edge({
        registerTaskDefinition: registers,
        updateService,
        describeServices: () => Promise.resolve([service({ deployments: [moved] })]),
      }),
    );
    expect(updateService).toHaveBeenCalledTimes(1);
    expect(applied).toMatchObject({ deploymentId: "ecs-svc/2" });
  });

  test("writes nothing once the run has lost its lock", async () => {
    const lost = new RefusedError("Another run has taken over.");
    const applied = apply(plan, observed, {
      ...edge({}),
      mayWrite: () => {
        throw lost;
      },
    });
    await expect(applied).rejects.toMatchObject({ changed: [], cause: lost });
  });
});
