import { RefusedError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { invocationOf } from "../core/invocation.ts";
import { shellWord } from "../core/shell-word.ts";
import { assembleStatus } from "../core/status/assemble.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { statusText } from "../terminal/status-text.ts";
import { addressServices, lookUp, missingText } from "./addresses.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { gatherFacts } from "./facts/status-facts.ts";

/**
 * `./deploy status`: what runs, since when and by which deployment; tasks, targets, events, autoscaling, lock. It
 * changes nothing, and exits with 0 however the services fare; with 4 when one of several does not exist.
 *
 * @throws RefusedError when none of the services exists
 */
export async function status(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const { found, missing } = await lookUp(addresses, context);
  if (missing.length > 0) {
    const message = missingText(missing);
    if (found.length === 0) throw new RefusedError(message);
    context.emit({ type: "warning", message });
  }
  const facts = await gatherFacts(found, context);
  const { where } = invocationOf(command.verb, command.options, undefined);
  const statuses = facts.map((one, index) => {
    const name = found[index]?.name ?? "";
    return assembleStatus(one, (verb) => ["./deploy", verb, ...[name, ...where].map(shellWord)].join(" "));
  });
  const { environment, region } = context;
  const now = edge.wallClock.now();
  return {
    exitCode: missing.length > 0 ? exitCode.refused : exitCode.completed,
    document: { command: command.verb, environment: environment.name, region, services: statuses, missing },
    text: (paint, columns) =>
      statuses.map((one) => statusText(one, { region, now, paint, columns })).join("\n"),
  };
}
