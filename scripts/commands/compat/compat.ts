import type { CompatCommand } from "../../core/compat/command.ts";
import { parseCommandLine } from "../../core/command-line/parse.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { compatContext } from "./context.ts";
import { deployInCompat } from "./service.ts";
import { registerInCompat } from "./task-definition.ts";
import type { RunCommand, RunEdge } from "../run-context.ts";

/**
 * `./deploy -c <cluster> -n <service> -i <image>`: ecs-deploy's command line, with its meaning, carried out as every
 * other deployment: planned, locked, watched by its own id.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError before the first write
 */
export async function compat(command: CompatCommand, edge: RunEdge): Promise<CommandResult> {
  const { work, account, warnings } = command;
  const { context, next } = await compatContext(account, "cluster" in work ? work.cluster : "default", edge);
  for (const message of warnings) context.emit({ type: "warning", message });
  const run = { command: asRunCommand(command), context, next, edge };
  switch (work.kind) {
    case "deploy":
    case "restart":
      return deployInCompat({ work, ...run });
    case "register":
    case "runTask":
      return registerInCompat({ work, ...run });
  }
}

function asRunCommand(command: CompatCommand): RunCommand {
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
      timeoutMs: command.timeoutMs,
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
