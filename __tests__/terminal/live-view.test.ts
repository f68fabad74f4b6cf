import { describe, expect, jest, test } from "@jest/globals";

import type { DeploymentEvent } from "../../scripts/core/events.ts";
import type { Display } from "../../scripts/terminal/display.ts";
import { frame } from "../../scripts/terminal/layout.ts";
import { liveView } from "../../scripts/terminal/live-view.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { createScreen } from "../../scripts/terminal/screen.ts";
import { emptyView, withEvent } from "../../scripts/terminal/run-view.ts";
import { eventAt, failingRun, runStart } from "../helpers/recorded-run.ts";
import { VirtualTerminal } from "../helpers/virtual-terminal.ts";

const plain = paintFor({}, false, {});
const coloured = paintFor({ isTTY: true }, true, {});

async function begun(
  terminal: VirtualTerminal,
  { keep = false, paint = plain } = {},
): Promise<{ display: Display; feed: (event: DeploymentEvent) => void }> {
  jest.useFakeTimers({ now: runStart });
  let view = emptyView;
  const display = liveView(terminal, {
    paint,
    keep,
    load: () => Promise.resolve({ screen: createScreen(terminal), frame }),
  });
  const feed = (event: DeploymentEvent): void => {
    jest.setSystemTime(Date.parse(event.at));
    view = withEvent(view, event);
    display.event(event, view);
    jest.advanceTimersByTime(100);
  };
  const [first] = failingRun;
  if (first !== undefined) feed(first);
  // What draws is loaded by now.
  await Promise.resolve();
  await Promise.resolve();
  return { display, feed };
}

describe("the live view", () => {
  test.each([
    [80, 24],
    [40, 10],
    [20, 8],
    [132, 50],
  ])("of %d columns and %d rows is drawn in one place, below what scrolls away", async (columns, rows) => {
    const terminal = new VirtualTerminal(columns, rows);
    const { display, feed } = await begun(terminal);
    for (const event of failingRun.slice(1, -1)) feed(event);
    const shown = terminal.screen();
    const head = shown.findIndex((line) => line.includes("2 of 3 done"));
    expect(head).toBeGreaterThan(-1);
    expect(shown.slice(head + 1).map((line) => line.split(" ", 1)[0])).toEqual(
      rows > 10 ? ["nginx", "", "api", "worker"] : expect.arrayContaining(["nginx", "api", "worker"]),
    );
    const everything = terminal.all().join("\n");
    // One picture only: each redraw has taken the one before away.
    expect(everything.match(/of 3 done/g)).toHaveLength(1);
    expect(everything.replaceAll(/\s+/g, " ")).toContain("completed in 41.3s");
    expect(terminal.unknown).toEqual([]);
    display.end();
  });

  test("leaves the events that matter and no picture where the result follows in the same terminal", async () => {
    const terminal = new VirtualTerminal(100, 24);
    const { display, feed } = await begun(terminal, { paint: coloured });
    for (const event of failingRun.slice(1)) feed(event);
    display.end();
    display.end();
    expect(terminal.all()).toEqual([
      "10:00:41Z  api     completed in 41.3s",
      "10:00:50Z  nginx   the rollout failed: ECS deployment circuit breaker: tasks failed to start. ECS",
      "  goes back to nginx:6",
      "10:01:00Z  nginx   3 tasks: The container nginx exited with code 1.",
      "10:01:02Z  nginx   failed, and was rolled back to nginx:6",
      "10:01:02Z  worker  not begun, since nginx failed",
    ]);
    expect(terminal.cursorShown).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  test("leaves the last picture where the result goes elsewhere", async () => {
    const terminal = new VirtualTerminal(80, 24);
    const { display, feed } = await begun(terminal, { keep: true });
    for (const event of failingRun.slice(1)) feed(event);
    display.end();
    expect(terminal.all().at(-1)).toMatch(/^worker {2}not begun/);
    expect(terminal.all().join("\n")).toContain("3 of 3 done");
  });

  test("goes on counting the time while nothing happens, and stops at the end", async () => {
    const terminal = new VirtualTerminal(80, 24);
    const { display, feed } = await begun(terminal);
    for (const event of failingRun.slice(1, 8)) feed(event);
    jest.advanceTimersByTime(60_000);
    expect(terminal.screen().join("\n")).toMatch(/done {2}1m \ds/);
    display.end();
    const before = terminal.all();
    jest.advanceTimersByTime(60_000);
    expect(terminal.all()).toEqual(before);
  });

  test("draws at most ten times a second, however many events come", async () => {
    const terminal = new VirtualTerminal(80, 24);
    const { display } = await begun(terminal);
    const write = jest.spyOn(terminal, "write");
    let view = emptyView;
    for (let index = 0; index < 1_000; index += 1) {
      const event = eventAt(index / 1_000, {
        type: "serviceEvent",
        service: "nginx",
        message: `event ${index}`,
      });
      view = withEvent(view, event);
      display.event(event, view);
      jest.advanceTimersByTime(1);
    }
    expect(write.mock.calls.length).toBeLessThanOrEqual(11);
    display.end();
  });

  test("makes room for what else is written into the terminal", async () => {
    const terminal = new VirtualTerminal(80, 24);
    const { display, feed } = await begun(terminal);
    for (const event of failingRun.slice(1, 8)) feed(event);
    display.beside?.(() => terminal.write("a log line\n"));
    expect(terminal.screen()[0]).toBe("a log line");
    expect(
      terminal
        .screen()
        .join("\n")
        .match(/of 3 done/g),
    ).toHaveLength(1);
    display.end();
    expect(terminal.all()).toEqual(["a log line"]);
  });

  test("is drawn anew after the terminal has become narrower", async () => {
    const terminal = new VirtualTerminal(100, 24);
    const { display, feed } = await begun(terminal);
    for (const event of failingRun.slice(1, 8)) feed(event);
    terminal.columns = 40;
    jest.advanceTimersByTime(1_100);
    expect(
      terminal
        .screen()
        .slice(-3)
        .every((line) => line.length <= 40),
    ).toBe(true);
    display.end();
  });

  test("is nothing but lines where it can't be drawn, or where the run ends before it could be", async () => {
    for (const load of [
      () => Promise.reject(new Error("no such chunk")),
      () => new Promise<never>(() => undefined),
    ]) {
      const terminal = new VirtualTerminal(80, 24);
      const display = liveView(terminal, { paint: plain, keep: false, load });
      let view = emptyView;
      for (const event of failingRun) {
        view = withEvent(view, event);
        display.event(event, view);
        await Promise.resolve();
      }
      display.end();
      expect(terminal.all()[0]).toBe("10:00:41Z  api     completed in 41.3s");
      expect(terminal.all().at(-1)).toBe("10:01:02Z  worker  not begun, since nginx failed");
    }
  });
});
