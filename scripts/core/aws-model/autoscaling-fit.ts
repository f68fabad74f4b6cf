/**
 * Whether a service's scaling fits the service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
import { movesBetweenGroups, requestMetrics, whyNoRequestCount } from "../scaling/request-count.ts";
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { fieldsOf, type FilledObject } from "./values.ts";
import type { Violation } from "./violation.ts";

/** What is wrong with either template, given the other. */
export interface AutoscalingMisfits {
  readonly autoscaling: readonly Violation[];
  readonly service: readonly Violation[];
}

/** Checks a filled autoscaling template against the filled service template. */
export function checkAutoscalingFits(autoscaling: FilledObject, service: FilledObject): AutoscalingMisfits {
  if (Object.keys(autoscaling).length === 0) return { autoscaling: [], service: [] };
  return {
    autoscaling: [...checkScheduling(service), ...checkRequestCount(autoscaling, service)],
    service: checkCount(autoscaling, service),
  };
}

function checkScheduling(service: FilledObject): Violation[] {
  if (textAt(service, "schedulingStrategy") === "DAEMON") {
    return [wrong([], "The service is a DAEMON: it runs one task on each host, and nothing scales it.")];
  }
  if (textAt(fieldsOf(service["deploymentController"]), "type") === "EXTERNAL") {
    return [wrong([], "AWS scales no service whose deployment controller is EXTERNAL.")];
  }
  return [];
}

/** Its one metric is that of one target group, and the traffic goes to another with each deployment. */
function checkRequestCount(autoscaling: FilledObject, service: FilledObject): Violation[] {
  if (!movesBetweenGroups(service)) return [];
  return requestMetrics(autoscaling).map(({ path, type }) => {
    const { message, hint } = whyNoRequestCount(type);
    return wrong([...path, "PredefinedMetricType"], message, hint);
  });
}

function checkCount(autoscaling: FilledObject, service: FilledObject): Violation[] {
  const count = numberAt(service, "desiredCount");
  const [least, most] = [numberAt(autoscaling, "MinCapacity"), numberAt(autoscaling, "MaxCapacity")];
  if (count === undefined || least === undefined || most === undefined) return [];
  if (count >= least && count <= most) return [];
  return [
    wrong(
      ["desiredCount"],
      `desiredCount ${count} is out of the range in which the service is scaled, ${least} to ${most}.`,
      "Leave desiredCount out: a new service starts with MinCapacity, and autoscaling has the count from then on.",
    ),
  ];
}
