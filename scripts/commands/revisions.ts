import type { Service } from "@aws-sdk/client-ecs";

import { AwsCallError, RefusedError } from "../core/errors.ts";
import { revisionsOf } from "../core/logs/places.ts";
import { exitCode } from "../core/exit-code.ts";
import { deploymentsByRevision, listedRevisions, type DeployedRevision } from "../core/revisions/list.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { revisionsText, type RevisionsReport } from "../terminal/revisions-text.ts";
import { addressService, type ServiceAddress } from "./addresses.ts";
import { keepRevisions } from "./keep-revisions.ts";
import { familyOf, revisionsInUse, type RevisionsInUse } from "./facts/revisions-in-use.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { stageSettings } from "./strategy.ts";

/** Each revision is described by a call of its own; older ones are only counted. */
const mostListed = 30;

/** As many deployments are looked back on. */
const lookBack = 100;

/**
 * `./deploy revisions`: the family's revisions, which of them run, and how their deployments ended. With
 * `--keep-revisions` it deregisters all but the newest, and never one in use.
 *
 * @throws RefusedError when no family is known
 */
export async function revisions(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const address = await addressService(command, context, edge.workingFolder);
  const { keepRevisions: keep } = command.options;
  const settings = stageSettings(context.environment, address);
  if (settings !== undefined) {
    const { stagedRevisionsInUse } = await import("./staged/revisions-in-use.ts");
    const { family, ...inUse } = await stagedRevisionsInUse({ address, settings }, context);
    if (keep !== undefined) {
      const inUseNow = () => stagedRevisionsInUse({ address, settings }, context);
      return keepRevisions({ ...address, family, keep, inUse: inUseNow }, command, context, edge);
    }
    const goesBackTo = new Set(inUse.rollbackTargets.values());
    const listed = await list(family, address, undefined, inUse.usedBy, goesBackTo, command, context);
    return {
      ...listed,
      text: (paint, columns) => revisionsText(listed.document, paint, columns, "not in use"),
    };
  }
  const [service] = await context.ecs.describeServices(address.cluster, [address.serviceName]);
  const family = address.family ?? (service?.taskDefinition && familyOf(service.taskDefinition));
  if (family === undefined) {
    throw new RefusedError(
      `Service ${address.serviceName} does not exist in cluster ${address.cluster}, and no template of that name tells its task definition's family.`,
    );
  }
  const inUseNow = (): Promise<RevisionsInUse> => revisionsInUse(address.cluster, family, context);
  if (keep !== undefined) {
    const isOfOtherFamily =
      service !== undefined && revisionsOf(service).some((arn) => familyOf(arn) !== family);
    return keepRevisions(
      { ...address, family, keep, inUse: inUseNow, isOfOtherFamily },
      command,
      context,
      edge,
    );
  }
  const inUse = await inUseNow();
  const goesBackTo = inUse.rollbackTargets.get(address.serviceName);
  return list(
    family,
    address,
    service,
    inUse.usedBy,
    new Set(goesBackTo === undefined ? [] : [goesBackTo]),
    command,
    context,
  );
}

async function list(
  family: string,
  { serviceName, cluster }: ServiceAddress,
  service: Service | undefined,
  usedBy: RevisionsInUse["usedBy"],
  rollbackTargets: ReadonlySet<string>,
  { verb }: RunCommand,
  context: RunContext,
): Promise<CommandResult & { readonly document: RevisionsReport }> {
  const { taskDefinitionsPort } = await import("../aws/task-definitions.ts");
  const port = context.connect(taskDefinitionsPort);
  const active = await port.active(family);
  // What runs may have been deregistered, and is listed all the same.
  const special = [...usedBy.keys(), ...rollbackTargets];
  const shown = [...new Set([...active.slice(0, mostListed), ...special])].sort(
    (left, right) => numberOf(right) - numberOf(left),
  );
  const deployed = await howTheyEnded(serviceName, cluster, service, context);
  const document: RevisionsReport = {
    command: verb,
    service: serviceName,
    cluster,
    family,
    revisions: listedRevisions(await port.describe(shown), usedBy, rollbackTargets, deployed),
    older: active.filter((arn) => !shown.includes(arn)).length,
  };
  return {
    exitCode: exitCode.completed,
    document,
    text: (paint, columns) => revisionsText(document, paint, columns),
  };
}

async function howTheyEnded(
  serviceName: string,
  cluster: string,
  service: Service | undefined,
  { connect, emit }: RunContext,
): Promise<ReadonlyMap<string, DeployedRevision>> {
  if (service === undefined || (service.deploymentController?.type ?? "ECS") !== "ECS") return new Map();
  const { serviceDeploymentsPort } = await import("../aws/service-deployments.ts");
  const port = connect(serviceDeploymentsPort);
  try {
    const deployments = await port.list(cluster, serviceName, { limit: lookBack });
    const arns = deployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []);
    return deploymentsByRevision(deployments, await port.revisions([...new Set(arns)]));
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    emit({ type: "warning", message: `How deployments ended could not be read. ${error.message}` });
    return new Map();
  }
}

function numberOf(arn: string): number {
  return Number(arn.slice(arn.lastIndexOf(":") + 1));
}
