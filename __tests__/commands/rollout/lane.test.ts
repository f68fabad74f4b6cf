import { describe, expect, jest, test } from "@jest/globals";
import pLimit from "p-limit";

import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import { bring } from "../../../scripts/commands/rollout/lane.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import { parseCommandLine } from "../../../scripts/core/command-line/parse.ts";
import { planUpdate } from "../../../scripts/core/deployment/plan.ts";
import { registeredRevisionMarker } from "../../../scripts/core/deployment/registered-revision.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { EcsPort } from "../../../scripts/core/ports.ts";
import { definition, deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

const observed = { service: service(), currentRevision: registered(), latestRevision: registered() };
const plan = planUpdate(observed, {
  serviceName: "nginx",
  cluster: "test",
  taskDefinition: definition("nginx:1.27"),
  service: { service: "nginx", taskDefinition: registeredRevisionMarker },
});
const planned: Planned = {
  job: {
    name: "nginx",
    serviceName: "nginx",
    cluster: "test",
    dependsOn: [],
    purpose: "update nginx",
    plan: () => plan,
    desiredArn: () => undefined,
    brings: () => undefined,
    images: () => [],
    trail: () => [],
  },
  observed,
  plan,
};

function runWith(ecs: Partial<EcsPort>, signal: AbortSignal): Run {
  const command = parseCommandLine(["update", "nginx", "--no-wait"]);
  if (command.kind !== "run") throw new Error("expected a run");
  // Only what a lane looks at that is not waited for.
  return {
    command,
    edge: { signal, clock: jumpingClock() },
    inTurn: pLimit(2),
    context: { emit: () => undefined, ecs: fakeEcs(ecs) },
    mayWrite: () => undefined,
  } as unknown as Run;
}

describe("bringing a service", () => {
  test("starts no rollout when Ctrl-C comes while its revision is registered", async () => {
    const controller = new AbortController();
    const updateService = jest.fn<EcsPort["updateService"]>(() =>
      Promise.resolve(service({ deployments: [deployment("ecs-svc/2")] })),
    );
    const registerTaskDefinition: EcsPort["registerTaskDefinition"] = () => {
      controller.abort();
      return Promise.resolve({ taskDefinitionArn: revisionArn("nginx:2") });
    };
    const ended = await bring(planned, runWith({ registerTaskDefinition, updateService }, controller.signal));
    expect(ended).toEqual({ service: "nginx", cluster: "test", outcome: "interrupted" });
    expect(updateService).not.toHaveBeenCalled();
  });

  test("registers nothing more after Ctrl-C for services that wait for their turn at AWS's rate", async () => {
    const controller = new AbortController();
    let registrations = 0;
    const registerTaskDefinition: EcsPort["registerTaskDefinition"] = async () => {
      registrations += 1;
      await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      return { taskDefinitionArn: revisionArn("nginx:2") };
    };
    const run = runWith({ registerTaskDefinition }, controller.signal);
    const ended = await Promise.all(Array.from({ length: 20 }, () => bring(planned, run)));
    expect(new Set(ended.map(({ outcome }) => outcome))).toEqual(new Set(["interrupted"]));
    expect(registrations).toBe(2);
  });

  const tagged: Planned = {
    ...planned,
    job: { ...planned.job, trail: () => [{ key: "slipway:version", value: "1.27" }] },
    observed: { ...observed, service: service({ serviceArn: "arn:aws:ecs:eu-west-1:1:service/test/nginx" }) },
  };

  test("sets the tags of the service back when AWS refuses the update", async () => {
    const tags: unknown[] = [];
    const run = runWith(
      {
        registerTaskDefinition: () => Promise.resolve({ taskDefinitionArn: revisionArn("nginx:2") }),
        updateService: () => Promise.reject(new AwsCallError("AccessDeniedException", "no")),
        describeTaskDefinition: () =>
          Promise.resolve({ ...registered(), tags: [{ key: "slipway:version", value: "alpine" }] }),
      },
      new AbortController().signal,
    );
    const tag = (_: string, given: unknown) => Promise.resolve(void tags.push(given));
    const context = { ...run.context, connect: () => ({ tag }) } as unknown as Run["context"];
    expect(await bring(tagged, { ...run, context })).toMatchObject({ outcome: "stopped" });
    expect(tags).toEqual([
      expect.arrayContaining([{ key: "slipway:version", value: "1.27" }]),
      [{ key: "slipway:version", value: "alpine" }],
    ]);
  });
});
