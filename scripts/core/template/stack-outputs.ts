/** How placeholders are named after the stacks' outputs. */

/**
 * Placeholders that mean an output of another name: a service stands behind the environment's external load balancer
 * unless its template says otherwise.
 */
const aliases: Readonly<Record<string, string>> = { TARGET_GROUP_ARN: "alb-external-target-group-arn" };

/** The stack output that a placeholder means: `ALB_EXTERNAL_DNS_NAME` is `alb-external-dns-name`. */
export function placeholderToOutput(name: string): string {
  const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  return alias ?? name.toLowerCase().replaceAll("_", "-");
}
