import type { Service } from "@aws-sdk/client-ecs";

import { RefusedError } from "../../core/errors.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";

export function approve(
  { address }: { readonly address: ServiceAddress; readonly service: Service },
  _command: RunCommand,
  _context: RunContext,
  _edge: RunEdge,
): Promise<CommandResult> {
  throw new RefusedError(`approve of ${address.serviceName} is not there yet.`);
}
