import type { LoadBalancer } from "@aws-sdk/client-ecs";

import { RefusedError } from "../../core/errors.ts";
import {
  movesBetweenGroups,
  requestMetrics,
  resourceLabel,
  whyNoRequestCount,
  withLabel,
} from "../../core/scaling/request-count.ts";
import type { WantedAutoscaling } from "../../core/scaling/wanted.ts";
import type { RunContext } from "../run-context.ts";

/** What a policy's label is taken from. */
export interface LabelledService {
  /** For messages. */
  readonly name: string;
  /** As the template has them, else as the service has. */
  readonly loadBalancers: readonly LoadBalancer[];
  /** The service as it runs, where it does: a template for updates alone need not say who deploys it. */
  readonly running?: object;
}

/**
 * What is wanted, with the service's own load balancer and target group in policies that follow its requests and do not
 * say whose. AWS is asked only where there are such.
 *
 * @throws RefusedError where it has none, or several; AwsCallError
 */
export async function labelled(
  wanted: WantedAutoscaling,
  { name, loadBalancers, running = {} }: LabelledService,
  { connect }: Pick<RunContext, "connect">,
): Promise<WantedAutoscaling> {
  if (wanted.kind === "none") return wanted;
  const metrics = requestMetrics(wanted.settings);
  const [first] = metrics;
  if (first !== undefined && movesBetweenGroups(running)) {
    const { message, hint } = whyNoRequestCount(first.type);
    throw new RefusedError(`Autoscaling of ${name}: ${message} ${hint} Nothing was changed.`);
  }
  if (metrics.every(({ isLabelled }) => isLabelled)) return wanted;
  const arns = loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  const [arn, ...others] = arns;
  if (arn === undefined || others.length > 0) {
    throw refused(name, arn === undefined ? "it has no target group" : `it has ${arns.length} target groups`);
  }
  const { loadBalancersPort } = await import("../../aws/load-balancers.ts");
  const [group] = await connect(loadBalancersPort).targetGroups([arn]);
  const [balancer] = group?.LoadBalancerArns ?? [];
  const label = balancer === undefined ? undefined : resourceLabel(balancer, arn);
  if (label === undefined) {
    const why =
      group === undefined
        ? "does not exist"
        : balancer === undefined
          ? "gets requests from no load balancer"
          : `is behind ${balancer.split("/").slice(1).join("/")}, which is no Application Load Balancer`;
    throw refused(name, `its target group ${arn.split("/").at(-2) ?? arn} ${why}`);
  }
  return { kind: "scaled", settings: withLabel(wanted.settings, label) };
}

function refused(name: string, why: string): RefusedError {
  return new RefusedError(
    `A policy of ${name} follows the requests for each target and has no ResourceLabel, and ${why}. Give the label in its autoscaling template, as app/<load balancer>/<id>/targetgroup/<target group>/<id>. Nothing was changed.`,
  );
}
