import { RefusedError } from "../../core/errors.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { RunCommand, RunEdge } from "../run-context.ts";

export function stage(command: RunCommand, _edge: RunEdge): Promise<CommandResult> {
  throw new RefusedError(`${command.verb} is not there yet.`);
}
