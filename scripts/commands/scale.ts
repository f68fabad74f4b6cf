import { planScale } from "../core/deployment/simple-plans.ts";
import { UsageError } from "../core/errors.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { addressJob } from "./rollout/address-job.ts";
import { addressServices } from "./addresses.ts";
import { carryOut } from "./rollout/carry-out.ts";
import type { Job } from "./rollout/job.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";

/**
 * `./deploy scale --count <n>`: sets how many tasks run, and waits until so many do.
 *
 * @throws UsageError without a count
 */
export async function scale(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const { count, force } = command.options;
  if (count === undefined) {
    throw new UsageError(
      "./deploy scale needs to know how many tasks: --count <number>. See ./deploy scale --help.",
    );
  }
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const jobs = addresses.map((address): Job => ({
    ...addressJob(address, command, context, edge),
    purpose: `scale ${address.serviceName} to ${count}`,
    plan: (observed) => planScale(observed, address, count, force),
  }));
  return carryOut(jobs, command, context, edge);
}
