import type { Task } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { chooseTarget, commandLineOf, type ExecWish } from "../../scripts/core/exec/choose.ts";

const wish: ExecWish = { service: "web", cluster: "test", enabled: true };

function task(id: string, agent = "RUNNING", containers = ["app"]): Task {
  return {
    taskArn: `arn:aws:ecs:us-east-1:1:task/test/${id}`,
    lastStatus: "RUNNING",
    enableExecuteCommand: true,
    containers: containers.map((name) => ({
      name,
      runtimeId: `${id}-${name}`,
      managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: agent }],
    })),
  };
}

describe("the container that a session is opened in", () => {
  test("is the only one of the only task", () => {
    expect(chooseTarget([task("a1")], wish)).toEqual({
      taskArn: "arn:aws:ecs:us-east-1:1:task/test/a1",
      task: "a1",
      container: "app",
      runtimeId: "a1-app",
    });
  });

  test("is the one that --task and --container name, by the beginning of the task's id as well", () => {
    const tasks = [task("a1"), task("b2", "RUNNING", ["app", "side"])];
    expect(chooseTarget(tasks, { ...wish, task: "b", container: "side" }).runtimeId).toBe("b2-side");
  });

  test.each<[string, readonly Task[], Partial<ExecWish>, RegExp]>([
    ["none runs", [{ ...task("a1"), lastStatus: "PENDING" }], {}, /No task .* runs/],
    ["several run", [task("a1"), task("a2")], {}, /Which task\?.*\n {2}--task a1\n {2}--task a2/],
    ["the task is another", [task("a1")], { task: "zz" }, /called zz.*\n {2}--task a1/],
    ["it has several containers", [task("a1", "RUNNING", ["x", "y"])], {}, /x, y: choose with --container/],
    ["the container is another", [task("a1")], { container: "z" }, /no container z. It has app/],
    [
      "sessions are not enabled",
      [{ ...task("a1"), enableExecuteCommand: false }],
      { enabled: false },
      /"enableExecuteCommand": true/,
    ],
    [
      "they were enabled later",
      [{ ...task("a1"), enableExecuteCommand: false }],
      {},
      /\.\/deploy restart web/,
    ],
    ["the agent starts", [task("a1", "PENDING")], {}, /PENDING.*try again/],
    ["the agent stopped", [task("a1", "STOPPED")], {}, /STOPPED.*ssmmessages/],
  ])("is refused with what to do when %s", (_case, tasks, wanted, message) => {
    expect(() => chooseTarget(tasks, { ...wish, ...wanted })).toThrow(message);
  });

  test("is told of sessions that are not enabled before it has to be chosen among several", () => {
    const tasks = ["a1", "a2"].map((id) => ({ ...task(id), enableExecuteCommand: false }));
    expect(() => chooseTarget(tasks, { ...wish, enabled: false })).toThrow("ECS Exec is not enabled");
  });
});

describe("the command line", () => {
  test("is a shell, a whole line as it was given, or arguments quoted one by one", () => {
    expect(commandLineOf([])).toBe("/bin/sh");
    expect(commandLineOf(["ls -la /tmp"])).toBe("ls -la /tmp");
    expect(commandLineOf(["sh", "-c", "echo 'a b'; id", "x=y"])).toBe(
      String.raw`sh -c 'echo '\''a b'\''; id' x=y`,
    );
  });
});
