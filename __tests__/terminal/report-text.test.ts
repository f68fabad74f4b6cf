import { describe, expect, test } from "@jest/globals";

import type { ServiceOutcome } from "../../scripts/core/events.ts";
import { foreignInvocation, type Invocation } from "../../scripts/core/invocation.ts";
import type { RunReport } from "../../scripts/core/report.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { reportResult, reportText } from "../../scripts/terminal/report-text.ts";
import { completed, failed, reportOf } from "../helpers/recorded-run.ts";

const plain = paintFor({}, false, {});
const invocation: Invocation = {
  where: ["--env", "prod", "--templates", "my templates"],
  how: ["--suspend-autoscaling"],
  image: "nginx:1.27",
  timeoutMs: 900_000,
  names: { nginx: "web" },
};

function text(services: readonly ServiceOutcome[], changes: Partial<RunReport> = {}): string {
  return reportText(reportOf(services, changes), plain);
}

const base = { service: "nginx", cluster: "test", revision: "nginx:7" };

describe("the report of one service", () => {
  test("tells a failure with its reason, what runs now, why the tasks died and how to go on", () => {
    expect(text([failed])).toBe(
      `nginx: failed. Deployment ecs-svc/7 of nginx:7: ECS deployment circuit breaker: tasks failed to start.
  It was rolled back: cluster test runs nginx:6 again.
  Why: 3 tasks: The container nginx exited with code 1.
  To do: Read its last log lines and mend the program.
    | Essential container in task exited
    | log: cannot open /etc/app.conf
Next:
    read the log:       ./deploy logs nginx
    when it is mended:  ./deploy update nginx
`,
    );
  });

  test("says plainly that nothing was put back when nothing was, and how to do it by hand", () => {
    const { rolledBackTo: _, ...stuck } = failed;
    expect(text([stuck])).toContain("Nothing was rolled back: the service still points at nginx:7.");
    expect(text([stuck])).toMatch(/go back by hand: +\.\/deploy rollback nginx\n/);
  });

  test("has nothing to go back to after a failed creation, and goes on with an update", () => {
    const { rolledBackTo: _, ...stuck } = failed;
    const created = text([stuck], { command: "create", invocation });
    expect(created).not.toContain("rollback");
    expect(created).toContain("CONTAINER_VERSION=<image> ./deploy update web ");
  });

  test("says why a rollback of ours did not come about", () => {
    const { rolledBackTo: _, ...stuck } = failed;
    const shown = text([{ ...stuck, rollbackProblem: "nginx:6 is INACTIVE" }]);
    expect(shown).toContain("The rollback had a problem: nginx:6 is INACTIVE.");
    expect(shown).toContain("still points at nginx:7");
  });

  test.each<[ServiceOutcome, string, string | undefined]>([
    [
      completed,
      "api: completed. Cluster test runs api:3 (api:1.4). Deployment ecs-svc/3 took 41.3s.",
      undefined,
    ],
    [
      { ...base, outcome: "nothingToDo" },
      "nginx: nothing to do. Cluster test already runs nginx:7.",
      undefined,
    ],
    [
      { ...base, outcome: "started", deploymentId: "ecs-svc/7" },
      "nginx: started. Deployment ecs-svc/7 brings nginx:7 to cluster test; it was not waited for.",
      "take it up again:  ./deploy update nginx",
    ],
    [
      { ...base, outcome: "timedOut", deploymentId: "ecs-svc/7", seconds: 600 },
      "nginx: timed out. Waited for 10m. Deployment ecs-svc/7 of nginx:7 goes on.",
      "wait on:            ./deploy update nginx --timeout 20m",
    ],
    [
      { ...base, outcome: "interrupted", deploymentId: "ecs-svc/7" },
      "nginx: interrupted. Deployment ecs-svc/7 of nginx:7 goes on without us.",
      "take it up again:  ./deploy update nginx",
    ],
    [
      { ...base, outcome: "interrupted" },
      "nginx: interrupted. No rollout was started.",
      "take it up again:  ./deploy update nginx",
    ],
    [
      { ...base, outcome: "superseded", deploymentId: "ecs-svc/7", by: "ecs-svc/8", byRevision: "nginx:8" },
      "nginx: superseded. Deployment ecs-svc/7 of this run was replaced by ecs-svc/8 (nginx:8), which somebody else started.",
      "see how it stands:  ./deploy status nginx",
    ],
    [
      { ...base, outcome: "gone", deploymentId: "ecs-svc/7", status: "INACTIVE" },
      "nginx: gone. The service is INACTIVE in cluster test: it was deleted while deployment ecs-svc/7 rolled out.",
      "create it anew:  ./deploy create nginx",
    ],
    [
      {
        ...base,
        outcome: "putBack",
        deploymentId: "ecs-svc/7",
        rolledBackTo: "nginx:6",
        because: "api failed",
      },
      "nginx: put back. It had completed, and was put back to nginx:6, since api failed.",
      "when it is mended:  ./deploy update nginx",
    ],
    [
      {
        ...base,
        outcome: "putBack",
        deploymentId: "ecs-svc/7",
        because: "api failed",
        problem: "It is gone.",
      },
      "nginx: put back. It had completed, and had to be put back, since api failed.\n  Putting it back did not come about: It is gone.",
      "go back by hand:    ./deploy rollback nginx",
    ],
    [
      { ...base, outcome: "skipped", because: "api failed" },
      "nginx: not begun. Nothing was changed, since api failed.",
      "after that:  ./deploy update nginx",
    ],
    [
      { ...base, outcome: "stopped", reason: "AccessDenied", changed: ["revision nginx:7 was registered"] },
      "nginx: stopped. AccessDenied.\n  Changed before that: revision nginx:7 was registered.",
      "try again:  ./deploy update nginx",
    ],
  ])("tells of %j", (outcome, told, next) => {
    const lines = text([outcome]);
    expect(lines.startsWith(`${told}\n`)).toBe(true);
    if (next === undefined) expect(lines).toBe(`${told}\n`);
    else expect(lines).toContain(`    ${next}\n`);
  });

  test("keeps a log line from drawing on the terminal or forging a line of the report", () => {
    const evil = { ...failed, reason: "a\u001B[2Jb", service: "x\nnginx: completed." };
    expect(text([evil])).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text([evil])).not.toMatch(/^nginx: completed/m);
  });
});

describe("the next command", () => {
  const timedOut: ServiceOutcome = { ...base, outcome: "timedOut", deploymentId: "ecs-svc/7", seconds: 900 };

  test("is called as this one was, with the template's name and quotes where a shell needs them", () => {
    const shown = text([timedOut], { invocation });
    expect(shown).toContain(
      "CONTAINER_VERSION=nginx:1.27 ./deploy update web --env prod --templates 'my templates' --suspend-autoscaling --timeout 30m\n",
    );
    expect(shown).toContain("./deploy status web --env prod --templates 'my templates'\n");
  });

  test("of a restart that was not seen to its end is to look, since another one would start anew", () => {
    const started: ServiceOutcome = { ...base, outcome: "started", deploymentId: "ecs-svc/7" };
    for (const outcome of [timedOut, started]) {
      expect(text([outcome], { command: "restart" }).split("Next:\n")[1]).toBe(
        "    see how it stands:  ./deploy status nginx\n",
      );
    }
  });

  test("after a run in ecs-deploy's form says where, and never repeats what may have held keys", () => {
    const where = { environment: undefined, cluster: "prod", region: "eu-west-1", profile: undefined };
    const foreign = foreignInvocation(where);
    expect(text([timedOut], { invocation: foreign }).split("Next:\n")[1]).toBe(
      "    see how it stands:  ./deploy status nginx --cluster prod --region eu-west-1\n",
    );
    expect(text([failed], { invocation: foreign }).split("Next:\n")[1]).toBe(
      "    read the log:  ./deploy logs nginx --cluster prod --region eu-west-1\n",
    );
  });

  test("names all services that it fits at once", () => {
    const other = { ...timedOut, service: "api" };
    expect(text([timedOut, other])).toMatch(/wait on: +\.\/deploy update nginx api --timeout 20m\n/);
  });
});

test("the report as a document does not hold how the run was called", () => {
  const { document } = reportResult(reportOf([failed], { invocation }));
  expect(document).toEqual(reportOf([failed]));
});

describe("the report of a fleet", () => {
  test("sums up what became of all, worst first", () => {
    const skipped: ServiceOutcome = {
      service: "worker",
      cluster: "test",
      outcome: "skipped",
      because: "nginx failed",
    };
    const services = [completed, failed, { ...completed, service: "web" }, skipped];
    expect(text(services)).toContain("update in test, 4 services: 1 failed, 1 not begun, 2 completed.\n");
  });
});
