import { describe, expect, test } from "@jest/globals";

import { asRunCommand } from "../../../scripts/commands/compat/as-run-command.ts";
import { parseCompat } from "../../../scripts/core/compat/parse.ts";

function timeoutMs(line: string): number {
  const command = parseCompat(line.split(" "), {});
  if (command.kind !== "compat") throw new Error(`${line} runs nothing`);
  return asRunCommand(command).options.timeoutMs;
}

describe("the seconds of -t, 90 where it is not given, count", () => {
  test("for the new tasks to run and again for the old ones to be gone, as ecs-deploy waits", () => {
    expect(timeoutMs("-c p -n w -i app")).toBe(180_000);
    expect(timeoutMs("-c p -n w -i app -t 240")).toBe(480_000);
  });

  test("once where the old ones are not waited for, for new tasks of the same revision, and for a task", () => {
    expect(timeoutMs("-c p -n w -i app --skip-deployments-check")).toBe(90_000);
    expect(timeoutMs("-c p -n w --force-new-deployment")).toBe(90_000);
    expect(timeoutMs("-c p -d w -i app --run-task --wait-for-success")).toBe(90_000);
  });
});
