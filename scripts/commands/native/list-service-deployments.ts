import type { Service } from "@aws-sdk/client-ecs";

import { exitCode } from "../../core/exit-code.ts";
import { listDeployments } from "../../core/native/list.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { serviceDeploymentsText } from "../../terminal/service-deployments-text.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { deploymentsPort } from "./find-deployment.ts";

/** What one page of ECS's record holds. */
const most = 20;

/**
 * `./deploy deployments` of a service that ECS itself deploys, rolling or with a shift of traffic: what ECS remembers,
 * newest first.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
 */
export async function listServiceDeployments(
  { address }: { readonly address: ServiceAddress; readonly service: Service },
  { verb }: RunCommand,
  context: RunContext,
  _edge: RunEdge,
): Promise<CommandResult> {
  const { cluster, serviceName } = address;
  const port = await deploymentsPort(context);
  const briefs = await port.list(cluster, serviceName, { limit: most });
  const found = await port.describe(briefs.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []));
  const targets = found.flatMap(({ targetServiceRevision }) => targetServiceRevision?.arn ?? []);
  const listed = listDeployments(found, await port.revisions([...new Set(targets)]));
  const { environment, region } = context;
  return {
    exitCode: exitCode.completed,
    document: {
      command: verb,
      environment: environment.name,
      region,
      service: serviceName,
      cluster,
      deployments: listed,
    },
    text: (paint, columns) => serviceDeploymentsText(serviceName, listed, paint, columns),
  };
}
