import type { Service } from "@aws-sdk/client-ecs";

import { listedDeployments } from "../../core/code-deploy/list.ts";
import { groupNameOf, isUnderWay } from "../../core/code-deploy/model.ts";
import { replacementOf } from "../../core/code-deploy/replacement.ts";
import { exitCode } from "../../core/exit-code.ts";
import { codeDeployText, type CodeDeployReport } from "../../terminal/code-deploy-text.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { codeDeployOf, factsOf, newest } from "./facts.ts";

/** Each may cost a call for its AppSpec. */
const mostListed = 20;

/** `./deploy deployments` of a service that CodeDeploy deploys: as CodeDeploy has them, newest first. */
export async function listCodeDeploy(
  { address }: { readonly address: ServiceAddress; readonly service: Service },
  { verb }: RunCommand,
  context: RunContext,
  _edge: RunEdge,
): Promise<CommandResult> {
  const port = await codeDeployOf(context);
  const facts = await factsOf(address, port, context);
  const deployments = await newest(facts, port, { limit: mostListed });
  const underWay = deployments.find(({ info }) => isUnderWay(info));
  const target = underWay === undefined ? undefined : await port.target(underWay.id);
  const document: CodeDeployReport = {
    command: verb,
    service: address.serviceName,
    cluster: address.cluster,
    region: context.region,
    application: facts.application,
    group: groupNameOf(facts.group),
    deployments: listedDeployments(deployments, replacementOf(target)?.trafficWeight ?? 0),
  };
  return {
    exitCode: exitCode.completed,
    document,
    text: (paint, columns) => codeDeployText(document, paint, columns),
  };
}
