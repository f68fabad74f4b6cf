import type { Tag } from "@aws-sdk/client-ecs";

import { AwsCallError } from "../../core/errors.ts";
import type { RunContext } from "../run-context.ts";

/** A service's ARN in the format that names its cluster; others can't be tagged. */
const longServiceArn = /:service\/[^/]+\/[^/]+$/;

/** Runs that have said already why services stay without a trail. */
const warned = new WeakSet<object>();

/**
 * Tags a service. A trail is no reason to fail a deployment: what AWS refuses is warned of, once a run.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-arn-migration.html
 */
export async function tagService(
  serviceArn: string,
  tags: readonly Tag[],
  context: Pick<RunContext, "connect" | "emit">,
): Promise<void> {
  if (tags.length === 0) return;
  if (!longServiceArn.test(serviceArn)) {
    warnOnce(
      context,
      `${serviceArn} has the old format of ARNs, which ECS does not tag; recreate or migrate the service.`,
    );
    return;
  }
  const { tagsPort } = await import("../../aws/tags.ts");
  try {
    await context.connect(tagsPort).tag(serviceArn, tags);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    warnOnce(context, error.message);
  }
}

function warnOnce(context: Pick<RunContext, "emit">, why: string): void {
  if (warned.has(context)) return;
  warned.add(context);
  context.emit({ type: "warning", message: `Services are not tagged with what is deployed: ${why}` });
}
