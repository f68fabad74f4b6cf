import { expect, jest, test } from "@jest/globals";

import { awaitSteady } from "../../../scripts/commands/code-deploy/steady.ts";
import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import { parseCommandLine } from "../../../scripts/core/command-line/parse.ts";
import { revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

// It has no deployment group yet, so that a rollback would go nowhere.
jest.unstable_mockModule("../../../scripts/commands/code-deploy/facts.ts", () => ({
  codeDeployOf: () => Promise.resolve({}),
  findGroup: () => Promise.resolve(undefined),
  newest: () => Promise.resolve([]),
}));

test("a service under CODE_DEPLOY that is steady after its create has its old revisions pruned, as --keep-revisions asks", async () => {
  const running = service({
    taskDefinition: revisionArn("nginx:3"),
    deploymentController: { type: "CODE_DEPLOY" },
    taskSets: [
      {
        id: "ecs-svc/1",
        status: "PRIMARY",
        taskDefinition: revisionArn("nginx:3"),
        stabilityStatus: "STEADY_STATE",
        runningCount: 2,
        computedDesiredCount: 2,
        pendingCount: 0,
      },
    ],
    deployments: [],
  });
  const deregistered: string[] = [];
  const port = {
    list: () => Promise.resolve(["nginx"]),
    active: () => Promise.resolve(["nginx:3", "nginx:2", "nginx:1"].map(revisionArn)),
    deregister: (arn: string) => {
      deregistered.push(arn);
      return Promise.resolve();
    },
  };
  const command = parseCommandLine(["create", "nginx", "--keep-revisions", "2"]);
  // Only what waiting and pruning look at.
  const run = {
    command,
    context: {
      ecs: fakeEcs({ describeServices: () => Promise.resolve([running]) }),
      emit: () => undefined,
      connect: () => port,
    },
    edge: { clock: jumpingClock(), signal: new AbortController().signal },
  } as unknown as Run;
  const planned = {
    job: { name: "nginx", serviceName: "nginx", cluster: "test", family: "nginx", images: () => [] },
    observed: {},
    plan: { serviceName: "nginx", cluster: "test", steps: [] },
  } as unknown as Planned;

  const ended = await awaitSteady(planned, revisionArn("nginx:3"), run);
  expect(ended).toMatchObject({ outcome: "completed", revision: "nginx:3" });
  expect(deregistered).toEqual([revisionArn("nginx:1")]);
});
