import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { expect, test } from "@jest/globals";

import { rollBackOpen } from "../../../scripts/commands/native/roll-back-open.ts";
import { watchNative, type NativeWatch } from "../../../scripts/commands/native/watch.ts";
import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";
import type { ServiceDeploymentsPort } from "../../../scripts/core/ports/service-deployments.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

const serviceRevision = (id: string): string =>
  `arn:aws:ecs:us-east-1:123456789012:service-revision/test/nginx/${id}`;
const arn = "arn:aws:ecs:us-east-1:123456789012:service-deployment/test/nginx/d";

/** A deployment that goes back once it is stopped, in a few looks, or does so already. */
async function eventsOf(goesBackAlready: boolean): Promise<readonly DeploymentEventBody[]> {
  const events: DeploymentEventBody[] = [];
  const running = service({
    deploymentConfiguration: { strategy: "BLUE_GREEN" },
    deployments: [
      deployment("ecs-svc/2", { taskDefinition: revisionArn("nginx:2"), rolloutState: "IN_PROGRESS" }),
      deployment("ecs-svc/1", { status: "ACTIVE" }),
    ],
  });
  let stopped = goesBackAlready;
  let looks = 0;
  const now = (): ServiceDeployment => {
    if (stopped) looks += 1;
    return {
      serviceDeploymentArn: arn,
      status: !stopped ? "IN_PROGRESS" : looks < 4 ? "ROLLBACK_IN_PROGRESS" : "ROLLBACK_SUCCESSFUL",
      lifecycleStage: stopped ? "CLEAN_UP" : "SCALE_UP",
      targetServiceRevision: { arn: serviceRevision("2") },
      sourceServiceRevisions: [{ arn: serviceRevision("1") }],
      ...(stopped ? { rollback: { reason: "it failed", serviceRevisionArn: serviceRevision("1") } } : {}),
    };
  };
  const deployments: ServiceDeploymentsPort = {
    list: () =>
      Promise.resolve([
        { serviceDeploymentArn: arn, targetServiceRevisionArn: serviceRevision("2"), status: "IN_PROGRESS" },
      ]),
    describe: () => Promise.resolve([now()]),
    revisions: () => Promise.resolve([{ taskDefinition: revisionArn("nginx:1") }]),
    stop: () => {
      stopped = true;
      return Promise.resolve();
    },
    continue: () => Promise.reject(new Error("not expected here")),
  };
  const edge = {
    ecs: fakeEcs({ describeServices: () => Promise.resolve([running]) }),
    clock: jumpingClock(),
    emit: (event: DeploymentEventBody) => events.push(event),
    signal: new AbortController().signal,
    attended: false,
    deployments,
  };
  // Only what rolling back looks at.
  const run = {
    context: { ecs: edge.ecs, emit: edge.emit, connect: () => deployments },
    edge,
    mayWrite: () => undefined,
    watch: ({ observed }: Planned, applied: Pick<NativeWatch, "deploymentId" | "rollbackTold">) =>
      watchNative(
        {
          service: "nginx",
          cluster: "test",
          timeoutMs: 600_000,
          until: "stable",
          ...applied,
          ...(observed.service === undefined ? {} : { before: observed.service }),
        },
        edge,
      ),
  } as unknown as Run;
  const planned = {
    job: { name: "nginx", serviceName: "nginx", cluster: "test", trail: () => [] },
    observed: { service: running },
    plan: { serviceName: "nginx", cluster: "test", steps: [] },
  } as unknown as Planned;
  await rollBackOpen(planned, running, "it failed", {}, run);
  return events;
}

test("a rollback that the run itself has begun is told once, as its own; one that ECS has begun as ECS's", async () => {
  const backs = async (already: boolean) =>
    (await eventsOf(already)).filter(({ type }) => type === "rollingBack");
  expect(await backs(false)).toMatchObject([{ by: "Slipway", revision: "nginx:1", reason: "it failed" }]);
  expect(await backs(true)).toMatchObject([{ by: "ECS", revision: "nginx:1" }]);
});
