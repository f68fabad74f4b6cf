import type { Service } from "@aws-sdk/client-ecs";

import { leftovers } from "../core/delete/leftovers.ts";
import { AwsCallError, InterruptedError, RefusedError } from "../core/errors.ts";
import { exitCodeOf } from "../core/outcome-exit-code.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { deleteText, type DeleteReport } from "../terminal/delete-text.ts";
import { addressService, type ServiceAddress } from "./addresses.ts";
import { checkName, confirmName, personAtTerminal, type Person } from "./ask.ts";
import { takeLocks } from "./lock/lock.ts";
import { hostsOf } from "./staged/place.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { stageSettings } from "./strategy.ts";

/** Old tasks drain for minutes, so looks soon get rarer. */
const firstPauseMs = 2_000;
const longestPauseMs = 10_000;
const slowerBy = 1.3;

/**
 * `./deploy delete`: stops the tasks and deletes the service, once its name was typed again or given with `--confirm`.
 * One that is being deleted is waited for; for one that is gone nothing is to do. Where each deployment is a service
 * of its own, all of them go; where the cluster has a service of the very name as well, that one alone, unless
 * the live host was confirmed.
 *
 * @throws UsageError when the name is not confirmed; nothing was changed
 */
export async function deleteService(
  command: RunCommand,
  edge: RunEdge,
  person: Person | undefined = personAtTerminal(),
): Promise<CommandResult> {
  const { options, verb } = command;
  const context = await runContext(command, edge);
  const address = await addressService(command, context, edge.workingFolder);
  const { serviceName, cluster } = address;
  const settings = stageSettings(context.environment, address);
  const liveHost = settings && hostsOf(context.environment, { address, settings }).liveHost;
  const meansApplication = liveHost !== undefined && options.confirm === liveHost;
  if (options.confirm !== undefined && !meansApplication) checkName(options.confirm, serviceName);
  const service = await look(address, context);
  if (settings !== undefined) {
    if (meansApplication || service === undefined || service.status === "INACTIVE") {
      const { deleteApplication } = await import("./staged/delete-application.ts");
      const hasNamesake = service !== undefined;
      return deleteApplication({ address, settings }, { command, context, edge, person, hasNamesake });
    }
    context.emit({
      type: "warning",
      service: serviceName,
      message: `Cluster ${cluster} has a service ${serviceName} beside those of ${serviceName}'s deployments. That service alone is meant; the deployments stay as they are. To delete these instead, and the live traffic's way to them: --confirm ${liveHost ?? ""}`,
    });
  }
  const revision =
    service?.taskDefinition === undefined
      ? undefined
      : await context.ecs.describeTaskDefinition(service.taskDefinition);
  const { scalingOfService } = await import("./scaling/remove.ts");
  const scaling = await scalingOfService(address, context);
  const report = (outcome: DeleteReport["outcome"]): CommandResult => {
    const document: DeleteReport = {
      command: verb,
      service: serviceName,
      cluster,
      region: context.region,
      outcome,
      tasks: service?.runningCount ?? 0,
      leftBehind: service === undefined ? [] : leftovers(service, revision),
      ...(scaling === undefined ? {} : { autoscaled: scaling.range }),
    };
    return { exitCode: exitCodeOf([document]), document, text: (paint) => deleteText(document, paint) };
  };
  const group = await groupOf(service, address, context);
  if (service === undefined || service.status === "INACTIVE") {
    if (!options.dryRun) {
      await group?.remove();
      await scaling?.remove();
    }
    return report("nothingToDo");
  }
  if (options.dryRun) return report("planned");
  if (service.status === "ACTIVE") {
    if (options.confirm === undefined && !(await confirm(service, address, context, person))) {
      throw new InterruptedError(`The name was not typed, so service ${serviceName} was left alone.`);
    }
    const held = await takeLocks([lockable(address, verb)], command, context, edge);
    try {
      if (held.lost.aborted) throw new RefusedError(`Another run has taken over the lock of ${serviceName}.`);
      const { ecsServicesPort } = await import("../aws/ecs-services.ts");
      await context.connect(ecsServicesPort).delete(cluster, serviceName);
      context.emit({
        type: "note",
        message: `service ${serviceName} in cluster ${cluster} is being deleted`,
      });
      await group?.remove();
      await scaling?.remove();
      return report(options.wait ? await waitUntilGone(address, command, context, edge) : "started");
    } finally {
      await held.release();
    }
  }
  await group?.remove();
  await scaling?.remove();
  return report(options.wait ? await waitUntilGone(address, command, context, edge) : "started");
}

/** The deployment group that goes with a service under CODE_DEPLOY. */
async function groupOf(
  service: Service | undefined,
  address: ServiceAddress,
  context: RunContext,
): Promise<{ readonly remove: () => Promise<void> } | undefined> {
  if (service?.deploymentController?.type !== "CODE_DEPLOY") return undefined;
  const { groupOfService } = await import("./code-deploy/delete-group.ts");
  return groupOfService(address, context);
}

function lockable({ serviceName, cluster }: ServiceAddress, verb: string) {
  return { serviceName, cluster, purpose: `${verb} ${serviceName}` };
}

async function look(
  { serviceName, cluster }: ServiceAddress,
  { ecs }: RunContext,
): Promise<Service | undefined> {
  return (await ecs.describeServices(cluster, [serviceName]))[0];
}

/** @returns whether it was confirmed; false where the question was left */
function confirm(
  { runningCount = 0 }: Service,
  { serviceName, cluster }: ServiceAddress,
  { environment, region }: RunContext,
  person: Person | undefined,
): Promise<boolean> {
  return confirmName(
    serviceName,
    `Service ${serviceName} in cluster ${cluster} (environment ${environment.name}, ${region}) runs ${runningCount} ${runningCount === 1 ? "task" : "tasks"}. They are stopped and the service is deleted.\nType its name to go on: `,
    person,
  );
}

async function waitUntilGone(
  address: ServiceAddress,
  { options }: RunCommand,
  context: RunContext,
  { clock, signal }: RunEdge,
): Promise<DeleteReport["outcome"]> {
  const began = clock.now();
  let pause = firstPauseMs;
  let told = -1;
  for (;;) {
    let service: Service | undefined;
    try {
      service = await look(address, context);
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const message = `${error.message}\nService ${address.serviceName} is being deleted, and that goes on.`;
      throw new AwsCallError(error.code, message, { cause: error });
    }
    if (service === undefined || service.status === "INACTIVE") return "deleted";
    const { runningCount = 0, pendingCount = 0 } = service;
    if (told !== runningCount) {
      const starting = pendingCount === 0 ? "" : `, ${pendingCount} starting`;
      context.emit({
        type: "note",
        message: `${runningCount} running${starting}, service ${service.status ?? ""}`,
      });
      told = runningCount;
      pause = firstPauseMs;
    }
    if (signal.aborted) return "interrupted";
    const left = options.timeoutMs - (clock.now() - began);
    if (left <= 0) return "timedOut";
    await clock.sleep(Math.min(pause, left), signal);
    pause = Math.min(longestPauseMs, pause * slowerBy);
  }
}
