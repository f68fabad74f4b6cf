import { RefusedError } from "../core/errors.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { addressService } from "./addresses.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { existingService } from "./existing-service.ts";
import { deployerOf, stageSettings } from "./strategy.ts";

/**
 * `./deploy activate`: gives the live traffic to what was staged; with CodeDeploy, and with ECS's own strategies,
 * approves the deployment that waits for it.
 *
 * @throws RefusedError when there is nothing to activate
 */
export async function activate(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const address = await addressService(command, context, edge.workingFolder);
  const settings = stageSettings(context.environment, address);
  if (settings !== undefined) {
    const { activateStaged } = await import("./staged/activate.ts");
    return activateStaged({ address, settings }, command, context, edge);
  }
  const service = await existingService(address, context);
  switch (deployerOf(service)) {
    case "codeDeploy": {
      const { approve } = await import("./code-deploy/approve.ts");
      return approve({ address, service }, command, context, edge);
    }
    case "ecs": {
      const { continuePaused } = await import("./native/continue-paused.ts");
      return continuePaused({ address, service }, command, context, edge);
    }
    case "rolling":
    case "external":
      throw new RefusedError(
        `Service ${address.serviceName} has rolling deployments, which nothing is to be activated of. docs/strategies.md tells of those that have.`,
      );
  }
}
