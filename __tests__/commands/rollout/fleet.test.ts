import { describe, expect, test } from "@jest/globals";

import { inOrder } from "../../../scripts/commands/rollout/fleet.ts";
import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import type { Run } from "../../../scripts/commands/rollout/run.ts";
import { parseCommandLine } from "../../../scripts/core/command-line/parse.ts";
import type { DeploymentEventBody, ServiceOutcome } from "../../../scripts/core/events.ts";

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
