import { UsageError } from "./errors.ts";

/** As EventBridge has it for the tasks of a service. */
const group = /^service:(?<name>[\w-]{1,255})$/;

/** The long form, which has the cluster; accounts that never opted in still have one without. */
const arn = /^arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:service\/(?<cluster>[\w-]{1,255})\/(?<name>[\w-]{1,255})$/;

/** Whether a service is given as an alert has it: `service:<name>`, or its ARN. */
export function isAlertForm(text: string): boolean {
  return group.test(text) || arn.test(text);
}

/**
 * The name of a service that is given by its name, or as an alert has it.
 *
 * @param cluster where the run looks for services
 * @throws UsageError when the ARN is of another cluster's service
 */
export function serviceNameIn(text: string, cluster: string): string {
  const ofArn = arn.exec(text)?.groups;
  if (ofArn !== undefined && ofArn["cluster"] !== cluster) {
    throw new UsageError(
      `${text} is a service of cluster ${ofArn["cluster"] ?? "?"}, and this run looks in ${cluster}. Name its environment by --env.`,
    );
  }
  return ofArn?.["name"] ?? group.exec(text)?.groups?.["name"] ?? text;
}
