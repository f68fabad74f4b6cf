import type { CommandResult } from "../terminal/command-result.ts";
import { addressService } from "./addresses.ts";
import { existingService } from "./existing-service.ts";
import { runContext, type RunCommand, type RunEdge } from "./run-context.ts";
import { deployerOf, stageSettings } from "./strategy.ts";

/** `./deploy deployments`: a service's deployments, as AWS alone tells of them. */
export async function deployments(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const address = await addressService(command, context, edge.workingFolder);
  const settings = stageSettings(context.environment, address);
  if (settings !== undefined) {
    const { listStaged } = await import("./staged/list-staged.ts");
    return listStaged({ address, settings }, command, context, edge);
  }
  const service = await existingService(address, context);
  if (deployerOf(service) === "codeDeploy") {
    const { listCodeDeploy } = await import("./code-deploy/list-code-deploy.ts");
    return listCodeDeploy({ address, service }, command, context, edge);
  }
  const { listServiceDeployments } = await import("./native/list-service-deployments.ts");
  return listServiceDeployments({ address, service }, command, context, edge);
}
