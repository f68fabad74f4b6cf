import { describe, expect, test } from "@jest/globals";

import { InvalidInputError } from "../../scripts/core/errors.ts";
import type { ServiceOutcome } from "../../scripts/core/events.ts";
import { createOutput } from "../../scripts/terminal/output.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { workflowCommand } from "../../scripts/terminal/workflow-commands.ts";
import { crashed, eventAt, failed, failingRun } from "../helpers/recorded-run.ts";
import { toldInActions } from "../helpers/told-in-actions.ts";

/** What the runner obeys: `::name …::` at the beginning of a line, or `##[name]` anywhere. */
function commandsIn(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => /^\s*::[^:]*::/.test(line) || line.includes("##["))
    .map((line) => /::?(\w[\w-]*)/.exec(line)?.[1] ?? line);
}

const evilLine = "::add-mask::x\n  ::stop-commands::y\r::error::z\n##[error]w";

describe("in GitHub Actions", () => {
  test("a failure is an error with its cause and what to do, what was not begun a warning, and the rest is not annotated", async () => {
    const { stdout, stderr } = await toldInActions(failingRun);
    const annotations = stderr.filter((line) => /^::(error|warning|notice)/.test(line));
    expect(annotations).toEqual([
      "::error title=nginx failed::nginx: Deployment ecs-svc/7 of nginx:7: ECS deployment circuit breaker: tasks failed to start." +
        "%0AIt was rolled back: cluster test runs nginx:6 again." +
        "%0A3 tasks: The container nginx exited with code 1. Read its last log lines and mend the program.",
      "::warning title=worker not begun::worker: Nothing was changed, since nginx failed.",
    ]);
    expect(stdout).toBe("done\n");
  });

  test("evidence is folded in the log", async () => {
    const { stderr } = await toldInActions(failingRun);
    const start = stderr.indexOf("::group::nginx: 3 tasks: The container nginx exited with code 1.");
    expect(stderr.slice(start + 1, start + 4)).toEqual([
      "| Essential container in task exited",
      "| log: cannot open /etc/app.conf",
      "::endgroup::",
    ]);
  });

  test("nothing that AWS or a container says is obeyed, on either stream", async () => {
    const evil = { ...crashed, cause: evilLine, remedy: evilLine, evidence: [evilLine] };
    const outcome: ServiceOutcome = { ...failed, reason: evilLine, diagnoses: [evil] };
    const { stdout, stderr } = await toldInActions(
      [
        eventAt(0, { type: "note", message: evilLine }),
        eventAt(0, { type: "serviceEvent", service: "nginx", message: evilLine }),
        eventAt(0, {
          type: "rollingBack",
          service: "nginx",
          reason: evilLine,
          revision: "nginx:6",
          by: "ECS",
        }),
        eventAt(0, { type: "warning", service: "nginx", message: evilLine }),
        eventAt(0, { type: "explained", service: "nginx", diagnoses: [evil] }),
        eventAt(0, { type: "ended", ...outcome }),
      ],
      { text: `${evilLine}\n` },
    );
    expect(commandsIn(stdout)).toEqual([]);
    expect(commandsIn(stderr.join("\n"))).toEqual(["warning", "group", "endgroup", "error"]);
  });

  test("warnings are told with --quiet as well, and progress is not", async () => {
    const { stderr } = await toldInActions(
      [...failingRun, eventAt(70, { type: "warning", message: "The lock is gone." })],
      {
        quiet: true,
      },
    );
    expect(stderr.map((line) => line.split(" ", 1)[0])).toEqual(["::error", "::warning", "::warning"]);
  });

  test("a hundred failures are ten annotations, the last of which names the rest", async () => {
    const events = Array.from({ length: 100 }, (_, index) =>
      eventAt(0, { type: "ended", ...failed, service: `service-${index}` }),
    );
    const annotations = (await toldInActions(events)).stderr.filter((line) => line.startsWith("::error"));
    expect(annotations).toHaveLength(10);
    expect(annotations.at(-1)).toMatch(/^::error title=Slipway::91 more: service-9, .*service-99\./);
  });

  test("mistakes in templates are annotations at their places", () => {
    const stderr: string[] = [];
    const plain = paintFor({}, false, {});
    const output = createOutput(
      { stdout: { write: () => true }, stderr: { write: (text: string) => stderr.push(text) } },
      { result: "text", quiet: false, verbose: false, actions: {} },
      { stdout: plain, stderr: plain },
    );
    const problem = {
      file: "templates/a,b.json",
      line: 3,
      column: 5,
      path: "$.x",
      message: "100% wrong.",
      hint: "Fix it.",
    };
    output.error(new InvalidInputError("The templates have a mistake:", [problem]));
    expect(stderr.join("")).toContain("error: The templates have a mistake:\n");
    expect(stderr.join("")).toContain(
      "::error file=templates/a%2Cb.json,line=3,col=5,title=Slipway::100%25 wrong. Fix it.\n",
    );
  });
});

describe("a workflow command", () => {
  test("escapes what would end its data or its properties", () => {
    expect(workflowCommand("error", "50%\r\na::b", { title: "a:b,c\n%" })).toBe(
      "::error title=a%3Ab%2Cc%0A%25::50%25%0D%0Aa::b",
    );
  });
});
