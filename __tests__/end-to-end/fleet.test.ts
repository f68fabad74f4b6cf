import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { count, DeployWorld } from "../helpers/deploy-world.ts";
import { breaker } from "../helpers/steady-services.ts";

const minutes = 60_000;
let world: DeployWorld;

beforeAll(async () => {
  world = await DeployWorld.start(100);
}, 2 * minutes);

afterAll(() => world.stop());

/** When the service's rollout of its second revision began and when it had completed, in AWS's time. */
async function rolloutOf(service: string): Promise<{ began: number; completed: number }> {
  const second = (await world.deployments(service)).filter(({ definition }) => definition === `${service}:2`);
  const completed = second.find(({ rollout }) => rollout === "COMPLETED");
  return { began: second[0]?.at ?? Number.NaN, completed: completed?.at ?? Number.NaN };
}

function outcomes(report: { readonly services: readonly { service: string; outcome: string }[] }) {
  return Object.fromEntries(report.services.map(({ service, outcome }) => [service, outcome]));
}

describe("several services in one run", () => {
  test(
    "come in the order of dependsOn, independent ones side by side, with one report and one exit code",
    async () => {
      const templates = await world.services(
        [
          { name: "order-web", dependsOn: ["order-api", "order-jobs"] },
          { name: "order-api", dependsOn: ["order-database"] },
          { name: "order-jobs", dependsOn: ["order-database"] },
          { name: "order-database" },
        ],
        ["app:1"],
      );
      const run = await world.run(["update", "--all", "--templates", templates], { image: "app:2" });
      expect(run).toMatchObject({ exitCode: 0, report: { exitCode: 0 } });
      expect(outcomes(run.report)).toEqual({
        "order-web": "completed",
        "order-api": "completed",
        "order-jobs": "completed",
        "order-database": "completed",
      });
      const [database, api, jobs, web] = await Promise.all(
        ["order-database", "order-api", "order-jobs", "order-web"].map(rolloutOf),
      );
      expect(api?.began).toBeGreaterThan(database?.completed ?? Infinity);
      expect(jobs?.began).toBeGreaterThan(database?.completed ?? Infinity);
      expect(web?.began).toBeGreaterThan(Math.max(api?.completed ?? Infinity, jobs?.completed ?? Infinity));
      // Side by side: each begins before the other is over.
      expect(api?.began).toBeLessThan(jobs?.completed ?? 0);
      expect(jobs?.began).toBeLessThan(api?.completed ?? 0);
      expect(count(run.calls, "ecs:UpdateService")).toBe(4);
    },
    2 * minutes,
  );

  test(
    "are not begun when what they depend on fails, while the others complete, and the exit code is 1",
    async () => {
      const templates = await world.services(
        [
          { name: "chain-base", image: "app:2-crash", deploymentConfiguration: breaker },
          { name: "chain-middle", image: "app:2", dependsOn: ["chain-base"] },
          { name: "chain-top", image: "app:2", dependsOn: ["chain-middle"] },
          { name: "chain-other", image: "app:2" },
        ],
        ["app:1"],
      );
      const run = await world.run(["update", "--all", "--templates", templates]);
      expect(run.exitCode).toBe(1);
      expect(outcomes(run.report)).toEqual({
        "chain-base": "failed",
        "chain-middle": "skipped",
        "chain-top": "skipped",
        "chain-other": "completed",
      });
      for (const untouched of ["chain-middle", "chain-top"]) {
        expect(await world.states.of(untouched, "app")).toMatchObject({
          activeRevisions: 1,
          rollouts: ["SUCCESSFUL"],
          locks: [],
        });
      }
      expect(await world.states.of("chain-other", "app")).toMatchObject({
        deployments: ["PRIMARY COMPLETED 1/1 of revision 2"],
      });
    },
    2 * minutes,
  );

  test(
    "go back all together with --on-failure rollback-all when one fails",
    async () => {
      const templates = await world.services(
        [
          { name: "release-api", image: "app:2" },
          { name: "release-jobs", image: "app:2", dependsOn: ["release-api"] },
          {
            name: "release-web",
            image: "app:2-crash",
            dependsOn: ["release-jobs"],
            deploymentConfiguration: breaker,
          },
        ],
        ["app:1"],
      );
      const run = await world.run([
        ...["update", "--all", "--on-failure", "rollback-all"],
        ...["--templates", templates],
      ]);
      expect(run.exitCode).toBe(1);
      expect(outcomes(run.report)).toEqual({
        "release-api": "putBack",
        "release-jobs": "putBack",
        "release-web": "failed",
      });
      for (const name of ["release-api", "release-jobs", "release-web"]) {
        expect(await world.states.of(name, "app")).toMatchObject({
          deployments: ["PRIMARY COMPLETED 1/1 of revision 1"],
          locks: [],
        });
      }
    },
    2 * minutes,
  );

  test(
    "share their looks: one DescribeServices tells of up to ten",
    async () => {
      const names = Array.from({ length: 10 }, (_, index) => `batch-${index}`);
      const templates = await world.services(
        [...names.map((name) => ({ name })), { name: "batch-alone" }],
        ["app:1"],
      );
      const alone = await world.run(["update", "batch-alone", "--templates", templates], { image: "app:2" });
      const ten = await world.run(["update", ...names, "--templates", templates], { image: "app:2" });
      expect([alone.exitCode, ten.exitCode]).toEqual([0, 0]);
      expect(count(ten.calls, "ecs:UpdateService")).toBe(10);
      const looks = (calls: typeof ten.calls): number => count(calls, "ecs:DescribeServices");
      expect(looks(ten.calls)).toBeLessThan(looks(alone.calls) * 3);
    },
    2 * minutes,
  );

  test("that depend on each other in a circle, or on nobody known, are refused before any call", async () => {
    const circle = await world.services(
      [
        { name: "circle-a", dependsOn: ["circle-b"] },
        { name: "circle-b", dependsOn: ["circle-a"] },
      ],
      [],
    );
    const around = await world.run(["update", "--all", "--templates", circle], { image: "app:2" });
    expect(around).toMatchObject({ exitCode: 2, calls: [] });
    expect(around.stderr + around.stdout).toMatch(/circle-a.*circle-b|circle-b.*circle-a/s);

    const lost = await world.services([{ name: "lost-a", dependsOn: ["lots-b"] }, { name: "lost-b" }], []);
    const nobody = await world.run(["update", "--all", "--templates", lost], { image: "app:2" });
    expect(nobody).toMatchObject({ exitCode: 2, calls: [] });
    expect(nobody.stderr + nobody.stdout).toContain("Did you mean lost-b?");
  });
});
