import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { ServiceOutcome } from "../../scripts/core/events.ts";
import { stepSummary } from "../../scripts/terminal/step-summary.ts";
import { completed, crashed, eventAt, failed, failingRun, viewOf } from "../helpers/recorded-run.ts";
import { toldInActions } from "../helpers/told-in-actions.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "slipway-summary-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the step summary", () => {
  test("tells each service with its result, then each failure with cause, remedy and evidence", async () => {
    const { summary } = await toldInActions(failingRun);
    expect(summary).toBe(`### update in test: 1 failed, 1 not begun, 1 completed

| Service | Result | Runs now | Image | Time |
|---|---|---|---|---|
| nginx | ❌ failed | <code>nginx:6</code> |  | 1m 1s |
| api | ✅ completed | <code>api:3</code> | <code>api:1.4</code> | 39s |
| worker | ⚠️ not begun |  |  |  |

#### nginx: failed

Deployment ecs-svc/7 of nginx:7: ECS deployment circuit breaker: tasks failed to start.

It was rolled back: cluster test runs nginx:6 again.

**Why:** 3 tasks: The container nginx exited with code 1.

**To do:** Read its last log lines and mend the program.

\`\`\`text
Essential container in task exited
log: cannot open /etc/app.conf
\`\`\`

#### worker: not begun

Nothing was changed, since nginx failed.
`);
  });

  test("tells services of one name in several clusters apart", async () => {
    const services = ["test", "other"].map((cluster) => ({ service: "nginx", cluster }));
    const started = { type: "runStarted" as const, command: "update", environment: "test", region: "r" };
    const { summary } = await toldInActions([
      eventAt(0, { ...started, services }),
      eventAt(1, { type: "ended", ...failed }),
      eventAt(2, { type: "ended", ...completed, service: "nginx", cluster: "other" }),
    ]);
    expect(summary).toContain("1 failed, 1 completed");
    expect(summary).toMatch(/^\| nginx \| ❌ failed .*\n\| other\/nginx \| ✅ completed /m);
  });

  test("is appended to what the step has written before", async () => {
    const summaryFile = path.join(folder, "appended.md");
    writeFileSync(summaryFile, "# Build\n\n");
    const { summary } = await toldInActions(failingRun, { summaryFile });
    expect(summary).toMatch(/^# Build\n\n### update in test/);
  });

  test("is left alone by a run that ended before it was about a service", async () => {
    expect((await toldInActions([eventAt(0, { type: "note", message: "x" })])).summary).toBe("");
  });

  test("that can't be written is a warning, and the result is printed all the same", async () => {
    const { stdout, stderr } = await toldInActions(failingRun, { summaryFile: folder });
    expect(stderr.at(-1)).toMatch(
      /^::warning title=Slipway::The step summary could not be written: .*EISDIR/,
    );
    expect(stdout).toBe("done\n");
  });

  test("is left out, with a warning, where an earlier command of the step took all the room", async () => {
    const summaryFile = path.join(folder, "full.md");
    writeFileSync(summaryFile, "x".repeat(1024 * 1024));
    const { stderr, summary } = await toldInActions(failingRun, { summaryFile });
    expect(stderr.at(-1)).toContain("has no room left");
    expect(summary).toHaveLength(1024 * 1024);
  });

  test("keeps log lines inside their block, whatever they hold", () => {
    const evidence = ["```", "`````` <img src=x>", "# title", "| a | b |"];
    const outcome: ServiceOutcome = { ...failed, diagnoses: [{ ...crashed, evidence }] };
    const summary = stepSummary(viewOf([eventAt(0, { type: "ended", ...outcome })]), 10_000);
    const [, fence = "", inside = ""] = /^(`{3,})text\n([\s\S]*?)\n\1$/m.exec(summary) ?? [];
    expect(fence).toBe("```````");
    expect(inside.split("\n")).toEqual(evidence);
  });

  test("keeps names and messages from being Markdown, HTML or a cell of their own", () => {
    const evil = "a|b <script> [x](y) `c` *d*\nnext";
    const summary = stepSummary(
      viewOf([eventAt(0, { type: "ended", ...completed, service: evil, images: [evil], revision: evil })]),
      10_000,
    );
    const row = summary.split("\n")[4] ?? "";
    expect(row.match(/\|/g)).toHaveLength(6);
    expect(row).not.toMatch(/<script|\[x\]|`|\*/);
  });

  test("of a thousand failures stays within its bytes and counts what it leaves out", () => {
    const evidence = ["ä".repeat(2_000)];
    const events = Array.from({ length: 1_000 }, (_, index) =>
      eventAt(0, {
        type: "ended",
        ...failed,
        service: `service-${index}`,
        diagnoses: [{ ...crashed, evidence }],
      }),
    );
    const summary = stepSummary(viewOf(events), 1024 * 1024);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(1_000_000);
    expect(summary).toMatch(/_\d+ more failures found no room here; the log tells all of them\._\n$/);
    expect(summary).toContain("| service-999 |");

    const tiny = stepSummary(viewOf(events), 2_000);
    expect(Buffer.byteLength(tiny)).toBeLessThanOrEqual(2_000);
    expect(tiny).toMatch(/_\d+ more services found no room/);
  });
});
