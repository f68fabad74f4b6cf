import { refuseRestartOptions } from "../core/deployment/restart-options.ts";
import { planRestart } from "../core/deployment/simple-plans.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { addressJob } from "./rollout/address-job.ts";
import { addressServices } from "./addresses.ts";
import { carryOut } from "./rollout/carry-out.ts";
import type { ObservedService } from "./rollout/observe.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { deployerOf } from "./strategy.ts";

/** `./deploy restart`: new tasks of the revision that runs, by the service's own rules of a rollout. */
export async function restart(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const addresses = await addressServices(command, context, edge.workingFolder);
  const jobs = addresses.map((address) => ({
    ...addressJob(address, command, context, edge),
    plan: async (observed: ObservedService) => {
      const { service } = observed;
      if (service !== undefined) refuseRestartOptions(service, command.options);
      if (service?.status !== "ACTIVE" || deployerOf(service) !== "codeDeploy") {
        return planRestart(observed, address);
      }
      const { planCodeDeployRestart } = await import("./code-deploy/plan-verbs.ts");
      return planCodeDeployRestart(service, address, context);
    },
  }));
  return carryOut(jobs, command, context, edge);
}
