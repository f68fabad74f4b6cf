import { describe, expect, test } from "@jest/globals";

import { AwsCallError, InterruptedError } from "../../../scripts/core/errors.ts";
import { api, entryOf, folder, refusal, runIn, web } from "../../helpers/lock-runs.ts";
import { LockWorld } from "../../helpers/lock-world.ts";

describe("a lock that is held", () => {
  test("refuses the second run with exit 4, who has it, what for, since when and what to do", async () => {
    const world = new LockWorld();
    const variables = {
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "ana",
      RUNNER_NAME: "build-7",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "team/app",
      GITHUB_RUN_ID: "42",
      AWS_SECRET_ACCESS_KEY: "hush",
    };
    await runIn(world, "run1", { variables }).take([api]);
    const { message, exitCode } = await refusal(runIn(world, "run2").take([api]));
    expect(exitCode).toBe(4);
    expect(message).toContain("api is locked by ana@build-7 since 2001-09-09T01:46:40");
    expect(message).toContain("update api to app:2 (run run1, https://github.com/team/app/actions/runs/42)");
    expect(message).toContain("Nothing was changed. --wait-for-lock");
    expect(world.parameters.newest(`${folder}api`)?.value).not.toContain("hush");
  });

  test("is not taken over by --force", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    await refusal(runIn(world, "run2", { options: ["--force"] }).take([api]));
    expect(entryOf(world, "api")?.run).toBe("run1");
  });

  test("stays the holder's as long as it renews it, also for hours", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api, web]);
    await world.pass(3 * 3_600_000);
    expect(held.lost.aborted).toBe(false);
    await refusal(runIn(world, "run2").take([web]));
    await world.until(held.release());
    expect(world.parameters.names()).toEqual([]);
  });

  test("is waited for with --wait-for-lock, told once, and taken when it is given back", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api]);
    const second = runIn(world, "run2", { options: ["--wait-for-lock"] });
    const taking = second.take([api]);
    await world.pass(120_000);
    expect(second.events).toEqual([
      {
        type: "waitingForLock",
        service: "api",
        holder: expect.objectContaining({ run: "run1", purpose: "update api to app:2" }),
      },
    ]);
    await world.until(held.release());
    await taking;
    expect(entryOf(world, "api")?.run).toBe("run2");
  });

  test("is waited for as long as --timeout allows, and then refused with exit 4", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    const began = world.time;
    const options = ["--wait-for-lock", "--timeout", "90s"];
    const { message, exitCode } = await refusal(runIn(world, "run2", { options }).take([api]));
    expect(exitCode).toBe(4);
    expect(message).toContain("Waited 1m 30s for it (--timeout); nothing was changed meanwhile.");
    expect(world.time - began).toBeGreaterThanOrEqual(90_000);
    expect(world.time - began).toBeLessThan(100_000);
  });

  test("is waited for no longer after Ctrl-C: exit 130, and the holder keeps it", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    const interrupt = new AbortController();
    const taking = runIn(world, "run2", { options: ["--wait-for-lock"], signal: interrupt.signal }).take([
      api,
    ]);
    await world.pass(12_000);
    interrupt.abort();
    await expect(taking).rejects.toThrow(InterruptedError);
    expect(entryOf(world, "api")?.run).toBe("run1");
  });
});

describe("the locks of several services", () => {
  test("are taken all or none", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([web]);
    const { message } = await refusal(runIn(world, "run2").take([web, api]));
    expect(message).toContain("web is locked by");
    expect(world.parameters.names()).toEqual([`${folder}web`]);
  });

  test("are renewed by the first alone", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([web, api]);
    await world.pass(10 * 60_000);
    expect(world.parameters.newest(`${folder}web`)?.version).toBe(1);
    expect(world.parameters.newest(`${folder}api`)?.version).toBeGreaterThan(10);
    expect(entryOf(world, "web")?.heartbeat).toBe(`${folder}api`);
  });

  test("are all lost to a run that came back after one of them was taken over", async () => {
    const world = new LockWorld();
    const held = await runIn(world, "run1").take([api, web]);
    world.stop("run1", 70_000);
    await world.pass(61_500);
    await runIn(world, "run2").take([web]);
    expect(entryOf(world, "api")).toMatchObject({ run: "run1", endedBy: "run2" });
    await world.pass(60_000);
    expect(held.lost.aborted).toBe(true);
    // The mark leaves the other service free for the next, with the killed run's record.
    expect((await runIn(world, "run3").take([api])).takenOver.get("test/api")?.run).toBe("run1");
  });

  test("leave a killed run's record in a lock that is given back since another is held", async () => {
    const world = new LockWorld();
    await runIn(world, "run1").take([api]);
    world.kill("run1");
    await world.pass(61_000);
    const others = { run: "run2", owner: "bo", purpose: "update web", since: "today", serial: 1 };
    // Taken between the look at both and the try.
    const busy = world.port("run3", () => "none");
    const port = {
      create: async (name: string, value: string) => {
        if (name.endsWith("/web")) world.parameters.put(name, JSON.stringify({ ...others, heartbeat: name }));
        return busy.create(name, value);
      },
    };
    await refusal(runIn(world, "run3", { port }).take([api, web]));
    expect(entryOf(world, "api")).toMatchObject({ run: "run1", endedBy: "run3" });
    expect((await runIn(world, "run4").take([api])).takenOver.get("test/api")?.run).toBe("run1");
  });
});

describe("without the permission", () => {
  const denied = () =>
    Promise.reject(
      new AwsCallError("AccessDeniedException", "ssm:PutParameter: not authorized to perform it"),
    );

  test("refuses, naming the permissions and --force", async () => {
    const world = new LockWorld();
    const { message } = await refusal(runIn(world, "run1", { port: { create: denied } }).take([api]));
    expect(message).toContain("The lock /slipway/test/locks/test/api could not be taken: ssm:PutParameter");
    expect(message).toContain("Allow ssm:PutParameter, ssm:GetParameters and ssm:DeleteParameters");
    expect(message).toContain("--force");
  });

  test("goes on without a lock by --force, and says so", async () => {
    const world = new LockWorld();
    const run = runIn(world, "run1", { port: { create: denied }, options: ["--force"] });
    const held = await run.take([api]);
    expect(run.events).toEqual([
      { type: "warning", message: expect.stringContaining("Going on without a lock, by --force.") },
    ]);
    expect(held.lost.aborted).toBe(false);
    await held.release();
  });
});
