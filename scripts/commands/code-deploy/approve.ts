import type { Service } from "@aws-sdk/client-ecs";

import { planApproval } from "../../core/code-deploy/approval.ts";
import { knownOptionsFor } from "../../core/code-deploy/activate-options.ts";
import { imagesOf, type RegisteredRevision } from "../../core/deployment/task-definition.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import type { ServiceAddress } from "../addresses.ts";
import { addressJob } from "../rollout/address-job.ts";
import { carryOut } from "../rollout/carry-out.ts";
import type { Job } from "../rollout/job.ts";
import type { RunCommand, RunContext, RunEdge } from "../run-context.ts";
import { codeDeployOf, factsOf, newest } from "./facts.ts";

/**
 * `./deploy activate` of a service that CodeDeploy deploys: lets the deployment that waits for it move its traffic, and
 * watches it to its end. The old tasks' last wait it never cuts short: that is the time to go back at once.
 *
 * It takes no lock: the run that waits for the approval holds that.
 *
 * @throws UsageError for options of staged deployments, RefusedError when nothing waits
 */
export async function approve(
  { address }: { readonly address: ServiceAddress; readonly service: Service },
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<CommandResult> {
  knownOptionsFor(address.serviceName, command.options);
  const port = await codeDeployOf(context);
  let brought: RegisteredRevision | undefined;
  const onAddress = addressJob(address, command, context, edge);
  const job: Job = {
    ...onAddress,
    withoutLock: true,
    // What waits, and not what has run until now.
    images: (observed) =>
      brought === undefined ? onAddress.images(observed) : imagesOf(brought.taskDefinition),
    plan: async (observed) => {
      const facts = await factsOf(address, port, context);
      const last = facts.underWay ?? (await newest(facts, port, { limit: 1 }))[0];
      if (last?.revisionArn !== undefined) {
        brought = await context.ecs.describeTaskDefinition(last.revisionArn);
      }
      const target = facts.underWay === undefined ? undefined : await port.target(facts.underWay.id);
      return planApproval(observed.service, address, last, target);
    },
  };
  return carryOut([job], command, context, edge);
}
