import type { UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import { putBack, type PutBack } from "../../../scripts/commands/rollout/put-back.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import { planUpdate } from "../../../scripts/core/deployment/plan.ts";
import { registeredRevisionMarker } from "../../../scripts/core/deployment/registered-revision.ts";
import { planRestart } from "../../../scripts/core/deployment/simple-plans.ts";
import { definition, deployment, registered, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

interface Played {
  readonly planned: Planned;
  readonly left: string;
  /** Revisions of deployments, newest first: `3`, or `3!` for one that did not succeed. */
  readonly past?: readonly string[];
}

/** Puts a service back. @returns what was told, and what UpdateService was asked for */
async function play({ planned, left, past = [] }: Played): Promise<{
  readonly back: PutBack;
  readonly updates: readonly UpdateServiceRequest[];
}> {
  const updates: UpdateServiceRequest[] = [];
  const port = {
    list: () =>
      Promise.resolve(
        past.map((text) => ({
          targetServiceRevisionArn: text.replace("!", ""),
          status: text.endsWith("!") ? "STOPPED" : "SUCCESSFUL",
        })),
      ),
    revisions: (arns: readonly string[]) =>
      Promise.resolve(
        arns.map((arn) => ({ serviceRevisionArn: arn, taskDefinition: revisionArn(`nginx:${arn}`) })),
      ),
  };
  const ecs = fakeEcs({
    updateService: (input) => {
      updates.push(input);
      const { taskDefinition = "" } = input;
      return Promise.resolve(
        service({ taskDefinition, deployments: [deployment("ecs-svc/9", { taskDefinition })] }),
      );
    },
  });
  // Only what putting back itself looks at.
  const run = {
    context: { ecs, emit: () => undefined, connect: () => port },
    edge: { clock: jumpingClock(), signal: new AbortController().signal },
    mayWrite: () => undefined,
    watch: () => Promise.resolve({ verdict: { kind: "completed" }, seconds: 1 }),
  } as unknown as Run;
  const back = await putBack(planned, left, "it failed", undefined, run);
  return { back, updates };
}

const job = {
  name: "nginx",
  serviceName: "nginx",
  cluster: "test",
  dependsOn: [],
  purpose: "update nginx",
  plan: () => {
    throw new Error("not expected here");
  },
  desiredArn: () => undefined,
  brings: () => undefined,
  images: () => [],
  trail: () => [],
};
const observed = { service: service(), currentRevision: registered(), latestRevision: registered() };
/** Runs one of two tasks of revision 1. */
const shaky = {
  ...observed,
  service: service({ deployments: [deployment("ecs-svc/1", { runningCount: 1 })] }),
};

function update(seen: typeof observed, image: string, desiredCount = 2): Planned {
  const plan = planUpdate(seen, {
    serviceName: "nginx",
    cluster: "test",
    taskDefinition: definition(image),
    service: { service: "nginx", taskDefinition: registeredRevisionMarker, desiredCount },
  });
  return { job, observed: seen, plan };
}

function restart(seen: typeof observed): Planned {
  return { job, observed: seen, plan: planRestart(seen, { serviceName: "nginx", cluster: "test" }) };
}

describe("putting a service back", () => {
  test("brings the revision that ran steadily when the run came, with the settings that were changed", async () => {
    const planned = update(observed, "nginx:1.27", 5);
    const { back, updates } = await play({ planned, left: "nginx:2" });
    expect(back).toEqual({ revision: "nginx:1" });
    expect(updates).toEqual([
      { cluster: "test", service: "nginx", desiredCount: 2, taskDefinition: revisionArn("nginx:1") },
    ]);
  });

  test("goes past the revision that it leaves to the last other one, where none ran steadily", async () => {
    const planned = update(shaky, "nginx:1.27");
    const { back } = await play({ planned, left: "nginx:4", past: ["4", "3!", "2", "1"] });
    expect(back).toEqual({ revision: "nginx:2" });
  });

  test("puts settings back on the revision that had them, also where it did not run steadily", async () => {
    const planned = update(shaky, "nginx:alpine", 5);
    const { updates } = await play({ planned, left: "nginx:1", past: ["1!", "1", "0"] });
    expect(updates).toMatchObject([{ taskDefinition: revisionArn("nginx:1"), desiredCount: 2 }]);
  });

  test.each([observed, shaky])("never takes a restart for a reason to leave the revision", async (seen) => {
    const { back, updates } = await play({ planned: restart(seen), left: "nginx:1", past: ["1!", "1", "0"] });
    expect(updates).toEqual([]);
    expect(back.problem).toMatch(/nginx:1 ran before/);
  });

  test("says so where no other revision was ever steady", async () => {
    const planned = update(shaky, "nginx:1.27");
    const { back, updates } = await play({ planned, left: "nginx:2", past: ["2!", "1!"] });
    expect(updates).toEqual([]);
    expect(back.problem).toMatch(/No other revision/);
  });
});
