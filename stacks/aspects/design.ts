/** Suppressions that follow from the design, and so hold for every environment. */
import type { IConstruct } from "constructs";
import { suppress } from "./suppress.ts";

/**
 * Lets the policies below a construct allow DescribeAlarms on every alarm.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function allowAllAlarms(construct: IConstruct): void {
  suppress(
    construct,
    "CKV_AWS_355",
    "CloudWatch tells of composite alarms only who may describe all of them, and deployments may watch one.",
    "cloudwatch:DescribeAlarms is allowed on *",
  );
}

/** Lets a policy that is somebody's permissions boundary name what it bounds in a few words: it allows nothing by itself. */
export function allowWideBoundary(boundary: IConstruct): void {
  const reason =
    "A permissions boundary allows nothing by itself; the policies that do are held to resources.";
  for (const rule of ["CKV_AWS_290", "CKV_AWS_355"] as const) suppress(boundary, rule, reason);
}
