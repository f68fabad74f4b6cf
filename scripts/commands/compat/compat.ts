import type { CompatCommand } from "../../core/compat/command.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { asRunCommand } from "./as-run-command.ts";
import { compatContext } from "./context.ts";
import { deployInCompat } from "./service.ts";
import { registerInCompat } from "./task-definition.ts";
import type { RunEdge } from "../run-context.ts";

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
