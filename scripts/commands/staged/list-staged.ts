import { RefusedError } from "../../core/errors.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import type { StageSettings } from "../strategy.ts";
export function listStaged(
  { address }: { readonly address: ServiceAddress; readonly settings: StageSettings },
  _command: RunCommand,
  _context: RunContext,
  _edge: RunEdge,
): Promise<CommandResult> {
  throw new RefusedError(`listStaged of ${address.serviceName} is not there yet.`);
}
