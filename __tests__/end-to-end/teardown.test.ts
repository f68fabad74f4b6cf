import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startApiProxy } from "../../scripts/bench/api-proxy.ts";
import { StageWorld, type StageRun } from "../helpers/stage-world.ts";
import type { TeardownReport } from "../../scripts/terminal/teardown-text.ts";

jest.setTimeout(180_000);

let world: StageWorld;

beforeAll(async () => {
  world = await StageWorld.start(60, { applications: ["shop"] });
});

afterAll(async () => {
  await world.stop();
});

/** Version after version gets the traffic, so that all but the last have lost it. */
async function deployInTurn(name: string, ...images: readonly string[]): Promise<readonly string[]> {
  const templates = await world.templates(name);
  const ids: string[] = [];
  for (const image of images) {
    const { document } = await world.run("stage", [name], { image, templates });
    const activated = await world.running(["activate", name, "--no-wait"], {});
    expect(activated.exitCode).toBe(0);
    ids.push(document.deploymentId);
  }
  return ids;
}

/** Gives all of the live traffic to a deployment, as somebody does in AWS's console. */
async function giveTraffic(id: string): Promise<void> {
  const { TargetGroups: [group] = [] } = await world.elb.send(
    new DescribeTargetGroupsCommand({ Names: [`test-plain-${id}`] }),
  );
  const { Rules = [] } = await world.elb.send(
    new DescribeRulesCommand({ ListenerArn: world.surroundings.listenerArn }),
  );
  const live = Rules.find(({ Conditions = [] }) =>
    Conditions.some(({ HostHeaderConfig }) => HostHeaderConfig?.Values?.includes("plain.example.com")),
  );
  const TargetGroups = [{ TargetGroupArn: group?.TargetGroupArn, Weight: 1 }];
  await world.elb.send(
    new ModifyRuleCommand({
      RuleArn: live?.RuleArn,
      Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    }),
  );
}

/** Takes down all that has lost the traffic, and does something while the first connections drain. */
async function tearDown(name: string, meanwhile: () => Promise<unknown>): Promise<StageRun<TeardownReport>> {
  let done: Promise<unknown> | undefined;
  const proxy = await startApiProxy({
    endpoint: world.local.endpoint,
    before: async (call) => {
      // The wait is the first to ask for it, once the lock was given back.
      if (call.name !== "elasticloadbalancing:DescribeTargetHealth") return true;
      done ??= meanwhile();
      await done;
      return true;
    },
  });
  const torn = await world.run("teardown", [name, "--all-retired", "--keep", "0", "--timeout", "5m"], {
    endpoint: proxy.endpoint,
  });
  await proxy.stop();
  expect(done).toBeDefined();
  return torn;
}

describe("a teardown of several that cannot end for all of them", () => {
  test("leaves the one that has got live traffic meanwhile, says so, and takes the others down", async () => {
    const [first = "", second = ""] = await deployInTurn("plain", "app:1", "app:2", "app:3");
    const torn = await tearDown("plain", () => giveTraffic(first));
    expect(torn.document.deployments).toMatchObject([
      {
        deploymentId: first,
        outcome: "refused",
        reason: expect.stringMatching(/has got 100 % of the live traffic meanwhile/) as unknown,
      },
      { deploymentId: second, outcome: "tornDown" },
    ]);
    expect([torn.exitCode, torn.document.exitCode]).toEqual([1, 1]);
    expect(await world.states("plain")).toEqual(["3 staged 0", "1 active 100"]);
  });

  test("says of each why it is left, where another run has the lock by then, and the same goes on with them", async () => {
    const ids = await deployInTurn("shop", "app:1", "app:2", "app:3");
    const never = await world.templates("shop", { service: { healthCheckGracePeriodSeconds: 9999 } });
    const holding = new AbortController();
    let held: Promise<unknown> | undefined;
    const torn = await tearDown(
      "shop",
      () =>
        new Promise((resolve) => {
          const holder = world.running(["stage", "shop", "--timeout", "5h"], {
            image: "app:4-slow-start-9999",
            templates: never,
          });
          held = holder;
          holding.signal.addEventListener("abort", () => holder.kill("SIGINT"));
          holder.stderr.on("data", (chunk: Buffer) => {
            if (/rollout of/.test(String(chunk))) resolve(true);
          });
        }),
    );
    holding.abort();
    await held;
    const refused = {
      outcome: "refused",
      reason: expect.stringMatching(/: stage shop [\s\S]*is found again by the same command/) as unknown,
    };
    expect(torn.document.deployments).toMatchObject(
      ids.slice(0, 2).map((deploymentId) => ({ deploymentId, ...refused })),
    );
    expect(torn.exitCode).toBe(1);

    const again = await tearDown("shop", () => Promise.resolve());
    expect(again.document.deployments).toMatchObject(
      ids.slice(0, 2).map((deploymentId) => ({ deploymentId, outcome: "tornDown" })),
    );
    expect(again.exitCode).toBe(0);
  });
});
