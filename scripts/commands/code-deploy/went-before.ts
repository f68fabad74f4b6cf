import type { Service } from "@aws-sdk/client-ecs";

import { pastOf } from "../../core/code-deploy/rollback.ts";
import { runningRevision } from "../../core/code-deploy/task-sets.ts";
import { goBackTo } from "../../core/deployment/rollback.ts";
import type { RunContext } from "../run-context.ts";
import { codeDeployOf, findGroup, newest, type ServiceInCluster } from "./facts.ts";

/** As far as `./deploy rollback` looks back. */
const lookBack = 20;

/**
 * ARN of the revision that `./deploy rollback` of a service under CODE_DEPLOY would deploy; undefined where there is
 * none.
 *
 * @throws AwsCallError
 */
export async function wouldGoBackTo(
  service: Service,
  address: ServiceInCluster,
  context: RunContext,
): Promise<string | undefined> {
  const port = await codeDeployOf(context);
  const found = await findGroup(address, port, context);
  const runs = runningRevision(service);
  if (found === undefined || runs === undefined) return undefined;
  const back = goBackTo(runs, pastOf(await newest(found, port, { limit: lookBack })));
  return back.kind === "revision" ? back.arn : undefined;
}
