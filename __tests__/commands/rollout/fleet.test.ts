import { describe, expect, test } from "@jest/globals";

import { inOrder } from "../../../scripts/commands/rollout/fleet.ts";
import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import { parseCommandLine } from "../../../scripts/core/command-line/parse.ts";
import type { DeploymentEventBody, ServiceOutcome } from "../../../scripts/core/events.ts";
import { deployment, revisionArn, service } from "../../helpers/ecs-json.ts";
import { fakeEcs, jumpingClock } from "../../helpers/fake-ecs.ts";

type Kind = "completed" | "failed" | "timedOut" | "nothingToDo";

function planned(name: string, dependsOn: readonly string[]): Planned {
  const unused = () => {
    throw new Error("not expected here");
  };
  return {
    job: {
      name,
      serviceName: name,
      cluster: "test",
      dependsOn,
      purpose: `update ${name}`,
      plan: unused,
      desiredArn: () => undefined,
      brings: () => undefined,
      images: () => [],
      trail: () => [],
    },
    observed: {},
    plan: { serviceName: name, cluster: "test", steps: [] },
  };
}

interface Played {
  readonly outcomes: Readonly<Record<string, ServiceOutcome["outcome"]>>;
  /** `+name` when it began and `-name` when it had ended. */
  readonly story: readonly string[];
  readonly events: readonly DeploymentEventBody[];
}

async function play(
  graph: Readonly<Record<string, readonly string[]>>,
  endings: Readonly<Record<string, Kind>> = {},
  { args = [], signal = new AbortController().signal }: { args?: string[]; signal?: AbortSignal } = {},
): Promise<Played> {
  const command = parseCommandLine(["update", "--all", ...args]);
  if (command.kind !== "run") throw new Error("expected a run");
  const events: DeploymentEventBody[] = [];
  const story: string[] = [];
  // Only what the fleet itself looks at.
  const run = {
    command,
    edge: { signal },
    context: { emit: (event: DeploymentEventBody) => events.push(event) },
  } as unknown as Run;
  const fleet = Object.entries(graph).map(([name, dependsOn]) => planned(name, dependsOn));
  const outcomes = await inOrder(
    fleet,
    async ({ job: { name } }) => {
      story.push(`+${name}`);
      await new Promise((resolve) => setImmediate(resolve));
      story.push(`-${name}`);
      const base = { service: name, cluster: "test", deploymentId: "ecs-svc/1" };
      const kind = endings[name] ?? "completed";
      if (kind === "failed") return { ...base, outcome: kind, reason: "", failedRevision: "", diagnoses: [] };
      return { ...base, outcome: kind, seconds: 1 };
    },
    run,
  );
  return {
    outcomes: Object.fromEntries(outcomes.map(({ service, outcome }) => [service, outcome])),
    story,
    events,
  };
}

const chain = { web: ["api"], api: ["db"], db: [], side: [] };

describe("a fleet", () => {
  test("begins a service only when those that it depends on have ended well", async () => {
    const { story, outcomes } = await play(chain);
    expect(story.indexOf("-db")).toBeLessThan(story.indexOf("+api"));
    expect(story.indexOf("-api")).toBeLessThan(story.indexOf("+web"));
    expect(Object.values(outcomes)).toEqual(["completed", "completed", "completed", "completed"]);
  });

  test("brings independent services side by side", async () => {
    const { story } = await play(chain);
    expect(story.indexOf("+side")).toBeLessThan(story.indexOf("-db"));
  });

  test("does not begin what depends on a failure, near or far, and brings the rest", async () => {
    const { outcomes, story } = await play(chain, { db: "failed" });
    expect(outcomes).toEqual({ web: "skipped", api: "skipped", db: "failed", side: "completed" });
    expect(story).not.toContain("+api");
  });

  test("does not begin what depends on a rollout that was not seen to end", async () => {
    const { outcomes } = await play(chain, { db: "timedOut" });
    expect(outcomes).toMatchObject({ db: "timedOut", api: "skipped", web: "skipped" });
  });

  test("goes on from a service that has nothing to do", async () => {
    const { outcomes } = await play(chain, { db: "nothingToDo" });
    expect(outcomes).toMatchObject({ db: "nothingToDo", api: "completed" });
  });

  test("depends on services of other runs in nothing", async () => {
    const { outcomes } = await play({ web: ["elsewhere"] });
    expect(outcomes).toEqual({ web: "completed" });
  });

  test("begins nothing more after Ctrl-C", async () => {
    const { outcomes, story } = await play(chain, {}, { signal: AbortSignal.abort() });
    expect(new Set(Object.values(outcomes))).toEqual(new Set(["interrupted"]));
    expect(story).toEqual([]);
  });

  test("tells of the waiting, and how each service ended, once", async () => {
    const { events } = await play(chain);
    expect(events).toContainEqual({ type: "waitingForServices", service: "web", dependencies: ["api"] });
    const ended = events.flatMap((event) => (event.type === "ended" ? [event.service] : []));
    expect([...ended].sort()).toEqual(["api", "db", "side", "web"]);
  });
});

describe("--on-failure rollback-all", () => {
  /** Brings `web`, which did not run steadily before, to revision 4, while `side` fails. */
  async function playRelease({ interrupted }: { interrupted: boolean }) {
    const controller = new AbortController();
    const command = parseCommandLine(["update", "--all", "--on-failure", "rollback-all"]);
    if (command.kind !== "run") throw new Error("expected a run");
    const updated: (string | undefined)[] = [];
    const answer = service({
      deployments: [deployment("ecs-svc/5", { taskDefinition: revisionArn("nginx:2") })],
    });
    const ecs = fakeEcs({
      updateService: ({ taskDefinition }) => {
        updated.push(taskDefinition);
        return Promise.resolve(answer);
      },
    });
    const past = ["4", "3", "2"].map((number) => revisionArn(`nginx:${number}`));
    const port = {
      list: () =>
        Promise.resolve(
          past.map((arn) => ({
            targetServiceRevisionArn: arn,
            status: arn.endsWith("3") ? "STOPPED" : "SUCCESSFUL",
          })),
        ),
      revisions: () => Promise.resolve(past.map((arn) => ({ serviceRevisionArn: arn, taskDefinition: arn }))),
    };
    // Only what the fleet and putting back look at.
    const run = {
      command,
      edge: { signal: controller.signal, clock: jumpingClock() },
      context: { emit: () => undefined, connect: () => port, ecs },
      mayWrite: () => undefined,
      watch: () => Promise.resolve({ verdict: { kind: "completed" }, seconds: 1 }),
    } as unknown as Run;
    const shaky = service({ deployments: [deployment("ecs-svc/1", { runningCount: 0 })] });
    const fleet = ["web", "side"].map((name) => ({ ...planned(name, []), observed: { service: shaky } }));
    const outcomes = await inOrder(
      fleet,
      ({ job: { name } }) => {
        const base = { service: name, cluster: "test", deploymentId: "ecs-svc/4", revision: "nginx:4" };
        if (interrupted && name === "side") controller.abort();
        return Promise.resolve(
          name === "web"
            ? { ...base, outcome: "completed", seconds: 1 }
            : { ...base, outcome: "failed", reason: "", failedRevision: "nginx:4", diagnoses: [] },
        );
      },
      run,
    );
    return { updated, web: outcomes[0] };
  }

  test("puts a service back to another revision than the one that this run brought", async () => {
    const { updated, web } = await playRelease({ interrupted: false });
    expect(updated).toEqual([revisionArn("nginx:2")]);
    expect(web).toMatchObject({ outcome: "putBack", rolledBackTo: "nginx:2" });
  });

  test("starts no rollback after Ctrl-C, and says what is left to do", async () => {
    const { updated, web } = await playRelease({ interrupted: true });
    expect(updated).toEqual([]);
    expect(web).toMatchObject({
      outcome: "putBack",
      problem: expect.stringContaining("./deploy rollback web"),
    });
  });
});
