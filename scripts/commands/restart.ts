import { planRestart } from "../core/deployment/simple-plans.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { addressJob } from "./rollout/address-job.ts";
import { addressServices } from "./addresses.ts";
import { carryOut } from "./rollout/carry-out.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";

/** `./deploy restart`: new tasks of the revision that runs, by the service's own rules of a rollout. */
export async function restart(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const jobs = addresses.map((address) => ({
    ...addressJob(address, command, context, edge),
    plan: (observed: Parameters<typeof planRestart>[0]) => planRestart(observed, address),
  }));
  return carryOut(jobs, command, context, edge);
}
