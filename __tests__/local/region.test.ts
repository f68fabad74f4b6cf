import { describe, expect, test } from "@jest/globals";

import { ScaledClock } from "../../scripts/local/clock.ts";
import { Region } from "../../scripts/local/region.ts";

describe("a region", () => {
  test("logs what goes wrong in carrying out an effect, and the call that asked for it stands", async () => {
    const lines: string[] = [];
    const clock = new ScaledClock(1);
    const region = new Region("us-east-1", "123456789012", clock, (line) => lines.push(line));
    const carriedOut: string[] = [];
    region.handle("terminate-host", () => {
      throw new Error("broke at once");
    });
    region.handle("resize-group", () => Promise.reject(new Error("broke later")));
    region.onChange(() => {
      throw new Error("the listener broke");
    });
    region.onChange(() => carriedOut.push("second listener"));
    const answer = region.transact(({ state, effects }) => {
      state.ecs.accountSettings["x"] = "y";
      effects.push({ type: "terminate-host", ec2InstanceId: "i-1" });
      effects.push({ type: "resize-group", group: "g", desired: 1 });
      effects.push({ type: "log", message: "done" });
      return "answer";
    });
    await clock.step(1);
    expect(answer).toBe("answer");
    expect(region.state.ecs.accountSettings).toEqual({ x: "y" });
    expect(carriedOut).toEqual(["second listener"]);
    expect(lines.map((line) => line.split("\n")[0])).toEqual([
      "error terminate-host: Error: broke at once",
      "done",
      "error listener: Error: the listener broke",
      "error resize-group: Error: broke later",
    ]);
    region.close();
  });
});
