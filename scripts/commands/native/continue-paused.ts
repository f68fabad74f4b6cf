import type { Service } from "@aws-sdk/client-ecs";

import type { DeployOptions } from "../../core/command-line/parse.ts";
import { UsageError } from "../../core/errors.ts";
import { planContinue } from "../../core/native/plans.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { ServiceAddress } from "../addresses.ts";
import { addressJob } from "../rollout/address-job.ts";
import { carryOut } from "../rollout/carry-out.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { deploymentsPort, openDeployment } from "./find-deployment.ts";

/**
 * `./deploy activate` where ECS shifts the traffic: lets a deployment go on that waits at a pause, and watches it to
 * its end. It takes no lock: the run that waits for the approval may hold it, and what is answered is one pause of one
 * deployment.
 *
 * @throws UsageError for options of other strategies; RefusedError when there is nothing to approve
 */
export async function continuePaused(
  { address }: { readonly address: ServiceAddress; readonly service: Service },
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  refuseOtherOptions(address.serviceName, command.options);
  const { cluster, serviceName } = address;
  const deployments = await deploymentsPort(context);
  const open = await openDeployment(cluster, serviceName, deployments);
  const [newest] = open === undefined ? await deployments.list(cluster, serviceName, { limit: 1 }) : [];
  const { family: _, ...common } = addressJob(address, command, context, edge);
  const job = {
    ...common,
    withoutLock: true as const,
    plan: (observed: Parameters<typeof planContinue>[0]) => planContinue(observed, address, open, newest),
  };
  return carryOut([job], command, context, edge);
}

function refuseOtherOptions(service: string, options: DeployOptions): void {
  const staged: readonly (readonly [string, boolean])[] = [
    ["--id", options.id !== undefined],
    ["--canary", options.canaryPercent !== undefined],
    ["--linear", options.linearPercent !== undefined],
    ["--alarm", options.alarms.length > 0],
    ["--force", options.force],
  ];
  const [given] = staged.flatMap(([name, isGiven]) => (isGiven ? [name] : []));
  if (given !== undefined) {
    throw new UsageError(
      `${given} is for services with a service for each deployment (./deploy stage). How the traffic of service ${service} moves is said by deploymentConfiguration in its service.json; activate only lets a deployment go on that waits for approval.`,
    );
  }
  if (options.waitForLock) {
    throw new UsageError(
      `--wait-for-lock is for runs that lock the service. Approving a deployment of service ${service} takes no lock; leave it out.`,
    );
  }
}
