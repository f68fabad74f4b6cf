import type { CompatCommand } from "../../core/compat/command.ts";
import { parseCommandLine } from "../../core/command-line/parse.ts";
import type { RunCommand } from "../run-context.ts";

/** The options of ecs-deploy's form in the form that the rest of the program reads. */
export function asRunCommand(command: CompatCommand): RunCommand {
  const { work, account } = command;
  const defaults = parseCommandLine([work.kind === "restart" ? "restart" : "update"]);
  if (defaults.kind !== "run") throw new Error("a verb is a run");
  return {
    ...defaults,
    services: "service" in work ? [work.service] : [],
    options: {
      ...defaults.options,
      ...("cluster" in work ? { cluster: work.cluster } : {}),
      ...(account.region === undefined ? {} : { region: account.region }),
      ...(account.profile === undefined ? {} : { profile: account.profile }),
      timeoutMs: longestMs(command),
      dryRun: command.dryRun,
      force: command.force,
      waitForLock: command.waitForLock,
      rollback: "rollback" in work && work.rollback,
      ...(work.kind === "deploy" && work.keepRevisions !== undefined
        ? { keepRevisions: work.keepRevisions }
        : {}),
    },
  };
}

/** ecs-deploy counts its seconds for the new tasks to run, and again for the old ones to be gone. */
function longestMs({ work, timeoutMs }: CompatCommand): number {
  return work.kind === "deploy" && work.waitForOldTasks ? 2 * timeoutMs : timeoutMs;
}
